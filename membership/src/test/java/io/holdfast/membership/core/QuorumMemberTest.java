package io.holdfast.membership.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterAnswer.LeaseGranted;
import io.holdfast.membership.core.VoterAnswer.LeaseRefused;
import io.holdfast.membership.core.VoterAnswer.ProposalAccepted;
import io.holdfast.membership.core.VoterAnswer.ProposalRejected;
import io.holdfast.membership.core.VoterRequest.LeaseRequest;
import io.holdfast.membership.core.VoterRequest.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Node "a" of two nodes and a witness, as its driver would play it. */
class QuorumMemberTest {
    private static final long MILLI = 1_000_000;
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId W = Electorate.WITNESS;
    private static final LogPosition NONE = LogPosition.NONE;

    private final List<MemberEffect> effects = new ArrayList<>();
    private QuorumMember member = member(Electorate.of(2, 2, 1, false));
    private long now = 1_000 * MILLI;

    @Test
    void otherMembersAreAskedFirstThenOurOwnVoterAndTheWitness() { // rule 8
        install(A, A, B);
        assertThat(proposalsTo()).containsExactly(B);
        accept(B, true);
        assertThat(proposalsTo()).containsExactly(A, W);
    }

    @Test
    void aViewIsQuorateWhenAllMembersAndAQuorumAccepted() { // rule 8
        install(A, A, B);
        accept(B, true);
        assertThat(member.view().quorate()).isFalse();
        accept(A, true);
        assertThat(member.view().quorate()).isTrue();
        assertThat(member.view().term()).isEqualTo(new Term(1));
    }

    @Test
    void theHighestPositionIsAnnouncedWithItsHolderIfAMemberHasIt() { // rules 8 and 10
        install(A, A);
        acceptAt(A, position(1, 5), true);
        acceptAt(W, position(1, 6), true);
        assertThat(member.view().latest()).isEqualTo(position(1, 6));
        assertThat(member.view().latestHolder()).isEmpty();
        assertThat(member.hasCaughtUp()).isFalse();
    }

    @Test
    void anEmptyMemoryDoesNotStandForALostOne() { // rule 7
        install(A, A);
        accept(A, true);
        accept(W, false);
        assertThat(member.view().quorate()).isFalse();
    }

    @Test
    void emptyMemoriesCountAmongTheirLikeAndWhenEverybodyAnswered() { // rule 7
        install(A, A);
        accept(A, false);
        accept(W, false);
        assertThat(member.view().quorate()).isTrue();

        member = member(Electorate.of(2, 2, 1, false));
        install(A, A, B);
        accept(B, true);
        accept(A, false);
        assertThat(member.view().quorate()).isFalse();
        accept(W, false);
        assertThat(member.view().quorate()).isTrue();
    }

    @Test
    void aRejectedTermIsFollowedByOneAboveTheNamedTerm() {
        install(A, A);
        long number = lastProposal().number();
        answer(W, new ProposalRejected(number, new Term(7)));
        pass(60 * MILLI);
        assertThat(lastProposal().term()).isEqualTo(new Term(8));
    }

    @Test
    void anUnansweredProposalIsSentAgainAndNotChanged() {
        install(A, A);
        Proposal first = lastProposal();
        effects.clear();
        pass(60 * MILLI);
        assertThat(lastProposal()).isEqualTo(first);
    }

    @Test
    void aLeaseRunsFromTheSendingOfTheRequestThatAQuorumGranted() {
        quorateAlone();
        long sent = now;
        LeaseRequest request = lastLeaseRequest();
        now += 30 * MILLI;
        answer(W, new LeaseGranted(request.number()));
        assertThat(member.leaseUntilNanos()).isLessThan(now);
        answer(A, new LeaseGranted(request.number()));
        assertThat(member.leaseUntilNanos()).isEqualTo(sent + 588 * MILLI);
    }

    @Test
    void promisesForAnOlderRequestCountFromItsOwnSending() {
        quorateAlone();
        long sentFirst = now;
        LeaseRequest first = lastLeaseRequest();
        answer(W, new LeaseGranted(first.number()));
        pass(150 * MILLI);
        answer(A, new LeaseGranted(lastLeaseRequest().number()));
        assertThat(member.leaseUntilNanos()).isEqualTo(sentFirst + 588 * MILLI);
    }

    @Test
    void theSameVoterGrantingTwiceIsNoQuorum() {
        quorateAlone();
        answer(W, new LeaseGranted(lastLeaseRequest().number()));
        pass(150 * MILLI);
        answer(W, new LeaseGranted(lastLeaseRequest().number()));
        assertThat(member.leaseUntilNanos()).isLessThan(now);
    }

    @Test
    void aViewWhoseLeaseLapsesIsToldWithoutQuorumAndProposedAnew() {
        quorateAlone();
        pass(601 * MILLI);
        assertThat(member.view().quorate()).isFalse();
        pass(60 * MILLI);
        assertThat(lastProposal().term()).isEqualTo(new Term(2));
    }

    @Test
    void aVoterWithAHigherTermMakesTheCoordinatorProposeAboveIt() {
        quorateAlone();
        answer(W, new LeaseRefused(lastLeaseRequest().number(), new Term(4)));
        pass(60 * MILLI);
        assertThat(lastProposal().term()).isEqualTo(new Term(5));
    }

    @Test
    void anAnnouncementForAnotherViewWaitsForThatView() {
        Announcement announcement =
                new Announcement(
                        new Term(3), NodeSets.copyOf(List.of(A, B)), B, NONE, Optional.of(B));
        effects.addAll(member.announced(announcement, now));
        assertThat(member.view().quorate()).isFalse();
        install(B, A, B);
        assertThat(member.view().quorate()).isTrue();
        assertThat(member.view().coordinator()).isEqualTo(B);
    }

    @Test
    void aQuorateViewIsAnnouncedAgainAndAgainForThoseWhoMissedIt() {
        install(A, A, B);
        accept(B, true);
        accept(A, true);
        List<Announcement> first = announcements();
        assertThat(first).hasSize(1);
        answer(W, new ProposalAccepted(lastProposal().number(), position(1, 9), true));
        pass(601 * MILLI);
        assertThat(announcements()).hasSize(2).containsOnly(first.getFirst());
    }

    @Test
    void hearingAnAnnouncementAgainChangesNothing() {
        Announcement announcement =
                new Announcement(
                        new Term(3), NodeSets.copyOf(List.of(A, B)), B, NONE, Optional.of(B));
        install(B, A, B);
        assertThat(member.announced(announcement, now)).isNotEmpty();
        assertThat(member.announced(announcement, now)).isEmpty();
        pass(601 * MILLI);
        assertThat(member.view().quorate()).as("no lease was granted").isFalse();
        assertThat(member.announced(announcement, now)).isEmpty();
    }

    @Test
    void aMemberThatMissedItsAnnouncementJoinsWithTheNext() {
        install(B, A, B);
        pass(1_300 * MILLI);
        assertThat(member.view().quorate()).isFalse();
        Announcement announcement =
                new Announcement(
                        new Term(3), NodeSets.copyOf(List.of(A, B)), B, NONE, Optional.of(B));
        member.announced(announcement, now);
        assertThat(member.view().quorate()).isTrue();
    }

    @Test
    void whoWakesWithAnOldViewIsNotHeardByOurVoter() {
        quorateAlone();
        Proposal old = new Proposal(7, new Term(9), NodeSets.copyOf(List.of(A, B)), B);
        assertThat(member.proposalReceived(B, old)).isEmpty();
        effects.clear();
        install(B, A, B);
        assertThat(effects).contains(new MemberEffect.AskOwnVoter(B, old));
    }

    @Test
    void aJoinOrATakeoverIsNotToldAsALossOfQuorumInBetween() {
        quorateAlone();
        install(A, A, B);
        assertThat(member.view().quorate()).isTrue();
        pass(1_300 * MILLI);
        assertThat(member.view().quorate()).isFalse();
        assertThat(member.view().members()).containsExactly(A, B);
    }

    @Test
    void withWaitForAllNothingIsProposedBeforeAllWereSeen() {
        member = member(Electorate.of(2, 2, 1, true));
        install(A, A);
        assertThat(proposalsTo()).isEmpty();
        install(A, A, B);
        assertThat(proposalsTo()).containsExactly(B);
        install(A, A);
        assertThat(proposalsTo()).contains(A, W);
    }

    @Test
    void oneOfTwoNodesWithoutWitnessRefusesToTakeOverAndSaysHowToAddOne() {
        member = member(Electorate.of(2, 2, 0, false));
        install(A, A, B);
        accept(B, true);
        accept(A, true);
        assertThat(member.view().quorate()).isTrue();
        install(A, A);
        assertThat(member.view().quorate()).isFalse();
        assertThat(effects)
                .anySatisfy(
                        effect ->
                                assertThat(effect)
                                        .asString()
                                        .contains("holdfast witness")
                                        .contains("net { host: ADDRESS }"));
    }

    @Test
    void theWitnessWithoutMemoryIsToldOurPositionAtOnce() { // rule 7
        install(A, A);
        accept(A, false);
        accept(W, false);
        assertThat(effects)
                .anySatisfy(
                        effect ->
                                assertThat(effect)
                                        .asString()
                                        .contains("AnchorRequest")
                                        .contains("voter=witness"));
    }

    private QuorumMember member(Electorate electorate) {
        effects.clear();
        return new QuorumMember(A, Timing.DEFAULT, electorate, Term.NONE, 100);
    }

    private void quorateAlone() {
        install(A, A);
        accept(A, true);
        accept(W, true);
        assertThat(member.view().quorate()).isTrue();
    }

    private void install(NodeId coordinator, NodeId... members) {
        TreeMap<NodeId, Integer> votes = new TreeMap<>();
        for (NodeId node : members) {
            votes.put(node, 1);
        }
        effects.clear();
        effects.addAll(member.groupViewInstalled(new GroupView(votes, coordinator), now));
    }

    private void accept(NodeId voter, boolean remembers) {
        acceptAt(voter, NONE, remembers);
    }

    private void acceptAt(NodeId voter, LogPosition position, boolean remembers) {
        answer(voter, new ProposalAccepted(lastProposal().number(), position, remembers));
    }

    private void answer(NodeId voter, VoterAnswer answer) {
        List<MemberEffect> more = member.answered(voter, answer, now);
        if (more.stream().anyMatch(QuorumMemberTest::isProposal)) {
            effects.removeIf(QuorumMemberTest::isProposal);
        }
        effects.addAll(more);
    }

    private void pass(long nanos) {
        now += nanos;
        effects.addAll(member.timePassed(now));
    }

    private List<Announcement> announcements() {
        return effects.stream()
                .filter(MemberEffect.Announce.class::isInstance)
                .map(effect -> ((MemberEffect.Announce) effect).announcement())
                .toList();
    }

    private List<NodeId> proposalsTo() {
        return effects.stream()
                .filter(QuorumMemberTest::isProposal)
                .map(effect -> ((MemberEffect.SendRequest) effect).voter())
                .toList();
    }

    private Proposal lastProposal() {
        return (Proposal)
                effects.stream()
                        .filter(QuorumMemberTest::isProposal)
                        .map(effect -> ((MemberEffect.SendRequest) effect).request())
                        .reduce((_, last) -> last)
                        .orElseThrow();
    }

    private LeaseRequest lastLeaseRequest() {
        return effects.stream()
                .filter(MemberEffect.SendRequest.class::isInstance)
                .map(effect -> ((MemberEffect.SendRequest) effect).request())
                .filter(LeaseRequest.class::isInstance)
                .map(LeaseRequest.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static boolean isProposal(MemberEffect effect) {
        return effect instanceof MemberEffect.SendRequest send
                && send.request() instanceof Proposal;
    }

    private static LogPosition position(long term, long sequence) {
        return new LogPosition(new Term(term), sequence);
    }
}
