package io.holdfast.membership;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import java.util.concurrent.CompletionStage;

/**
 * Membership of this node in its cluster: links, views, quorum, leases, and messages between
 * members. Started once, closed once.
 */
public interface Membership extends AutoCloseable {
    NodeId self();

    /** Joins. The listener is called from one thread, in order, never concurrently. */
    void start(MembershipListener listener);

    /** What a person wants to know, at this moment. */
    MembershipStatus status();

    /**
     * Sends to a member, reliably and in order with other messages to it; dropped if it leaves. At
     * most 16 MiB.
     */
    void send(NodeId to, byte[] payload);

    /** Sends to every other member, reliably and in the sender's order. At most 16 MiB. */
    void broadcast(byte[] payload);

    /**
     * Tells the voter in this node which position its log has on disk; reported with each
     * acceptance.
     */
    void positionReached(LogPosition position);

    /**
     * Has the witness store the position; completes when it did, fails when there is none or the
     * view changed.
     */
    CompletionStage<Void> anchorAtWitness(LogPosition position);

    @Override
    void close();
}
