package io.holdfast.membership.core;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;

/** What a {@link QuorumMember} wants done. */
public sealed interface MemberEffect {
    /** To a voter: a member (perhaps this node itself) or the witness. May get lost. */
    record SendRequest(NodeId voter, VoterRequest request) implements MemberEffect {}

    /** A member's proposal is for the view that this node is in too: our own voter may judge it. */
    record AskOwnVoter(NodeId proposer, VoterRequest.Proposal proposal) implements MemberEffect {}

    /** To the other members, reliably and before later messages of this node. */
    record Announce(Announcement announcement) implements MemberEffect {}

    record ChangeView(ClusterView view) implements MemberEffect {}

    /** This node may act under the term until then, by its own clock. */
    record ExtendLease(Term term, long untilNanos) implements MemberEffect {}

    /** Whether the witness stored the position of {@link QuorumMember#anchor}. */
    record FinishAnchor(long number, boolean stored) implements MemberEffect {}

    record Report(Problem problem) implements MemberEffect {}
}
