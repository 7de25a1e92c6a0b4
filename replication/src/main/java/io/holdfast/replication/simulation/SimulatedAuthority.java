package io.holdfast.replication.simulation;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The quorate side as one machine that never fails: leases, epochs and records as ADR 0002 has
 * them. Nodes reach it over a network of its own, which may fail.
 */
final class SimulatedAuthority {
    /** What nodes and the authority say to each other. */
    sealed interface Message {
        /** Node: extend my lease; I sent this when my clock showed that. */
        record Renew(long incarnation, long sentNanos, boolean primary, boolean usable)
                implements Message {}

        /** Authority: it runs from then, for that epoch; null: you hold none. */
        record Renewed(long sentNanos, long incarnation, @Nullable Epoch holds)
                implements Message {}

        /** Authority: you hold the volume under this epoch; be Primary. */
        record Promote(long incarnation, Epoch epoch) implements Message {}

        /** Authority: give the volume up. */
        record Demote(long incarnation, Epoch epoch) implements Message {}

        /** Node: I am not Primary under that epoch, in answer to one of the two above. */
        record GivenUp(Epoch epoch) implements Message {}

        /** Node: write this down. */
        record RecordReplica(
                long incarnation, long call, Epoch epoch, NodeId replica, boolean upToDate)
                implements Message {}

        /** Authority: written down, or refused. */
        record Recorded(long call, boolean done) implements Message {}
    }

    static final NodeId NAME = new NodeId("authority");

    private static final long MILLI = 1_000_000;
    static final long PROMISE_NANOS = 300 * MILLI;
    static final long RENEWAL_NANOS = 60 * MILLI;
    private static final long SILENCE_NANOS = 200 * MILLI;
    private static final long TICK_NANOS = 20 * MILLI;

    private static final class Member {
        long incarnation;
        long heardNanos = Long.MIN_VALUE / 2;
        long promisedUntilNanos = Long.MIN_VALUE / 2;
        boolean primary;
        boolean usable;

        /** The last call about each replica, and its answer: a call may come twice, or late. */
        final Map<NodeId, Message.Recorded> answered = new TreeMap<>();
    }

    private final Simulation simulation;
    private final SimulatedNode node;
    private final SimulatedNetwork<Message> network;
    private final Map<NodeId, Member> members = new TreeMap<>();
    private final SortedSet<NodeId> outdated = new TreeSet<>();
    private long epoch;
    private @Nullable NodeId holder;

    /** The holder is to be replaced when its promise has run out: its lease is not renewed. */
    private boolean replacing;

    /** The holder was asked to give up, for a planned move. */
    private boolean moving;

    private long promotedNanos;
    private int promotions;

    SimulatedAuthority(
            Simulation simulation, SimulatedNetwork<Message> network, Iterable<NodeId> nodes) {
        this.simulation = simulation;
        this.network = network;
        this.node = simulation.newNode(NAME);
        nodes.forEach(n -> members.put(n, new Member()));
        network.bind(node, this::received);
        node.after(TICK_NANOS, this::tick);
    }

    int promotions() {
        return promotions;
    }

    boolean isOutdated(NodeId replica) {
        return outdated.contains(replica);
    }

    boolean isHeldBy(NodeId node, Epoch under) {
        return node.equals(holder) && under.number() == epoch;
    }

    /** A planned move, when nothing else is going on. */
    void move() {
        if (holder != null && !replacing) {
            moving = true;
            demote(holder);
        }
    }

    private Member member(NodeId id) {
        return java.util.Objects.requireNonNull(members.get(id));
    }

    // ---- what nodes say

    private void received(NodeId from, Message message) {
        switch (message) {
            case Message.Renew renew -> renewed(from, renew);
            case Message.GivenUp(Epoch given) -> {
                if (from.equals(holder) && given.number() == epoch) {
                    simulation.note("authority: " + from + " gave up epoch " + epoch);
                    release();
                }
            }
            case Message.RecordReplica request -> record(from, request);
            default -> throw new AssertionError(message);
        }
    }

    private void renewed(NodeId from, Message.Renew renew) {
        Member member = member(from);
        if (renew.incarnation() < member.incarnation) {
            return;
        }
        if (renew.incarnation() > member.incarnation) {
            member.incarnation = renew.incarnation();
            member.answered.clear();
            if (from.equals(holder)) {
                // What held it is gone; its lease page and all went with it.
                simulation.note("authority: holder " + from + " was restarted");
                release();
            }
        }
        member.heardNanos = node.nanoTime();
        member.primary = renew.primary();
        member.usable = renew.usable();
        boolean holds = from.equals(holder) && !replacing;
        if (holds) {
            member.promisedUntilNanos =
                    Math.max(member.promisedUntilNanos, node.nanoTime() + PROMISE_NANOS);
        }
        network.send(
                NAME,
                from,
                new Message.Renewed(
                        renew.sentNanos(), renew.incarnation(), holds ? new Epoch(epoch) : null));
    }

    private void record(NodeId from, Message.RecordReplica request) {
        Member member = member(from);
        if (request.incarnation() != member.incarnation) {
            return;
        }
        Message.Recorded last = member.answered.get(request.replica());
        if (last == null || request.call() > last.call()) {
            last = new Message.Recorded(request.call(), write(from, request));
            member.answered.put(request.replica(), last);
        }
        if (request.call() == last.call()) {
            network.send(NAME, from, last);
        }
    }

    private boolean write(NodeId from, Message.RecordReplica request) {
        boolean valid = from.equals(holder) && request.epoch().number() == epoch && !replacing;
        if (valid) {
            simulation.note(
                    "authority: "
                            + request.replica()
                            + (request.upToDate() ? " is UpToDate" : " is Outdated")
                            + " since epoch "
                            + epoch);
            if (request.upToDate()) {
                outdated.remove(request.replica());
            } else {
                outdated.add(request.replica());
            }
        }
        return valid;
    }

    // ---- what it decides

    private void tick() {
        if (holder != null) {
            watchHolder(holder);
        } else {
            promoteSomeone();
        }
        node.after(TICK_NANOS, this::tick);
    }

    private void watchHolder(NodeId current) {
        Member member = member(current);
        long now = node.nanoTime();
        if (now - member.heardNanos > SILENCE_NANOS) {
            if (!replacing) {
                simulation.note("authority: holder " + current + " is silent");
            }
            replacing = true;
        }
        if (replacing && now > member.promisedUntilNanos) {
            release();
        } else if (!replacing && moving) {
            demote(current);
        } else if (!replacing && !member.primary && now - promotedNanos > SILENCE_NANOS) {
            // The order was lost, or it could not: again, or let another try.
            if (simulation.chance(0.5)) {
                network.send(
                        NAME, current, new Message.Promote(member.incarnation, new Epoch(epoch)));
                promotedNanos = now;
            } else {
                demote(current);
            }
        }
    }

    private void demote(NodeId current) {
        network.send(
                NAME, current, new Message.Demote(member(current).incarnation, new Epoch(epoch)));
    }

    private void release() {
        holder = null;
        replacing = false;
        moving = false;
    }

    private void promoteSomeone() {
        long now = node.nanoTime();
        java.util.List<NodeId> candidates = new java.util.ArrayList<>();
        for (Map.Entry<NodeId, Member> entry : members.entrySet()) {
            Member member = entry.getValue();
            boolean here = now - member.heardNanos < RENEWAL_NANOS * 2;
            if (here && member.usable && !outdated.contains(entry.getKey())) {
                candidates.add(entry.getKey());
            }
        }
        if (candidates.isEmpty()) {
            return;
        }
        NodeId chosen = candidates.get(simulation.random().nextInt(candidates.size()));
        epoch++;
        promotions++;
        holder = chosen;
        promotedNanos = now;
        simulation.note("authority: promotes " + chosen + " under epoch " + epoch);
        network.send(
                NAME, chosen, new Message.Promote(member(chosen).incarnation, new Epoch(epoch)));
    }
}
