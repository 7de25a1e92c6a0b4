/**
 * A small iSCSI initiator: discovery, login with CHAP, asynchronous commands, and time-outs given
 * by the caller. It exists for the lab's writer, for benchmarks and as a second opinion in tests;
 * it never reconnects by itself, so that its user sees every break.
 *
 * <p>Start at {@link io.holdfast.iscsi.initiator.IscsiInitiator}, then {@link
 * io.holdfast.iscsi.initiator.InitiatorSession}; {@link
 * io.holdfast.iscsi.initiator.InitiatorConnection} speaks the protocol.
 */
package io.holdfast.iscsi.initiator;
