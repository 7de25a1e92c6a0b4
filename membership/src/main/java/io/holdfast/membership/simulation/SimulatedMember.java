package io.holdfast.membership.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
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
import io.holdfast.membership.core.VoterRequest;
import io.holdfast.membership.simulation.Packet.Entry;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The software of one simulated node: the real cores, a group view guessed from heartbeats (and
 * guessed wrong on purpose now and then), and a small configuration log on top that keeps rules 10
 * and 11 of ADR 0002.
 */
final class SimulatedMember {
    private static final long MILLI = 1_000_000;
    private static final long TICK_NANOS = 20 * MILLI;

    private final QuorumSimulation.Cluster cluster;
    private final SimulatedNode node;
    private final NodeId self;
    private final SimulatedLog log;
    private final SimulatedVoter voter;
    private final QuorumMember member;
    private final LinkMonitor links = new LinkMonitor(Timing.DEFAULT.suspicionNanos());
    private @Nullable GroupView group;
    private @Nullable NodeId wronglySuspected;
    private @Nullable PendingEntry pending;
    private long heartbeatAtNanos;
    private long resendAtNanos;
    private long nextEntryAtNanos;

    /** The coordinator's newest entry on its way to all members. */
    private static final class PendingEntry {
        final Term viewTerm;
        final List<Entry> log;
        final TreeSet<NodeId> confirmed = new TreeSet<>();
        long anchorNumber;

        PendingEntry(Term viewTerm, List<Entry> log) {
            this.viewTerm = viewTerm;
            this.log = log;
        }

        LogPosition position() {
            return log.getLast().position();
        }
    }

    /** Boots from the node's disk. */
    SimulatedMember(QuorumSimulation.Cluster cluster, SimulatedNode node) {
        this.cluster = cluster;
        this.node = node;
        this.self = node.id();
        this.log = new SimulatedLog(node.disk());
        this.voter =
                new SimulatedVoter(
                        node,
                        log.position(),
                        cluster.rules(),
                        (to, answer) -> send(to, new Packet.Answer(answer)));
        this.member =
                new QuorumMember(
                        self,
                        Timing.DEFAULT,
                        cluster.electorate(),
                        voter.acceptedTerm(),
                        simulation().random().nextLong());
        member.positionReached(log.position());
    }

    /** Begins to run, once its networks are bound. */
    void start() {
        tick();
    }

    ClusterView view() {
        return member.view();
    }

    List<Entry> log() {
        return log.entries();
    }

    void received(int ring, NodeId from, Packet packet) {
        long now = node.nanoTime();
        switch (packet) {
            case Packet.Heartbeat heartbeat ->
                    heard(links.heard(new LinkId(from, ring), heartbeat.incarnation(), now));
            case Packet.Request request -> requested(from, request.request());
            case Packet.Answer answer -> carryOut(member.answered(from, answer.answer(), now));
            case Packet.Announced announced ->
                    heardAnnouncement(from, announced.announcement(), now);
            case Packet.Replicate replicate -> replicated(from, replicate);
            case Packet.Confirm confirm -> confirmed(from, confirm);
            case Packet.Fetch fetch -> fetch(from, fetch);
            case Packet.Fetched fetched -> fetched(fetched);
        }
    }

    private void requested(NodeId from, VoterRequest request) {
        if (request instanceof VoterRequest.Proposal proposal && !from.equals(self)) {
            carryOut(member.proposalReceived(from, proposal));
        } else {
            voter.request(from, request);
        }
    }

    /** As group communication does: a new incarnation is a new member, so the view changes. */
    private void heard(List<LinkEffect> effects) {
        if (effects.stream().anyMatch(LinkEffect.PeerRestarted.class::isInstance)) {
            group = null;
        }
    }

    private void tick() {
        long now = node.nanoTime();
        // As the driver does: joins the group only when its voter speaks again.
        if (now >= voter.silentUntilNanos()) {
            if (now >= heartbeatAtNanos) {
                heartbeatAtNanos = now + Timing.DEFAULT.heartbeatNanos();
                cluster.others(self)
                        .forEach(peer -> send(peer, new Packet.Heartbeat(node.incarnation())));
                guessWrongNowAndThen();
            }
            links.timePassed(now);
            installGroupIfChanged(now);
            carryOut(member.timePassed(now));
            driveLog(now);
        }
        node.after(TICK_NANOS, this::tick);
    }

    private void guessWrongNowAndThen() {
        if (simulation().chance(cluster.wrongGuesses())) {
            List<NodeId> others = cluster.others(self);
            wronglySuspected = others.get(simulation().random().nextInt(others.size()));
        } else if (simulation().chance(0.3)) {
            wronglySuspected = null;
        }
    }

    private void installGroupIfChanged(long now) {
        SortedMap<NodeId, Integer> members = new TreeMap<>();
        members.put(self, 1);
        for (NodeId peer : cluster.others(self)) {
            if (links.isHeard(peer) && !peer.equals(wronglySuspected)) {
                members.put(peer, 1);
            }
        }
        GroupView guess = new GroupView(members, members.firstKey());
        if (!guess.equals(group)) {
            simulation().note(self + " sees " + guess.members());
            group = guess;
            carryOut(member.groupViewInstalled(guess, now));
        }
    }

    private void heardAnnouncement(NodeId from, Announcement heard, long now) {
        boolean ours = voter.acceptedTerm().compareTo(heard.term()) >= 0;
        if (heard.coordinator().equals(from) && ours) {
            carryOut(member.announced(heard, now));
        }
    }

    private void carryOut(List<MemberEffect> effects) {
        for (MemberEffect effect : effects) {
            carryOut(effect);
        }
    }

    private void carryOut(MemberEffect effect) {
        switch (effect) {
            case MemberEffect.SendRequest send ->
                    send(send.voter(), new Packet.Request(send.request()));
            case MemberEffect.AskOwnVoter ask -> voter.request(ask.proposer(), ask.proposal());
            case MemberEffect.Announce announce -> announce(announce.announcement());
            case MemberEffect.ChangeView change -> viewChanged(change.view());
            case MemberEffect.ExtendLease extend ->
                    cluster.rules().leaseExtended(node, extend.term(), extend.untilNanos());
            case MemberEffect.FinishAnchor finish -> anchored(finish);
            case MemberEffect.Report report -> simulation().note(self + " " + report.problem());
        }
    }

    private void viewChanged(ClusterView view) {
        simulation().note(self + " tells " + view);
        if (view.quorate()) {
            Invariant.check(
                    view.term().compareTo(voter.acceptedTerm()) <= 0,
                    "%s tells %s before its own voter accepted it",
                    self,
                    view);
            pending = null;
            tellVoterOwnPosition(view.term());
        }
    }

    private void tellVoterOwnPosition(Term viewTerm) {
        member.positionReached(log.position());
        voter.positionReached(viewTerm, log.position(), member.hasCaughtUp(), _ -> {});
    }

    // The configuration log: rules 10 and 11.

    private void driveLog(long now) {
        ClusterView view = member.view();
        if (!view.quorate() || !view.coordinator().equals(self) || now < resendAtNanos) {
            return;
        }
        resendAtNanos = now + 60 * MILLI;
        if (!member.hasCaughtUp()) {
            fetchFromHolder(view);
        } else if (pending != null) {
            sendToOtherMembers(view, new Packet.Replicate(pending.viewTerm, pending.log));
        } else if (now >= nextEntryAtNanos) {
            nextEntryAtNanos = now + simulation().randomNanos(0, 300 * MILLI);
            appendEntry(view);
        }
    }

    private void fetchFromHolder(ClusterView view) {
        Optional<NodeId> holder = view.latestHolder();
        holder.filter(h -> !h.equals(self)).ifPresent(h -> send(h, new Packet.Fetch(view.term())));
    }

    private void appendEntry(ClusterView view) {
        List<Entry> longer = new ArrayList<>(log.entries());
        LogPosition position = new LogPosition(view.term(), longer.size() + 1L);
        longer.add(new Entry(position, cluster.nextEntryId()));
        PendingEntry entry = new PendingEntry(view.term(), List.copyOf(longer));
        pending = entry;
        writeLog(view.term(), entry.log, () -> confirmedBy(self, entry));
    }

    /** Writes, and tells whether it counts only after our voter had its say (rule 6). */
    private void writeLog(Term viewTerm, List<Entry> entries, Runnable whenItCounts) {
        log.write(
                entries,
                () -> {
                    LogPosition position = entries.getLast().position();
                    member.positionReached(position);
                    voter.positionReached(
                            viewTerm,
                            position,
                            member.hasCaughtUp(),
                            counts -> {
                                if (counts) {
                                    whenItCounts.run();
                                }
                            });
                });
    }

    private void replicated(NodeId from, Packet.Replicate replicate) {
        ClusterView view = member.view();
        if (!view.term().equals(replicate.viewTerm()) || !view.coordinator().equals(from)) {
            return;
        }
        LogPosition position = replicate.log().getLast().position();
        Packet confirm = new Packet.Confirm(replicate.viewTerm(), position);
        if (log.isDurable(replicate.log())) {
            voter.positionReached(
                    replicate.viewTerm(),
                    position,
                    member.hasCaughtUp(),
                    counts -> {
                        if (counts) {
                            send(from, confirm);
                        }
                    });
        } else if (position.compareTo(log.position()) > 0) {
            writeLog(replicate.viewTerm(), replicate.log(), () -> send(from, confirm));
        }
    }

    private void confirmed(NodeId from, Packet.Confirm confirm) {
        PendingEntry entry = pending;
        if (entry != null
                && entry.viewTerm.equals(confirm.viewTerm())
                && entry.position().equals(confirm.position())) {
            confirmedBy(from, entry);
        }
    }

    private void confirmedBy(NodeId confirming, PendingEntry entry) {
        ClusterView view = member.view();
        if (pending != entry || !view.term().equals(entry.viewTerm)) {
            return;
        }
        entry.confirmed.add(confirming);
        if (!entry.confirmed.containsAll(view.members())) {
            return;
        }
        if (view.members().size() >= cluster.electorate().quorum()) {
            acknowledge(entry);
        } else if (entry.anchorNumber == 0) {
            entry.anchorNumber = member.anchor(entry.viewTerm, entry.position(), node.nanoTime());
        }
    }

    private void anchored(MemberEffect.FinishAnchor finish) {
        PendingEntry entry = pending;
        if (entry == null || entry.anchorNumber != finish.number()) {
            return;
        }
        if (finish.stored()) {
            acknowledge(entry);
        } else {
            entry.anchorNumber = 0;
            entry.confirmed.remove(self);
            writeLog(entry.viewTerm, entry.log, () -> confirmedBy(self, entry));
        }
    }

    private void acknowledge(PendingEntry entry) {
        simulation().note(self + " acknowledges " + entry.position());
        cluster.rules().acknowledged(entry.viewTerm, entry.log);
        pending = null;
    }

    private void fetch(NodeId from, Packet.Fetch fetch) {
        if (member.view().term().equals(fetch.viewTerm())) {
            send(from, new Packet.Fetched(fetch.viewTerm(), log.entries()));
        }
    }

    private void fetched(Packet.Fetched fetched) {
        boolean current = member.view().term().equals(fetched.viewTerm());
        if (current && !member.hasCaughtUp() && !fetched.log().isEmpty()) {
            writeLog(fetched.viewTerm(), fetched.log(), () -> {});
        }
    }

    /** Lost now and then, so that only announcing again brings everybody into the view. */
    private void announce(Announcement announcement) {
        cluster.announced(announcement);
        for (NodeId member : announcement.members()) {
            if (!member.equals(self)) {
                send(member, new Packet.Announced(announcement));
            }
        }
    }

    private void sendToOtherMembers(ClusterView view, Packet packet) {
        for (NodeId peer : view.members()) {
            if (!peer.equals(self)) {
                send(peer, packet);
            }
        }
    }

    private void send(NodeId to, Packet packet) {
        if (to.equals(self)) {
            node.after(0, () -> received(0, self, packet));
        } else {
            cluster.send(self, to, packet);
        }
    }

    private Simulation simulation() {
        return cluster.simulation();
    }
}
