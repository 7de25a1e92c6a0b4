package io.holdfast.simulator;

import io.holdfast.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/**
 * A seeded schedule of faults over nodes and networks: crashes with restarts, pauses, one-way cuts,
 * partitions, bad and good days of networks. Each fault ends by itself after a while, and {@link
 * #healAll} ends all of them, so that a scenario can then ask for convergence.
 */
public final class RandomFaults {
    private final Simulation simulation;
    private final List<SimulatedNode> nodes;
    private final List<SimulatedNetwork<?>> networks;
    private final long worstDelayNanos;
    private boolean stopped;

    /**
     * @param worstDelayNanos the highest message delay on a bad day
     */
    public RandomFaults(
            Simulation simulation,
            List<SimulatedNode> nodes,
            List<SimulatedNetwork<?>> networks,
            long worstDelayNanos) {
        this.simulation = simulation;
        this.nodes = List.copyOf(nodes);
        this.networks = List.copyOf(networks);
        this.worstDelayNanos = worstDelayNanos;
    }

    /** Begins: a fault every {@code averageGapNanos} or so, until {@link #healAll}. */
    public void start(long averageGapNanos) {
        simulation.after(
                simulation.randomNanos(averageGapNanos / 10, averageGapNanos * 2),
                () -> {
                    if (!stopped) {
                        injectOne(averageGapNanos);
                        start(averageGapNanos);
                    }
                });
    }

    /** Ends all faults for good: networks healed, nodes running. */
    public void healAll() {
        stopped = true;
        networks.forEach(SimulatedNetwork::heal);
        nodes.forEach(SimulatedNode::resume);
        nodes.forEach(SimulatedNode::restart);
    }

    private void injectOne(long averageGapNanos) {
        long lasting = simulation.randomNanos(averageGapNanos / 10, averageGapNanos * 3);
        switch (simulation.random().nextInt(6)) {
            case 0 -> crash(drawNode(), lasting);
            case 1 -> pause(drawNode(), lasting);
            case 2 -> cutOneWay(lasting);
            case 3 -> partition(drawNetwork(), drawSide(), lasting);
            case 4 -> partitionEverywhere(lasting);
            default -> badDay(drawNetwork(), lasting);
        }
    }

    private void crash(SimulatedNode node, long lastingNanos) {
        node.crash();
        simulation.after(lastingNanos, node::restart);
    }

    private void pause(SimulatedNode node, long lastingNanos) {
        node.pause();
        simulation.after(lastingNanos, node::resume);
    }

    private void cutOneWay(long lastingNanos) {
        NodeId from = drawNode().id();
        NodeId to = drawNode().id();
        SimulatedNetwork<?> network = drawNetwork();
        network.cut(from, to);
        simulation.after(lastingNanos, () -> network.mend(from, to));
    }

    private void partitionEverywhere(long lastingNanos) {
        List<NodeId> side = drawSide();
        networks.forEach(network -> partition(network, side, lastingNanos));
    }

    private void partition(SimulatedNetwork<?> network, List<NodeId> side, long lastingNanos) {
        List<NodeId> rest = new ArrayList<>(nodes.stream().map(SimulatedNode::id).toList());
        rest.removeAll(side);
        network.partition(side, rest);
        simulation.after(
                lastingNanos,
                () -> {
                    for (NodeId one : side) {
                        for (NodeId other : rest) {
                            network.mend(one, other);
                            network.mend(other, one);
                        }
                    }
                });
    }

    private void badDay(SimulatedNetwork<?> network, long lastingNanos) {
        network.setConditions(LinkConditions.drawBad(simulation, worstDelayNanos));
        simulation.after(lastingNanos, () -> network.setConditions(LinkConditions.GOOD));
    }

    private SimulatedNode drawNode() {
        return nodes.get(simulation.random().nextInt(nodes.size()));
    }

    private SimulatedNetwork<?> drawNetwork() {
        return networks.get(simulation.random().nextInt(networks.size()));
    }

    private List<NodeId> drawSide() {
        List<NodeId> side = new ArrayList<>();
        for (SimulatedNode node : nodes) {
            if (simulation.random().nextBoolean()) {
                side.add(node.id());
            }
        }
        return side;
    }
}
