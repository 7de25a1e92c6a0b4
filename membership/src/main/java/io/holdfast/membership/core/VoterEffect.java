package io.holdfast.membership.core;

/**
 * What a voter wants done, in this order: nothing after a {@link StoreState} may happen before it
 * is durable. If storing fails, the voter must not be used any more.
 */
public sealed interface VoterEffect {
    record StoreState(VoterState state) implements VoterEffect {}

    /** To the node that asked. */
    record Answer(io.holdfast.base.NodeId to, VoterAnswer answer) implements VoterEffect {}
}
