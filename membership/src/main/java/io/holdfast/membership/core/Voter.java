package io.holdfast.membership.core;

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
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One vote: a node's or the witness's. Keeps rules 1 to 7 of ADR 0002.
 *
 * <pre>
 *                    silence over              proposal that leaves out
 *   SILENT (rule 5) -------------->  READY  --- a node with a promise --->  WAITING
 *   answers nothing                    ^   \                                  |  grants no lease to
 *                                      |    \--- any other good proposal --\  |  whom it leaves out
 *                                      |                                   v  v
 *                                      +------------- store, accept ---------+
 * </pre>
 *
 * Times are nanoseconds of this voter's own monotonic clock. Single-threaded.
 */
public final class Voter {
    private final long silentUntilNanos;
    private final SortedMap<NodeId, Long> promisedUntilNanos = new TreeMap<>();
    private VoterState state;
    private @Nullable Waiting waiting;

    private record Waiting(Proposal proposal, long untilNanos) {}

    /**
     * @param remembered what {@link VoterEffect.StoreState} last stored; {@link VoterState#EMPTY}
     *     at first
     * @param startedNanos a moment after which no former incarnation of this voter promised
     *     anything
     */
    public Voter(VoterState remembered, long startedNanos) {
        state = remembered;
        silentUntilNanos = startedNanos + remembered.longestPromiseNanos();
    }

    public VoterState state() {
        return state;
    }

    /** Until when this voter answers nothing (rule 5). */
    public long silentUntilNanos() {
        return silentUntilNanos;
    }

    /** When {@link #timePassed} has something to do. */
    public OptionalLong wakeAtNanos() {
        return waiting == null ? OptionalLong.empty() : OptionalLong.of(waiting.untilNanos);
    }

    /** A request, whose sender the driver has authenticated. */
    public List<VoterEffect> requestReceived(NodeId from, VoterRequest request, long nowNanos) {
        if (nowNanos < silentUntilNanos) {
            return List.of();
        }
        return switch (request) {
            case Proposal proposal when proposal.proposer().equals(from) ->
                    proposalReceived(proposal, nowNanos);
            case LeaseRequest lease when lease.node().equals(from) ->
                    leaseRequested(lease, nowNanos);
            case AnchorRequest anchor -> anchorRequested(from, anchor);
            // Who speaks for another node gets no answer.
            case Proposal _, LeaseRequest _ -> List.of();
        };
    }

    /** Accepts the proposal that was waited for, when its time has come. */
    public List<VoterEffect> timePassed(long nowNanos) {
        return waiting == null ? List.of() : acceptWhenPromisesAreOver(waiting.proposal, nowNanos);
    }

    /**
     * This node's log reached a position under the view of a term (rule 6).
     *
     * @return what to store, empty when nothing; whether the position counts tells {@link
     *     #accepts}, asked before
     */
    public List<VoterEffect> positionReached(LogPosition position, boolean caughtUpWithView) {
        boolean learnt = caughtUpWithView && !state.remembers();
        state = state.reaching(position);
        if (!learnt) {
            return List.of();
        }
        state = state.remembering();
        return List.of(new VoterEffect.StoreState(state));
    }

    /** Whether what was reached under the view of this term may count. */
    public boolean accepts(Term viewTerm) {
        return state.term().equals(viewTerm);
    }

    private List<VoterEffect> proposalReceived(Proposal proposal, long nowNanos) {
        if (isAcceptedAlready(proposal)) {
            return List.of(acceptance(proposal));
        }
        if (proposal.term().compareTo(state.term()) <= 0) { // rule 1
            return List.of(rejection(proposal, state.term()));
        }
        if (waiting != null) {
            if (waiting.proposal.equals(proposal)) {
                return timePassed(nowNanos);
            }
            if (mustYieldToWaiting(proposal, waiting.proposal)) { // rule 2
                return List.of(rejection(proposal, waiting.proposal.term()));
            }
        }
        if (throwsOutFromOutside(proposal, nowNanos)) { // rule 2
            return List.of(rejection(proposal, state.term()));
        }
        return acceptWhenPromisesAreOver(proposal, nowNanos); // rule 3
    }

    private boolean isAcceptedAlready(Proposal proposal) {
        return proposal.term().equals(state.term())
                && proposal.number() == state.proposalNumber()
                && proposal.members().equals(state.members());
    }

    private static boolean mustYieldToWaiting(Proposal proposal, Proposal waitedFor) {
        return proposal.term().compareTo(waitedFor.term()) <= 0
                || !waitedFor.members().contains(proposal.proposer());
    }

    private boolean throwsOutFromOutside(Proposal proposal, long nowNanos) {
        return !state.members().contains(proposal.proposer())
                && state.members().stream()
                        .anyMatch(
                                member ->
                                        !proposal.members().contains(member)
                                                && promisedUntil(member, nowNanos) > nowNanos);
    }

    private List<VoterEffect> acceptWhenPromisesAreOver(Proposal proposal, long nowNanos) {
        long untilNanos = promisesToOthersEnd(proposal.members(), nowNanos);
        if (untilNanos > nowNanos) {
            waiting = new Waiting(proposal, untilNanos);
            return List.of();
        }
        waiting = null;
        state = state.accepting(proposal);
        return List.of(new VoterEffect.StoreState(state), acceptance(proposal));
    }

    /** When the last promise to a node that is not among {@code members} is over. */
    private long promisesToOthersEnd(SortedSet<NodeId> members, long nowNanos) {
        long last = nowNanos;
        for (Map.Entry<NodeId, Long> promise : promisedUntilNanos.entrySet()) {
            if (!members.contains(promise.getKey())) {
                last = Math.max(last, promise.getValue());
            }
        }
        return last;
    }

    private long promisedUntil(NodeId node, long nowNanos) {
        return promisedUntilNanos.getOrDefault(node, nowNanos);
    }

    private List<VoterEffect> leaseRequested(LeaseRequest request, long nowNanos) {
        if (!mayBePromised(request)) { // rule 4
            return List.of(
                    answer(request.node(), new LeaseRefused(request.number(), state.term())));
        }
        List<VoterEffect> effects = new ArrayList<>();
        if (request.durationNanos() > state.longestPromiseNanos()) { // rule 5
            state = state.promisingAtMost(request.durationNanos());
            effects.add(new VoterEffect.StoreState(state));
        }
        promisedUntilNanos.merge(request.node(), nowNanos + request.durationNanos(), Long::max);
        effects.add(answer(request.node(), new LeaseGranted(request.number())));
        return effects;
    }

    private boolean mayBePromised(LeaseRequest request) {
        return request.term().equals(state.term())
                && state.members().contains(request.node())
                && (waiting == null || waiting.proposal.members().contains(request.node()))
                && request.durationNanos() > 0
                && request.durationNanos() <= LeaseRequest.LONGEST_NANOS;
    }

    private List<VoterEffect> anchorRequested(NodeId from, AnchorRequest request) {
        if (!accepts(request.viewTerm()) || !state.members().contains(from)) { // rule 6
            return List.of(answer(from, new PositionRefused(request.number(), state.term())));
        }
        VoterState reached = state.reaching(request.position()).remembering();
        List<VoterEffect> effects = new ArrayList<>();
        if (!reached.equals(state)) {
            state = reached;
            effects.add(new VoterEffect.StoreState(state));
        }
        effects.add(answer(from, new PositionAnchored(request.number())));
        return effects;
    }

    private VoterEffect acceptance(Proposal proposal) {
        return answer(
                proposal.proposer(),
                new ProposalAccepted(proposal.number(), state.position(), state.remembers()));
    }

    private static VoterEffect rejection(Proposal proposal, Term knownTerm) {
        return answer(proposal.proposer(), new ProposalRejected(proposal.number(), knownTerm));
    }

    private static VoterEffect answer(NodeId to, VoterAnswer answer) {
        return new VoterEffect.Answer(to, answer);
    }
}
