package io.holdfast.membership.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.core.VoterAnswer.LeaseGranted;
import io.holdfast.membership.core.VoterAnswer.LeaseRefused;
import io.holdfast.membership.core.VoterAnswer.PositionAnchored;
import io.holdfast.membership.core.VoterAnswer.PositionRefused;
import io.holdfast.membership.core.VoterAnswer.ProposalAccepted;
import io.holdfast.membership.core.VoterAnswer.ProposalRejected;
import io.holdfast.membership.core.VoterRequest.AnchorRequest;
import io.holdfast.membership.core.VoterRequest.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a node runs beside its voter: proposes terms when it coordinates, holds its lease, and tells
 * views.
 *
 * <pre>
 *                 group view                announcement of its members
 *   (start) ----> FORMING  ---------------------------------------------->  QUORATE
 *                 |  ^  ^                                                    |   ^
 *    no quorum    |  |  +------------------- new group view -----------------+   | lease
 *    in time, or  |  |                                                lease  |   | again
 *    hopeless     v  | new group view                                 lapsed v   |
 *              INQUORATE                                             LAPSED -----+
 * </pre>
 *
 * FORMING keeps the view that was told last: a takeover or a join takes milliseconds, and nobody
 * gains from hearing that there was no quorum in between; leases run out by themselves.
 */
public final class QuorumMember {
    /** How long the witness may take to store a position. */
    private static final long ANCHOR_PATIENCE_NANOS = 1_000_000_000L;

    private enum Phase {
        FORMING,
        QUORATE,
        LAPSED,
        INQUORATE
    }

    private record PendingAnchor(AnchorRequest request, long giveUpAtNanos) {}

    private final Timing timing;
    private final Electorate electorate;
    private final TermProposer proposer;
    private final LeaseHolder lease;
    private final SortedMap<Long, PendingAnchor> anchors = new TreeMap<>();
    private Phase phase = Phase.INQUORATE;
    private ClusterView told;
    private Term joined = Term.NONE;
    private LogPosition reached = LogPosition.NONE;
    private @Nullable GroupView group;
    private @Nullable Announcement early;
    private @Nullable Proposal earlyProposal;
    private long inquorateAtNanos;
    private long lapsesAtNanos;
    private long anchorAgainAtNanos;
    private long nextNumber;

    /**
     * @param acceptedTerm this node's voter's, at its start
     * @param firstNumber of a range of request numbers that no other incarnation uses (a random
     *     one)
     */
    public QuorumMember(
            NodeId self,
            Timing timing,
            Electorate electorate,
            Term acceptedTerm,
            long firstNumber) {
        this.timing = timing;
        this.electorate = electorate;
        this.proposer = new TermProposer(self, timing, electorate, acceptedTerm);
        this.lease = new LeaseHolder(self, timing, electorate.quorum());
        this.nextNumber = firstNumber;
        this.told =
                new ClusterView(
                        acceptedTerm,
                        NodeSets.copyOf(List.of(self)),
                        self,
                        false,
                        LogPosition.NONE,
                        Optional.empty());
    }

    /** The view as last told. */
    public ClusterView view() {
        return told;
    }

    /** Until when this node may act, by its own clock; in the past when it may not. */
    public long leaseUntilNanos() {
        return lease.untilNanos();
    }

    /** When {@link #timePassed} has something to do; empty: not before another event. */
    public OptionalLong wakeAtNanos() {
        LongStream.Builder times = LongStream.builder();
        proposer.wakeAtNanos().ifPresent(times::add);
        lease.wakeAtNanos().ifPresent(times::add);
        if (phase == Phase.FORMING) {
            times.add(inquorateAtNanos);
        }
        if (phase == Phase.QUORATE) {
            times.add(lapsesAtNanos);
        }
        if (!anchors.isEmpty()) {
            times.add(anchorAgainAtNanos);
        }
        return times.build().min();
    }

    /** Group communication installed a view. */
    public List<MemberEffect> groupViewInstalled(GroupView installed, long nowNanos) {
        group = installed;
        proposer.groupViewInstalled(installed, nowNanos);
        phase = Phase.FORMING;
        inquorateAtNanos =
                electorate.couldBeQuorate(installed)
                        ? nowNanos + timing.quorumPatienceNanos()
                        : nowNanos;
        List<MemberEffect> effects = new ArrayList<>();
        Announcement waited = early;
        if (waited != null) {
            effects.addAll(announced(waited, nowNanos));
        }
        Proposal asked = earlyProposal;
        if (asked != null) {
            effects.addAll(proposalReceived(asked.proposer(), asked));
        }
        effects.addAll(timePassed(nowNanos));
        return effects;
    }

    /**
     * Another node proposes. Only the coordinator of the view that we are in ourselves is heard:
     * who wakes from a pause with an old view must not take the term from those who went on.
     */
    public List<MemberEffect> proposalReceived(NodeId from, Proposal proposal) {
        if (group == null
                || !from.equals(group.coordinator())
                || !proposal.members().equals(group.members())) {
            earlyProposal = proposal;
            return List.of();
        }
        earlyProposal = null;
        return List.of(new MemberEffect.AskOwnVoter(from, proposal));
    }

    /** The coordinator says that its view is quorate. */
    public List<MemberEffect> announced(Announcement announcement, long nowNanos) {
        if (!isForThisView(announcement)) {
            early = announcement;
            return List.of();
        }
        early = null;
        return isJoined(announcement) ? List.of() : becomeQuorate(announcement, nowNanos);
    }

    public List<MemberEffect> answered(NodeId voter, VoterAnswer answer, long nowNanos) {
        return switch (answer) {
            case ProposalAccepted accepted -> proposalAccepted(voter, accepted, nowNanos);
            case ProposalRejected rejected -> {
                proposer.rejected(rejected, nowNanos);
                yield List.of();
            }
            case LeaseGranted granted -> leaseGranted(voter, granted, nowNanos);
            case LeaseRefused refused -> {
                if (refused.acceptedTerm().compareTo(told.term()) > 0 && phase != Phase.FORMING) {
                    proposer.outdatedBy(refused.acceptedTerm(), nowNanos);
                }
                yield List.of();
            }
            case PositionAnchored anchored -> anchorAnswered(anchored.number(), true);
            case PositionRefused refused -> anchorAnswered(refused.number(), false);
        };
    }

    /** This node's log reached a position; lets a witness without memory catch up. */
    public void positionReached(LogPosition position) {
        reached = position.compareTo(reached) > 0 ? position : reached;
    }

    /** The highest position this node's log reached. */
    public LogPosition reached() {
        return reached;
    }

    /** Whether this node's log has all that its quorate view knows of. */
    public boolean hasCaughtUp() {
        return told.quorate() && reached.compareTo(told.latest()) >= 0;
    }

    /**
     * Has the witness store a position of the quorate view's term; ends with {@link
     * MemberEffect.FinishAnchor} of the number returned as its first effect's request.
     */
    public long anchor(Term viewTerm, LogPosition position, long nowNanos) {
        long number = nextNumber++;
        anchors.put(
                number,
                new PendingAnchor(
                        new AnchorRequest(number, viewTerm, position),
                        nowNanos + ANCHOR_PATIENCE_NANOS));
        anchorAgainAtNanos = nowNanos;
        return number;
    }

    /** Does what is due at this time. */
    public List<MemberEffect> timePassed(long nowNanos) {
        List<MemberEffect> effects = new ArrayList<>();
        effects.addAll(proposer.timePassed(nowNanos, nextNumber++));
        effects.addAll(lease.timePassed(nowNanos, nextNumber++));
        sendAnchors(nowNanos, effects);
        if (phase == Phase.FORMING && nowNanos >= inquorateAtNanos) {
            phase = Phase.INQUORATE;
            effects.addAll(tellInquorate());
        }
        if (phase == Phase.QUORATE && nowNanos >= lapsesAtNanos) {
            phase = Phase.LAPSED;
            effects.add(tell(withQuorum(told, false)));
            proposer.startAgainSoon(nowNanos);
        }
        return effects;
    }

    private List<MemberEffect> proposalAccepted(
            NodeId voter, ProposalAccepted accepted, long nowNanos) {
        List<MemberEffect> effects = new ArrayList<>();
        for (MemberEffect effect : proposer.accepted(voter, accepted, nowNanos)) {
            effects.add(effect);
            if (effect instanceof MemberEffect.Announce announce) {
                effects.addAll(announced(announce.announcement(), nowNanos));
            }
        }
        if (!accepted.remembers()) {
            // Soon: a witness without memory is of no use when a node dies now.
            anchorAgainAtNanos = nowNanos;
            sendAnchors(nowNanos, effects);
        }
        return effects;
    }

    private List<MemberEffect> becomeQuorate(Announcement announcement, long nowNanos) {
        phase = Phase.QUORATE;
        joined = announcement.term();
        proposer.joinedQuorateView(announcement.term());
        SortedMap<NodeId, Integer> voters = new TreeMap<>();
        if (group != null) {
            voters.putAll(group.memberVotes());
        }
        electorate.witness().ifPresent(w -> voters.put(w, electorate.witnessVotes()));
        lease.enter(announcement.term(), voters, nowNanos);
        lapsesAtNanos = nowNanos + timing.leaseNanos();
        List<MemberEffect> effects = new ArrayList<>();
        effects.add(
                tell(
                        new ClusterView(
                                announcement.term(),
                                announcement.members(),
                                announcement.coordinator(),
                                true,
                                announcement.latest(),
                                announcement.latestHolder())));
        effects.addAll(lease.timePassed(nowNanos, nextNumber++));
        return effects;
    }

    /** It is announced again and again, for those who missed it. */
    private boolean isJoined(Announcement announcement) {
        return announcement.term().equals(joined)
                && (phase == Phase.QUORATE || phase == Phase.LAPSED);
    }

    private boolean isForThisView(Announcement announcement) {
        return group != null
                && announcement.coordinator().equals(group.coordinator())
                && announcement.members().equals(group.members());
    }

    private List<MemberEffect> leaseGranted(NodeId voter, LeaseGranted granted, long nowNanos) {
        List<MemberEffect> effects = new ArrayList<>(lease.granted(voter, granted.number()));
        if (effects.isEmpty()) {
            return effects;
        }
        lapsesAtNanos = Math.max(lapsesAtNanos, lease.untilNanos());
        if (phase == Phase.LAPSED && lease.untilNanos() > nowNanos) {
            phase = Phase.QUORATE;
            effects.addFirst(tell(withQuorum(told, true)));
        }
        return effects;
    }

    private void sendAnchors(long nowNanos, List<MemberEffect> effects) {
        if (electorate.witness().isEmpty() || nowNanos < anchorAgainAtNanos) {
            return;
        }
        anchorAgainAtNanos = nowNanos + timing.proposalResendNanos();
        Optional<AnchorRequest> memory = memoryForWitness();
        memory.ifPresent(
                request -> effects.add(new MemberEffect.SendRequest(Electorate.WITNESS, request)));
        for (PendingAnchor anchor : List.copyOf(anchors.values())) {
            if (nowNanos >= anchor.giveUpAtNanos) {
                effects.addAll(anchorAnswered(anchor.request.number(), false));
            } else {
                effects.add(new MemberEffect.SendRequest(Electorate.WITNESS, anchor.request));
            }
        }
    }

    private List<MemberEffect> anchorAnswered(long number, boolean stored) {
        if (stored) {
            proposer.hasMemory(Electorate.WITNESS);
        }
        return anchors.remove(number) == null
                ? List.of()
                : List.of(new MemberEffect.FinishAnchor(number, stored));
    }

    /**
     * A witness without memory is told our position as soon as we know all that was acknowledged.
     */
    private Optional<AnchorRequest> memoryForWitness() {
        return phase == Phase.QUORATE && hasCaughtUp() && proposer.lacksMemory(Electorate.WITNESS)
                ? Optional.of(new AnchorRequest(nextNumber++, told.term(), reached))
                : Optional.empty();
    }

    private List<MemberEffect> tellInquorate() {
        GroupView current = group;
        if (current == null) {
            return List.of();
        }
        List<MemberEffect> effects = new ArrayList<>();
        effects.add(
                tell(
                        new ClusterView(
                                told.term(),
                                current.members(),
                                current.coordinator(),
                                false,
                                told.latest(),
                                Optional.empty())));
        if (isTwoNodesWithoutWitness(current)) {
            effects.add(new MemberEffect.Report(takeoverRefused(current)));
        }
        return effects;
    }

    private boolean isTwoNodesWithoutWitness(GroupView current) {
        return electorate.nodes() == 2
                && electorate.witness().isEmpty()
                && current.memberVotes().size() == 1
                && told.term().compareTo(Term.NONE) > 0;
    }

    private Problem takeoverRefused(GroupView current) {
        return new Problem(
                "the other node is gone, and nothing of it is taken over",
                current.coordinator().name(),
                "of two nodes without a third vote neither can know whether the other one still"
                        + " runs, and both would act",
                "add a witness on any third machine: run \"holdfast witness\" there and name it in"
                        + " corosync.conf: quorum { device { model: net  net { host: ADDRESS } } }");
    }

    private MemberEffect tell(ClusterView view) {
        told = view;
        return new MemberEffect.ChangeView(view);
    }

    private static ClusterView withQuorum(ClusterView view, boolean quorate) {
        return new ClusterView(
                view.term(),
                view.members(),
                view.coordinator(),
                quorate,
                view.latest(),
                view.latestHolder());
    }
}
