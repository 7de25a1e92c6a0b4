package io.holdfast.membership;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;

/**
 * What membership tells the rooms above.
 *
 * <p>Threads: all methods but {@link #leaseExtended} are called from one thread, in order, never
 * concurrently; it may block as long as it likes, leases are renewed meanwhile. {@link
 * #leaseExtended} is called from a thread that does nothing else, so it may touch a mapped page,
 * and sees only the latest extension when it was slow.
 */
public interface MembershipListener {
    /**
     * A view became quorate, or this node is in none. A view that lost its quorum is told with
     * {@code quorate} false, and again with true and the same term if its leases return.
     */
    void viewChanged(ClusterView view);

    /**
     * A message of a member. Messages of the coordinator sent after it learnt of a quorate view
     * come after that view here too; those of other members may come before it.
     */
    void messageReceived(NodeId from, byte[] payload);

    /** The lease of {@code term} now runs until {@code untilNanos} ({@link System#nanoTime}). */
    void leaseExtended(Term term, long untilNanos);

    /** A link to a node or to the witness went up or down; views are not touched by that alone. */
    void linkChanged(LinkStatus link);

    /** Something a person should know and mend: a wrong key, a takeover that was refused. */
    default void problemFound(Problem problem) {}

    /**
     * This node's voter can vote no more (its disk failed). While this node is a member no other
     * term can begin, for nobody: the daemon is to end.
     */
    default void votingStopped(Problem problem) {}
}
