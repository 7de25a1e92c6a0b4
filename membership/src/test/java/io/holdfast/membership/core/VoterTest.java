package io.holdfast.membership.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterAnswer.LeaseGranted;
import io.holdfast.membership.core.VoterAnswer.LeaseRefused;
import io.holdfast.membership.core.VoterAnswer.PositionAnchored;
import io.holdfast.membership.core.VoterAnswer.PositionRefused;
import io.holdfast.membership.core.VoterAnswer.ProposalAccepted;
import io.holdfast.membership.core.VoterAnswer.ProposalRejected;
import io.holdfast.membership.core.VoterRequest.AnchorRequest;
import io.holdfast.membership.core.VoterRequest.LeaseRequest;
import io.holdfast.membership.core.VoterRequest.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules 1 to 7 of ADR 0002, one by one. Times are in units of a lease. */
class VoterTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final long LEASE = 600;
    private static final LogPosition NONE = LogPosition.NONE;

    private final List<VoterState> stored = new ArrayList<>();
    private Voter voter = new Voter(VoterState.EMPTY, 0);
    private long number;

    @Test
    void aHigherTermIsStoredBeforeItIsAccepted() {
        Proposal proposal = proposal(1, A, A, B);
        assertThat(voter.requestReceived(A, proposal, 0))
                .containsExactly(
                        new VoterEffect.StoreState(
                                new VoterState(
                                        new Term(1),
                                        proposal.members(),
                                        proposal.number(),
                                        false,
                                        NONE,
                                        0)),
                        new VoterEffect.Answer(
                                A, new ProposalAccepted(proposal.number(), NONE, false)));
    }

    @Test
    void aTermThatIsNotHigherIsRejectedNamingTheAcceptedOne() { // rule 1
        ask(A, proposal(5, A, A, B), 0);
        assertThat(ask(B, proposal(5, B, B), 0)).isEqualTo(new ProposalRejected(2, new Term(5)));
        assertThat(ask(B, proposal(4, B, B), 0)).isEqualTo(new ProposalRejected(3, new Term(5)));
    }

    @Test
    void theVeryProposalThatWasAcceptedIsAnsweredAgainAlsoAfterARestart() { // rule 1
        Proposal proposal = proposal(5, A, A, B);
        VoterAnswer first = ask(A, proposal, 0);
        assertThat(ask(A, proposal, 1)).isEqualTo(first);
        restart(10);
        assertThat(ask(A, proposal, 10 + LEASE)).isEqualTo(first);
    }

    @Test
    void whoWasThrownOutDoesNotThrowOutWhileAPromiseRuns() { // rule 2
        ask(B, proposal(1, B, B), 0);
        ask(B, lease(B, 1), 0);
        assertThat(ask(A, proposal(2, A, A), LEASE - 1))
                .isEqualTo(new ProposalRejected(number, new Term(1)));
        assertThat(ask(A, proposal(3, A, A, B), LEASE - 1)).isInstanceOf(ProposalAccepted.class);
    }

    @Test
    void whoWasThrownOutMayGoOnWhenThePromiseIsOver() { // rule 2
        ask(B, proposal(1, B, B), 0);
        ask(B, lease(B, 1), 0);
        assertThat(ask(A, proposal(2, A, A), LEASE)).isInstanceOf(ProposalAccepted.class);
    }

    @Test
    void aProposalThatLeavesOutALeaseHolderWaitsThePromiseOut() { // rule 3
        ask(A, proposal(1, A, A, B), 0);
        ask(A, lease(A, 1), 100);
        assertThat(asked(B, proposal(2, B, B), 300)).isEmpty();
        assertThat(voter.wakeAtNanos()).hasValue(100 + LEASE);
        assertThat(answers(voter.timePassed(100 + LEASE - 1))).isEmpty();
        assertThat(voter.state().term()).isEqualTo(new Term(1));
        assertThat(answers(voter.timePassed(100 + LEASE)))
                .containsExactly(new ProposalAccepted(number, NONE, false));
    }

    @Test
    void noLeaseIsRenewedOfANodeThatIsBeingLeftOutButOthersAre() { // rules 3 and 4
        ask(A, proposal(1, A, A, B), 0);
        ask(A, lease(A, 1), 100);
        asked(B, proposal(2, B, B), 300);
        assertThat(ask(A, lease(A, 1), 310)).isEqualTo(new LeaseRefused(number, new Term(1)));
        assertThat(ask(B, lease(B, 1), 310)).isEqualTo(new LeaseGranted(number));
    }

    @Test
    void whoIsBeingThrownOutCannotTakeThePlaceOfTheProposalThatIsWaitedFor() { // rule 2
        ask(A, proposal(1, A, A, B), 0);
        ask(A, lease(A, 1), 100);
        asked(B, proposal(2, B, B), 300);
        assertThat(ask(A, proposal(9, A, A), 310))
                .isEqualTo(new ProposalRejected(number, new Term(2)));
    }

    @Test
    void aMemberOfTheProposalThatIsWaitedForMayReplaceItByAHigherOne() { // rule 2
        ask(A, proposal(1, A, A, B), 0);
        ask(A, lease(A, 1), 100);
        asked(B, proposal(2, B, B), 300);
        assertThat(ask(B, proposal(3, B, A, B), 310)).isInstanceOf(ProposalAccepted.class);
    }

    @Test
    void aLeaseIsGrantedOnlyToAMemberOfTheAcceptedTermForThatTerm() { // rule 4
        ask(A, proposal(2, A, A), 0);
        assertThat(ask(A, lease(A, 1), 1)).isInstanceOf(LeaseRefused.class);
        assertThat(ask(A, lease(A, 3), 1)).isInstanceOf(LeaseRefused.class);
        assertThat(ask(B, lease(B, 2), 1)).isInstanceOf(LeaseRefused.class);
        assertThat(ask(A, lease(A, 2), 1)).isInstanceOf(LeaseGranted.class);
    }

    @Test
    void aPromiseThatWouldHoldUpTakeoversForMinutesIsRefused() {
        ask(A, proposal(1, A, A), 0);
        LeaseRequest endless =
                new LeaseRequest(++number, A, new Term(1), LeaseRequest.LONGEST_NANOS + 1);
        assertThat(ask(A, endless, 1)).isInstanceOf(LeaseRefused.class);
    }

    @Test
    void aRestartedVoterIsSilentForTheLongestPromiseItEverGave() { // rule 5
        ask(A, proposal(1, A, A), 0);
        ask(A, lease(A, 1), 0);
        restart(50);
        assertThat(asked(B, proposal(2, B, A, B), 50 + LEASE - 1)).isEmpty();
        assertThat(asked(A, lease(A, 1), 50 + LEASE - 1)).isEmpty();
        assertThat(ask(B, proposal(3, B, A, B), 50 + LEASE)).isInstanceOf(ProposalAccepted.class);
    }

    @Test
    void theLengthOfALongerPromiseIsStoredBeforeItIsGiven() { // rule 5
        ask(A, proposal(1, A, A), 0);
        assertThat(voter.requestReceived(A, lease(A, 1), 0).getFirst())
                .isInstanceOf(VoterEffect.StoreState.class);
        assertThat(voter.requestReceived(A, lease(A, 1), 1)).hasSize(1);
    }

    @Test
    void aVoterThatNeverPromisedIsNotSilent() { // rule 5
        restart(50);
        assertThat(ask(A, proposal(1, A, A), 50)).isInstanceOf(ProposalAccepted.class);
    }

    @Test
    void nothingOfAnOlderTermCountsAfterANewerOneIsAccepted() { // rule 6
        ask(A, proposal(1, A, A, B), 0);
        assertThat(voter.accepts(new Term(1))).isTrue();
        ask(B, proposal(2, B, A, B), 0);
        assertThat(voter.accepts(new Term(1))).isFalse();
        LogPosition position = new LogPosition(new Term(1), 7);
        assertThat(ask(A, new AnchorRequest(++number, new Term(1), position), 0))
                .isEqualTo(new PositionRefused(number, new Term(2)));
    }

    @Test
    void anAnchoredPositionIsStoredAndToldWithTheNextAcceptance() {
        ask(A, proposal(1, A, A, B), 0);
        LogPosition position = new LogPosition(new Term(1), 7);
        assertThat(ask(A, new AnchorRequest(++number, new Term(1), position), 0))
                .isEqualTo(new PositionAnchored(number));
        assertThat(stored.getLast().position()).isEqualTo(position);
        restart(0);
        assertThat(ask(B, proposal(2, B, B), LEASE))
                .isEqualTo(new ProposalAccepted(number, position, true));
    }

    @Test
    void aPositionNeverGoesBack() {
        ask(A, proposal(1, A, A, B), 0);
        voter.positionReached(new LogPosition(new Term(1), 7), false);
        voter.positionReached(new LogPosition(new Term(1), 5), false);
        assertThat(voter.state().position()).isEqualTo(new LogPosition(new Term(1), 7));
    }

    @Test
    void aVoterRemembersOnlyOnceItsLogCaughtUpWithAView() { // rule 7
        ask(A, proposal(1, A, A, B), 0);
        voter.positionReached(new LogPosition(new Term(1), 1), false);
        assertThat(ask(A, proposal(2, A, A, B), 0))
                .isEqualTo(new ProposalAccepted(number, new LogPosition(new Term(1), 1), false));
        assertThat(voter.positionReached(new LogPosition(new Term(2), 2), true)).hasSize(1);
        assertThat(ask(A, proposal(3, A, A, B), 0))
                .isEqualTo(new ProposalAccepted(number, new LogPosition(new Term(2), 2), true));
    }

    @Test
    void whoSpeaksForAnotherNodeGetsNoAnswer() {
        assertThat(asked(B, proposal(1, A, A, B), 0)).isEmpty();
        ask(A, proposal(1, A, A, B), 0);
        assertThat(asked(B, lease(A, 1), 0)).isEmpty();
    }

    private Proposal proposal(long term, NodeId proposer, NodeId... members) {
        return new Proposal(++number, new Term(term), NodeSets.copyOf(List.of(members)), proposer);
    }

    private LeaseRequest lease(NodeId node, long term) {
        return new LeaseRequest(++number, node, new Term(term), LEASE);
    }

    private VoterAnswer ask(NodeId from, VoterRequest request, long now) {
        List<VoterAnswer> answers = asked(from, request, now);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private List<VoterAnswer> asked(NodeId from, VoterRequest request, long now) {
        return answers(voter.requestReceived(from, request, now));
    }

    private List<VoterAnswer> answers(List<VoterEffect> effects) {
        return effects.stream()
                .flatMap(
                        effect ->
                                switch (effect) {
                                    case VoterEffect.StoreState store -> {
                                        stored.add(store.state());
                                        yield Stream.of();
                                    }
                                    case VoterEffect.Answer answer -> Stream.of(answer.answer());
                                })
                .toList();
    }

    private void restart(long now) {
        voter = new Voter(stored.isEmpty() ? VoterState.EMPTY : stored.getLast(), now);
    }
}
