/**
 * The safety kernel (ADR 0002) as plain state machines: no clock, socket, file or thread; time is a
 * parameter, everything done is returned as an effect.
 *
 * <p>Read {@link io.holdfast.membership.core.Voter} first (rules 1 to 7: what a vote promises and
 * remembers), then {@link io.holdfast.membership.core.TermProposer} (rule 8: how a view becomes
 * quorate) and {@link io.holdfast.membership.core.LeaseHolder} (until when a node may act). {@link
 * io.holdfast.membership.core.QuorumMember} joins the last two into what a node runs; the witness
 * runs a voter alone. {@link io.holdfast.membership.core.LinkMonitor} knows which links carry
 * heartbeats and is the failure detector.
 */
package io.holdfast.membership.core;
