package io.holdfast.membership.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.SortedSet;

/** What a node asks a voter. Each may be lost, doubled or late; asking again is always safe. */
public sealed interface VoterRequest {
    /** The requester's own number, never used twice; the answer repeats it. */
    long number();

    /**
     * "Let these be the members of this term."
     *
     * @param number names this very proposal
     */
    record Proposal(long number, Term term, SortedSet<NodeId> members, NodeId proposer)
            implements VoterRequest {
        public Proposal {
            members = NodeSets.copyOf(members);
            Invariant.check(
                    members.contains(proposer), "%s proposes %s without itself", proposer, members);
        }
    }

    /**
     * "Promise for so long to accept no term without {@code node}."
     *
     * @param term of the quorate view that the node is in
     */
    record LeaseRequest(long number, NodeId node, Term term, long durationNanos)
            implements VoterRequest {
        /** Longer promises are refused: a takeover would have to wait for them. */
        public static final long LONGEST_NANOS = 60_000_000_000L;
    }

    /**
     * "Remember this position", asked of the witness.
     *
     * @param viewTerm of the quorate view under which the position was reached
     */
    record AnchorRequest(long number, Term viewTerm, LogPosition position)
            implements VoterRequest {}
}
