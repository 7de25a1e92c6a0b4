/**
 * The words every room shares: ids that cannot be mixed up, problems that teach, and invariant
 * checks. No I/O, no clock, no thread.
 *
 * <p>Read {@link io.holdfast.base.NodeId} and {@link io.holdfast.base.Term} first (who acts, and
 * since when), then {@link io.holdfast.base.Problem} (how we say that something is wrong) and
 * {@link io.holdfast.base.Invariant} (how we stop when we are wrong).
 */
package io.holdfast.base;
