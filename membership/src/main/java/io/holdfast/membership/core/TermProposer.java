package io.holdfast.membership.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterAnswer.ProposalAccepted;
import io.holdfast.membership.core.VoterAnswer.ProposalRejected;
import io.holdfast.membership.core.VoterRequest.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's way to a quorate view (rules 7 and 8 of ADR 0002).
 *
 * <pre>
 *           group view with this node
 *           as coordinator                    all other members accepted
 *   IDLE  ---------------->  ASKING MEMBERS  ------------------------->  ASKING ALL
 *     ^                        |        ^                                   |   |
 *     |   another coordinator  |        |  rejected: a term above that one  |   | own voter and
 *     +------------------------+        +-----------------------------------+   | a quorum accepted
 *                                       |                                       v
 *                                       +---------- lease lapsed -----------  QUORATE
 *                                                                      (late voters still asked)
 * </pre>
 */
final class TermProposer {
    /** One proposal on its way. */
    private static final class Attempt {
        final Proposal proposal;
        final GroupView group;
        final SortedMap<NodeId, ProposalAccepted> accepted = new TreeMap<>();

        /** Once quorate. */
        @Nullable Announcement announcement;

        long resendAtNanos;
        long announceAgainAtNanos;

        Attempt(Proposal proposal, GroupView group) {
            this.proposal = proposal;
            this.group = group;
        }

        boolean isQuorate() {
            return announcement != null;
        }
    }

    private final NodeId self;
    private final Timing timing;
    private final Electorate electorate;
    private Term highestKnown;
    private boolean everSawAll;
    private @Nullable GroupView coordinated;
    private @Nullable Attempt attempt;
    private OptionalLong startAgainAtNanos = OptionalLong.empty();

    TermProposer(NodeId self, Timing timing, Electorate electorate, Term highestKnown) {
        this.self = self;
        this.timing = timing;
        this.electorate = electorate;
        this.highestKnown = highestKnown;
    }

    /** Proposes a term for the view if it is this node's to propose, and may succeed. */
    void groupViewInstalled(GroupView group, long nowNanos) {
        attempt = null;
        startAgainAtNanos = OptionalLong.empty();
        everSawAll |= group.memberVotes().size() >= electorate.nodes();
        coordinated = group.coordinator().equals(self) ? group : null;
        if (coordinated != null && mayPropose(group)) {
            startAgainAtNanos = OptionalLong.of(nowNanos);
        }
    }

    /** Whether a view of these members is worth a proposal. */
    boolean mayPropose(GroupView group) {
        return electorate.couldBeQuorate(group) && (everSawAll || !electorate.waitForAll());
    }

    /** A quorate view was joined: wait_for_all has been waited for by others. */
    void joinedQuorateView(Term term) {
        everSawAll = true;
        termHeard(term);
    }

    /** A voter's word that it has accepted this term. */
    void termHeard(Term term) {
        if (term.compareTo(highestKnown) > 0) {
            highestKnown = term;
        }
    }

    /** A voter has accepted this term; if that is above our own proposal, ours is of no use. */
    void outdatedBy(Term term, long nowNanos) {
        termHeard(term);
        if (attempt == null || term.compareTo(attempt.proposal.term()) > 0) {
            startAgainSoon(nowNanos);
        }
    }

    /** The view does not serve any more. Proposes anew after a moment. */
    void startAgainSoon(long nowNanos) {
        if (coordinated != null && mayPropose(coordinated) && startAgainAtNanos.isEmpty()) {
            startAgainAtNanos = OptionalLong.of(nowNanos + timing.proposalResendNanos());
        }
    }

    OptionalLong wakeAtNanos() {
        if (startAgainAtNanos.isPresent()) {
            return startAgainAtNanos;
        }
        Attempt current = attempt;
        if (current == null) {
            return OptionalLong.empty();
        }
        long resend = isAnsweredByAll(current) ? Long.MAX_VALUE : current.resendAtNanos;
        long announce = current.isQuorate() ? current.announceAgainAtNanos : Long.MAX_VALUE;
        long next = Math.min(resend, announce);
        return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** Sends what is due: a new proposal, or again to those who have not answered. */
    List<MemberEffect> timePassed(long nowNanos, long proposalNumber) {
        if (startAgainAtNanos.isPresent() && nowNanos >= startAgainAtNanos.getAsLong()) {
            startAgainAtNanos = OptionalLong.empty();
            if (coordinated != null) {
                return begin(coordinated, nowNanos, proposalNumber);
            }
        }
        Attempt current = attempt;
        if (current == null) {
            return List.of();
        }
        List<MemberEffect> effects = new ArrayList<>();
        if (nowNanos >= current.resendAtNanos) {
            effects.addAll(sendTo(unanswered(current), current, nowNanos));
        }
        Announcement announcement = current.announcement;
        if (announcement != null && nowNanos >= current.announceAgainAtNanos) {
            effects.add(announce(announcement, current, nowNanos));
        }
        return effects;
    }

    /**
     * A voter accepted.
     *
     * @return the announcement, when this made the view quorate, and what else is to be sent
     */
    List<MemberEffect> accepted(NodeId voter, ProposalAccepted answer, long nowNanos) {
        Attempt current = attempt;
        if (current == null || current.proposal.number() != answer.number()) {
            return List.of();
        }
        boolean membersWereAsked = haveOtherMembersAccepted(current);
        current.accepted.put(voter, answer);
        if (current.isQuorate()) {
            return List.of();
        }
        if (hasQuorum(current)) {
            Announcement announcement = announcement(current);
            current.announcement = announcement;
            startAgainAtNanos = OptionalLong.empty();
            return List.of(announce(announcement, current, nowNanos));
        }
        if (!membersWereAsked && haveOtherMembersAccepted(current)) {
            return sendTo(unanswered(current), current, nowNanos);
        }
        return List.of();
    }

    /** A voter rejected; with a higher term we try again, else (rule 2) we go on asking. */
    void rejected(ProposalRejected answer, long nowNanos) {
        termHeard(answer.knownTerm());
        Attempt current = attempt;
        if (current != null
                && current.proposal.number() == answer.number()
                && answer.knownTerm().compareTo(current.proposal.term()) >= 0) {
            startAgainSoon(nowNanos);
        }
    }

    /** Whether this voter accepted the current quorate proposal but has no memory yet (rule 7). */
    boolean lacksMemory(NodeId voter) {
        ProposalAccepted answer = attempt == null ? null : attempt.accepted.get(voter);
        return answer != null && attempt != null && attempt.isQuorate() && !answer.remembers();
    }

    /** The voter has been told the log's position and so remembers from now on. */
    void hasMemory(NodeId voter) {
        if (attempt != null) {
            attempt.accepted.computeIfPresent(
                    voter, (_, old) -> new ProposalAccepted(old.number(), old.position(), true));
        }
    }

    private List<MemberEffect> begin(GroupView group, long nowNanos, long number) {
        highestKnown = highestKnown.next();
        Proposal proposal = new Proposal(number, highestKnown, group.members(), self);
        attempt = new Attempt(proposal, group);
        return sendTo(unanswered(attempt), attempt, nowNanos);
    }

    private List<MemberEffect> sendTo(List<NodeId> voters, Attempt current, long nowNanos) {
        // A voter that missed a quorate view's making is in no hurry.
        long patience = current.isQuorate() ? timing.renewalNanos() : timing.proposalResendNanos();
        current.resendAtNanos = nowNanos + patience;
        List<MemberEffect> effects = new ArrayList<>();
        for (NodeId voter : voters) {
            effects.add(new MemberEffect.SendRequest(voter, current.proposal));
        }
        return effects;
    }

    /** Whose answer is wanted now: other members first, then our own voter and the witness. */
    private List<NodeId> unanswered(Attempt current) {
        List<NodeId> voters = new ArrayList<>();
        boolean all = haveOtherMembersAccepted(current);
        for (NodeId member : current.proposal.members()) {
            if (!current.accepted.containsKey(member) && (all || !member.equals(self))) {
                voters.add(member);
            }
        }
        if (all) {
            electorate
                    .witness()
                    .filter(witness -> !current.accepted.containsKey(witness))
                    .ifPresent(voters::add);
        }
        return voters;
    }

    private boolean isAnsweredByAll(Attempt current) {
        return unanswered(current).isEmpty();
    }

    private boolean haveOtherMembersAccepted(Attempt current) {
        return current.proposal.members().stream()
                .allMatch(member -> member.equals(self) || current.accepted.containsKey(member));
    }

    private boolean hasQuorum(Attempt current) {
        return current.accepted.keySet().containsAll(current.proposal.members())
                && countedVotes(current) >= electorate.quorum();
    }

    /** Rule 7: an empty memory counts only among its like, or when nobody's memory is missing. */
    private int countedVotes(Attempt current) {
        int all = 0;
        int remembering = 0;
        for (Map.Entry<NodeId, ProposalAccepted> entry : current.accepted.entrySet()) {
            int votes = electorate.votesOf(entry.getKey(), current.group.memberVotes());
            all += votes;
            remembering += entry.getValue().remembers() ? votes : 0;
        }
        boolean nobodyRemembers = remembering == 0;
        boolean everybodyAnswered = all == electorate.expectedVotes();
        return nobodyRemembers || everybodyAnswered ? all : remembering;
    }

    /**
     * As long as the view lasts it is announced again and again: a member that missed it would wait
     * for it for ever, and all others for that member.
     */
    private MemberEffect announce(Announcement announcement, Attempt current, long nowNanos) {
        current.announceAgainAtNanos = nowNanos + timing.leaseNanos();
        return new MemberEffect.Announce(announcement);
    }

    private Announcement announcement(Attempt current) {
        LogPosition latest = LogPosition.NONE;
        for (ProposalAccepted answer : current.accepted.values()) {
            latest = answer.position().compareTo(latest) > 0 ? answer.position() : latest;
        }
        return new Announcement(
                current.proposal.term(),
                current.proposal.members(),
                self,
                latest,
                holderOf(latest, current));
    }

    private Optional<NodeId> holderOf(LogPosition position, Attempt current) {
        if (hasReached(position, current.accepted.get(self))) {
            return Optional.of(self);
        }
        return current.proposal.members().stream()
                .filter(member -> hasReached(position, current.accepted.get(member)))
                .findFirst();
    }

    private static boolean hasReached(LogPosition position, @Nullable ProposalAccepted answer) {
        return answer != null && answer.position().equals(position);
    }
}
