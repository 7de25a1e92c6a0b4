package io.holdfast.membership.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.LoopPulse;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.GroupView;
import io.holdfast.membership.core.LinkEffect;
import io.holdfast.membership.core.LinkId;
import io.holdfast.membership.core.LinkMonitor;
import io.holdfast.membership.core.MemberEffect;
import io.holdfast.membership.core.QuorumMember;
import io.holdfast.membership.core.Timing;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterRequest.Proposal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which a node's cores live: heartbeats, failure detection, proposals, leases.
 * Nothing here waits for a disk, for the listener, or for a peer.
 */
final class MemberLoop implements AutoCloseable {
    /** What the loop wants from the rest; called on its thread, must not block. */
    interface World {
        void sendHeartbeats();

        /** To a voter: a member, the witness, or this node's own. */
        void request(MemberEffect.SendRequest request);

        void askOwnVoter(NodeId proposer, Proposal proposal);

        void announce(Announcement announcement);

        void viewChanged(ClusterView view);

        /** The log has all that the quorate view knows of: our voter has a memory (rule 7). */
        void caughtUp(Term viewTerm, LogPosition position);

        void leaseExtended(Term term, long untilNanos);

        void linkChanged(LinkId link, boolean up);

        /** Out of the group with it: silent on all links; or only its former process. */
        void peerGone(NodeId peer, OptionalLong onlyIncarnation);

        void report(io.holdfast.base.Problem problem);

        /** The term that this node's own voter has accepted. */
        Term ownAcceptedTerm();
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemberLoop.class);

    /** Datagrams that arrive while so much waits are dropped, as networks do. */
    private static final int LONGEST_QUEUE = 10_000;

    private final World world;
    private final Timing timing;
    private final QuorumMember member;
    private final LinkMonitor links;
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Map<Long, CompletableFuture<Void>> anchors = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().name("holdfast-membership").daemon().unstarted(this::run);
    private final LoopPulse pulse = new LoopPulse();
    private long nextHeartbeatNanos;
    private volatile boolean closed;
    private volatile long leaseUntilNanos;

    MemberLoop(World world, Timing timing, QuorumMember member) {
        this.world = world;
        this.timing = timing;
        this.member = member;
        this.links = new LinkMonitor(timing.suspicionNanos());
    }

    void start() {
        nextHeartbeatNanos = System.nanoTime();
        leaseUntilNanos = nextHeartbeatNanos;
        thread.start();
    }

    LoopPulse pulse() {
        return pulse;
    }

    /** Until when this node may act; in the past when it may not. */
    long leaseUntilNanos() {
        return leaseUntilNanos;
    }

    void heartbeat(LinkId link, long incarnation) {
        offer(() -> actOn(links.heard(link, incarnation, System.nanoTime())));
    }

    /** For what comes again when it is lost: datagrams. */
    private void offer(Runnable action) {
        if (queue.size() < LONGEST_QUEUE) {
            queue.add(action);
        }
    }

    void goodbye(NodeId peer) {
        queue.add(() -> actOn(links.left(peer)));
    }

    void groupViewInstalled(GroupView view) {
        queue.add(() -> carryOut(member.groupViewInstalled(view, System.nanoTime())));
    }

    void announced(Announcement announcement) {
        queue.add(
                () -> {
                    // Ours has accepted it if this announcement is for this process.
                    if (world.ownAcceptedTerm().compareTo(announcement.term()) >= 0) {
                        carryOut(member.announced(announcement, System.nanoTime()));
                    }
                });
    }

    void proposalReceived(NodeId from, Proposal proposal) {
        offer(() -> carryOut(member.proposalReceived(from, proposal)));
    }

    void answered(NodeId voter, VoterAnswer answer) {
        offer(() -> carryOut(member.answered(voter, answer, System.nanoTime())));
    }

    void positionReached(LogPosition position) {
        queue.add(() -> member.positionReached(position));
    }

    CompletableFuture<Void> anchor(Term viewTerm, LogPosition position) {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        queue.add(
                () -> {
                    long number = member.anchor(viewTerm, position, System.nanoTime());
                    anchors.put(number, stored);
                });
        return stored;
    }

    /** Runs after all that was queued before; for what must come in order. */
    void inOrder(Runnable action) {
        queue.add(action);
    }

    @Override
    public void close() {
        closed = true;
        queue.add(() -> {});
    }

    private void run() {
        RealtimeThread.prefer();
        while (!closed) {
            try {
                Runnable next = queue.poll(nanosUntilWake(), TimeUnit.NANOSECONDS);
                pulse.begin("an event of membership");
                if (next != null && !closed) {
                    next.run();
                }
                beat();
                carryOut(member.timePassed(System.nanoTime()));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("an event of membership could not be handled", e);
            } finally {
                pulse.end();
            }
        }
    }

    private long nanosUntilWake() {
        long wakeAt = Math.min(nextHeartbeatNanos, member.wakeAtNanos().orElse(Long.MAX_VALUE));
        return Math.max(0, wakeAt - System.nanoTime());
    }

    private void beat() {
        long now = System.nanoTime();
        if (now < nextHeartbeatNanos) {
            return;
        }
        // After a long pause what waits in the sockets is heard first: peers that sent all the
        // while are not suspected for our own sleep.
        boolean late = now - nextHeartbeatNanos > timing.suspicionNanos() / 2;
        nextHeartbeatNanos = now + timing.heartbeatNanos();
        world.sendHeartbeats();
        if (!late) {
            actOn(links.timePassed(now));
        }
    }

    private void actOn(List<LinkEffect> effects) {
        for (LinkEffect effect : effects) {
            switch (effect) {
                case LinkEffect.LinkChanged changed ->
                        world.linkChanged(changed.link(), changed.up());
                case LinkEffect.PeerHeard _ -> {}
                case LinkEffect.PeerSilent silent ->
                        world.peerGone(silent.peer(), OptionalLong.empty());
                case LinkEffect.PeerRestarted restarted ->
                        world.peerGone(
                                restarted.peer(), OptionalLong.of(restarted.oldIncarnation()));
            }
        }
    }

    private void carryOut(List<MemberEffect> effects) {
        for (MemberEffect effect : effects) {
            switch (effect) {
                case MemberEffect.SendRequest request -> world.request(request);
                case MemberEffect.AskOwnVoter ask ->
                        world.askOwnVoter(ask.proposer(), ask.proposal());
                case MemberEffect.Announce announce -> world.announce(announce.announcement());
                case MemberEffect.ChangeView change -> {
                    world.viewChanged(change.view());
                    if (member.hasCaughtUp()) {
                        world.caughtUp(change.view().term(), member.reached());
                    }
                }
                case MemberEffect.ExtendLease extend -> {
                    leaseUntilNanos = extend.untilNanos();
                    world.leaseExtended(extend.term(), extend.untilNanos());
                }
                case MemberEffect.FinishAnchor finish -> finishAnchor(finish);
                case MemberEffect.Report report -> world.report(report.problem());
            }
        }
    }

    private void finishAnchor(MemberEffect.FinishAnchor finish) {
        CompletableFuture<Void> waiting = anchors.remove(finish.number());
        if (waiting == null) {
            return;
        }
        if (finish.stored()) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(
                    new IllegalStateException("the witness did not store the position"));
        }
    }
}
