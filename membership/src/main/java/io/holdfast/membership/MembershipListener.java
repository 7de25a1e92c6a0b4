package io.holdfast.membership;

import io.holdfast.base.NodeId;
import io.holdfast.base.Term;

/** What membership tells the rooms above; called from one thread, in order. */
public interface MembershipListener {
    void viewChanged(ClusterView view);

    void messageReceived(NodeId from, byte[] payload);

    /** The lease of {@code term} now runs until {@code untilNanos} ({@link System#nanoTime}). */
    void leaseExtended(Term term, long untilNanos);

    /** A link to a node or to the witness went up or down; views are not touched by that alone. */
    void linkChanged(LinkStatus link);
}
