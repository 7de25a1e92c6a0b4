package io.holdfast.membership;

import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.driver.ClusterMembership;
import io.holdfast.membership.driver.LocalNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Membership of this node in its cluster: links, views, quorum, leases, and messages between
 * members. Started once, closed once.
 */
public interface Membership extends AutoCloseable {
    /** The largest payload that {@link #send} and {@link #broadcast} take. */
    int LARGEST_MESSAGE_BYTES = 16 << 20;

    /**
     * Opens the membership of the node that this host is by its addresses; it joins with {@link
     * #start}.
     *
     * @param stateDirectory where this node's voter keeps what it accepted; locked while open
     * @throws io.holdfast.base.ProblemException when this host is no node or several, or the
     *     directory is in use
     */
    static Membership open(MembershipConfig config, AuthKey key, Path stateDirectory) {
        return open(config, key, LocalNode.find(config), stateDirectory);
    }

    /** The same, for a host that is known to be the node {@code self}. */
    static Membership open(MembershipConfig config, AuthKey key, NodeId self, Path stateDirectory) {
        return ClusterMembership.open(config, key, self, stateDirectory);
    }

    NodeId self();

    /**
     * Joins. See {@link MembershipListener} for the threads that call the listener.
     *
     * @param logOnDisk the position this node's configuration log has on disk; {@link
     *     LogPosition#NONE} for an empty log. The voter in this node reports it with each
     *     acceptance.
     * @throws io.holdfast.base.ProblemException if the log is behind what this node's voter once
     *     confirmed: then the log was lost, and with it perhaps what was acknowledged; or if
     *     another process has a ring's port
     */
    void start(LogPosition logOnDisk, MembershipListener listener);

    /** What a person wants to know, at this moment. */
    MembershipStatus status();

    /**
     * Sends to a member, reliably and in order with other messages to it; dropped if it leaves. At
     * most {@link #LARGEST_MESSAGE_BYTES}.
     */
    void send(NodeId to, byte[] payload);

    /**
     * Sends to every other member, reliably and in the sender's order. At most {@link
     * #LARGEST_MESSAGE_BYTES}.
     */
    void broadcast(byte[] payload);

    /**
     * Tells the voter in this node that its log has {@code position} on disk; reported with each
     * later acceptance. Call it for each entry after writing it and before confirming it to
     * anybody.
     *
     * @param viewTerm the term of the quorate view under which the entry was received or made
     * @return completes, on the voter's thread and in the order of the calls, with whether the
     *     entry may be confirmed: false when this node's voter has accepted a newer term meanwhile
     *     (ADR 0002, rule 6); then the entry stays on disk, unconfirmed. However slow the voter's
     *     disk is, it completes, unless the voter stops for good ({@link
     *     MembershipListener#votingStopped}).
     */
    CompletionStage<Boolean> positionReached(Term viewTerm, LogPosition position);

    /**
     * Has the witness store the position. Call it only after every member of the view confirmed it:
     * a position that the witness alone knows would stop the cluster. Completes when the witness
     * did, fails when there is none, the view changed, or it took over a second.
     *
     * @param viewTerm the term of the quorate view under which the entry was made
     */
    CompletionStage<Void> anchorAtWitness(Term viewTerm, LogPosition position);

    /** Its loops by name, for a watchdog; empty before the start. */
    Map<String, LoopPulse> loops();

    @Override
    void close();
}
