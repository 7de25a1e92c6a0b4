package io.holdfast.membership.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.util.SortedSet;

/**
 * What a voter may never forget.
 *
 * @param term the accepted one
 * @param members of that term
 * @param proposalNumber names the accepted proposal
 * @param remembers whether this voter's log once reached what a quorate view announced
 * @param position the highest known when this was stored
 * @param longestPromiseNanos no promise was ever longer; a restarted voter is silent for so long
 */
public record VoterState(
        Term term,
        SortedSet<NodeId> members,
        long proposalNumber,
        boolean remembers,
        LogPosition position,
        long longestPromiseNanos) {
    /** Of a voter that never voted. */
    public static final VoterState EMPTY =
            new VoterState(Term.NONE, NodeSets.NONE, 0, false, LogPosition.NONE, 0);

    public VoterState {
        members = NodeSets.copyOf(members);
        Invariant.check(longestPromiseNanos >= 0, "a promise of %d ns", longestPromiseNanos);
    }

    VoterState accepting(VoterRequest.Proposal proposal) {
        return new VoterState(
                proposal.term(),
                proposal.members(),
                proposal.number(),
                remembers,
                position,
                longestPromiseNanos);
    }

    /** With a position at least as high. */
    public VoterState reaching(LogPosition reached) {
        LogPosition higher = reached.compareTo(position) > 0 ? reached : position;
        return new VoterState(
                term, members, proposalNumber, remembers, higher, longestPromiseNanos);
    }

    VoterState remembering() {
        return new VoterState(term, members, proposalNumber, true, position, longestPromiseNanos);
    }

    VoterState promisingAtMost(long nanos) {
        return new VoterState(term, members, proposalNumber, remembers, position, nanos);
    }
}
