package io.holdfast.simulator;

import io.holdfast.base.InvariantViolation;
import io.holdfast.base.NodeId;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One network (a ring, a switch) between nodes: delay, loss, duplication, reordering, and cuts that
 * may be one-way. Make several for several rings.
 *
 * @param <M> the messages, immutable, with a {@code toString} that the trace can show
 */
public final class SimulatedNetwork<M> {
    /** A node's software: called inside the node, so never while it is down or paused. */
    @FunctionalInterface
    public interface Receiver<M> {
        void received(NodeId from, M message);
    }

    private record Direction(NodeId from, NodeId to) implements Comparable<Direction> {
        @Override
        public int compareTo(Direction other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }

    private record Port<M>(SimulatedNode node, Receiver<M> receiver) {}

    private final Simulation simulation;
    private final String name;
    private final Map<NodeId, Port<M>> ports = new TreeMap<>();
    private final TreeSet<Direction> cuts = new TreeSet<>();
    private final Map<Direction, Long> lastArrivals = new TreeMap<>();
    private LinkConditions conditions = LinkConditions.GOOD;

    public SimulatedNetwork(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    public void setConditions(LinkConditions conditions) {
        simulation.note(name + ": " + conditions);
        this.conditions = conditions;
    }

    /** Connects a node, or replaces its receiver (a restarted node's software binds again). */
    public void bind(SimulatedNode node, Receiver<M> receiver) {
        ports.put(node.id(), new Port<>(node, receiver));
    }

    /** Sends; a node that is down sends nothing, and what is lost is lost without a word. */
    public void send(NodeId from, NodeId to, M message) {
        Port<M> sender = ports.get(from);
        if (sender == null) {
            throw new InvariantViolation(from + " is not connected to " + name);
        }
        if (!sender.node.isAlive() || isCut(from, to)) {
            return;
        }
        if (simulation.chance(conditions.lossProbability())) {
            return;
        }
        deliverLater(from, to, message);
        if (simulation.chance(conditions.duplicationProbability())) {
            deliverLater(from, to, message);
        }
    }

    /** Loses all messages from one node to the other, also those on their way; one-way. */
    public void cut(NodeId from, NodeId to) {
        simulation.note(name + ": cut " + from + " -> " + to);
        cuts.add(new Direction(from, to));
    }

    /** Cuts both ways between every node of the one side and every node of the other. */
    public void partition(Iterable<NodeId> oneSide, Iterable<NodeId> otherSide) {
        for (NodeId one : oneSide) {
            for (NodeId other : otherSide) {
                cut(one, other);
                cut(other, one);
            }
        }
    }

    /** Ends one cut. */
    public void mend(NodeId from, NodeId to) {
        simulation.note(name + ": mended " + from + " -> " + to);
        cuts.remove(new Direction(from, to));
    }

    /** Ends all cuts and makes the conditions {@link LinkConditions#GOOD}. */
    public void heal() {
        simulation.note(name + ": healed");
        cuts.clear();
        conditions = LinkConditions.GOOD;
    }

    public boolean isCut(NodeId from, NodeId to) {
        return cuts.contains(new Direction(from, to));
    }

    private void deliverLater(NodeId from, NodeId to, M message) {
        long delay =
                simulation.randomNanos(
                        conditions.lowestDelayNanos(), conditions.highestDelayNanos());
        if (conditions.inOrder()) {
            delay = notBeforeThePrevious(new Direction(from, to), delay);
        }
        simulation.after(delay, () -> deliver(from, to, message));
    }

    private long notBeforeThePrevious(Direction direction, long delay) {
        long arrival =
                Math.max(simulation.nowNanos() + delay, lastArrivals.getOrDefault(direction, 0L));
        lastArrivals.put(direction, arrival);
        return arrival - simulation.nowNanos();
    }

    private void deliver(NodeId from, NodeId to, M message) {
        Port<M> port = ports.get(to);
        if (port == null || !port.node.isAlive() || isCut(from, to)) {
            return;
        }
        port.node.runOrHoldBack(
                () -> {
                    simulation.note(name + ": " + from + " -> " + to + " " + message);
                    port.receiver.received(from, message);
                });
    }
}
