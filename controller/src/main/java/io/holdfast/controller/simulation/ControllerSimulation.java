package io.holdfast.controller.simulation;

import static io.holdfast.controller.simulation.SimulatedMembership.MILLI;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.ControllerCore.Phase;
import io.holdfast.controller.core.ControllerMessage;
import io.holdfast.controller.core.Votes;
import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.RandomFaults;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Two or three controllers, with a witness where two need one, under crashes (also between two
 * effects of one event), pauses, cuts, late and wrong views. They keep a volume promoted and an
 * address beside it while {@link SafetyRules} hold after every event; after healing one node has
 * both, and writes are acknowledged.
 */
public final class ControllerSimulation implements FaultScenario {
    static final VolumeId VOLUME = new VolumeId("v");
    static final String VOLUME_RESOURCE = "volume";
    static final String ADDRESS = "address";

    private static final long SECOND = 1_000 * MILLI;
    private static final long HURT_NANOS = 10 * SECOND;
    private static final long CONVERGENCE_NANOS = 40 * SECOND;

    /** A volume that is promoted on one of so many nodes, and an address beside it. */
    private static String configuration(int nodes) {
        return """
        primitive address ocf:heartbeat:IPaddr2 params ip=10.0.0.9 op monitor interval=10s
        primitive volume ocf:linbit:drbd params drbd_resource=v \
            op monitor interval=29 role=Master op monitor interval=31 role=Slave
        ms volumes volume meta master-max=1 clone-max=%d
        colocation together inf: address volumes:Master
        order volume-first inf: volumes:promote address:start
        property stonith-enabled=false no-quorum-policy=ignore start-failure-is-fatal=false
        """
                .formatted(nodes);
    }

    @Override
    public String name() {
        return "controller";
    }

    @Override
    public void simulate(Simulation simulation) {
        Cluster cluster = new Cluster(simulation);
        simulation.checkAfterEveryEvent(() -> cluster.rules().check(cluster.nodes.values()));
        cluster.boot();
        RandomFaults faults = cluster.faults();
        faults.start(simulation.randomNanos(300 * MILLI, 3 * SECOND));
        simulation.runFor(HURT_NANOS);
        cluster.calmDown();
        faults.healAll();
        int before = cluster.rules().acknowledgedCount();
        Invariant.check(
                simulation.runUntil(
                        () -> cluster.serves() && cluster.rules().acknowledgedCount() > before,
                        CONVERGENCE_NANOS),
                "no node serves %d s after healing: %s",
                CONVERGENCE_NANOS / SECOND,
                cluster.picture());
    }

    /** The nodes and what is between them. */
    static final class Cluster {
        /** Messages of one sender to one receiver that are on their way, in order. */
        private record Wire(NodeId from, NodeId to, boolean broadcast) implements Comparable<Wire> {
            @Override
            public int compareTo(Wire other) {
                return toString().compareTo(other.toString());
            }
        }

        private final Simulation simulation;
        private final SafetyRules rules;
        private final Votes votes;
        private final SimulatedMembership membership;
        private final SimulatedNetwork<String> network;
        private final SortedMap<NodeId, SimulatedController> nodes = new TreeMap<>();
        private final SortedMap<NodeId, SimulatedNode> machines = new TreeMap<>();
        private final SortedMap<Wire, Deque<ControllerMessage>> wires = new TreeMap<>();
        private boolean calm;
        private boolean configured;
        private long lastWrite;

        Cluster(Simulation simulation) {
            this.simulation = simulation;
            this.rules = new SafetyRules(simulation);
            this.network = new SimulatedNetwork<>(simulation, "ring0");
            int count = simulation.random().nextInt(2, 4);
            boolean witnessed = count == 2 || simulation.chance(0.5);
            SortedMap<NodeId, Integer> ofNodes = new TreeMap<>();
            for (int i = 1; i <= count; i++) {
                ofNodes.put(new NodeId("n" + i), 1);
            }
            this.votes = new Votes(ofNodes, (count + (witnessed ? 1 : 0)) / 2 + 1);
            this.membership = new SimulatedMembership(simulation, nodes, votes, witnessed);
            for (NodeId id : ofNodes.keySet()) {
                SimulatedNode machine = simulation.newNode(id);
                machines.put(id, machine);
                network.bind(machine, (_, _) -> {});
                nodes.put(id, new SimulatedController(this, machine));
            }
        }

        private SimulatedController node(NodeId id) {
            return Objects.requireNonNull(nodes.get(id));
        }

        Simulation simulation() {
            return simulation;
        }

        SafetyRules rules() {
            return rules;
        }

        Votes votes() {
            return votes;
        }

        SimulatedMembership membership() {
            return membership;
        }

        void boot() {
            machines.forEach((id, machine) -> machine.boot(node(id)::boot));
            membership.start();
            configure();
        }

        RandomFaults faults() {
            return new RandomFaults(
                    simulation, List.copyOf(machines.values()), List.of(network), 50 * MILLI);
        }

        void calmDown() {
            calm = true;
            membership.guessRightFromNowOn();
        }

        boolean mayCrashBetweenEffects() {
            return !calm;
        }

        void crashForAWhile(SimulatedNode machine) {
            machine.crash();
            simulation.after(simulation.randomNanos(MILLI, SECOND), machine::restart);
        }

        boolean isCut(NodeId one, NodeId other) {
            return network.isCut(one, other) || network.isCut(other, one);
        }

        long nextWrite() {
            return ++lastWrite;
        }

        List<SimulatedController> others(NodeId self) {
            return nodes.values().stream().filter(n -> !n.id().equals(self)).toList();
        }

        boolean serves() {
            List<SimulatedController> acting =
                    nodes.values().stream().filter(SimulatedController::mayAct).toList();
            return acting.size() == 1
                    && acting.getFirst().hasAddressUp()
                    && acting.getFirst().isPromoted()
                    && nodes.values().stream()
                            .allMatch(
                                    n ->
                                            n.core().phase() == Phase.DECIDING
                                                    || n.core().phase() == Phase.FOLLOWING);
        }

        String picture() {
            StringBuilder text = new StringBuilder();
            nodes.values()
                    .forEach(
                            n ->
                                    text.append(n.id())
                                            .append(' ')
                                            .append(n.core().phase())
                                            .append(" term ")
                                            .append(n.core().state().installedTerm())
                                            .append(n.mayAct() ? " acts" : "")
                                            .append(n.isPromoted() ? " promoted" : "")
                                            .append(n.hasAddressUp() ? " address" : "")
                                            .append(n.isLeased() ? " leased" : "")
                                            .append("; "));
            return text.append("record ")
                    .append(nodes.values().iterator().next().core().state().volumes())
                    .toString();
        }

        /** An administrator who loads the configuration and tries again until it is in force. */
        private void configure() {
            simulation.after(
                    simulation.randomNanos(100 * MILLI, 2 * SECOND),
                    () -> {
                        SimulatedController any =
                                List.copyOf(nodes.values())
                                        .get(simulation.random().nextInt(nodes.size()));
                        if (any.isUp()) {
                            any.ask(
                                    new Change.LoadConfiguration(
                                            "crm", "update", configuration(nodes.size()), null),
                                    outcome ->
                                            configured |=
                                                    outcome instanceof ChangeOutcome.Accepted);
                        }
                        if (!configured) {
                            configure();
                        }
                    });
        }

        // --- messages: reliable and in order as long as both are in one group ------------------

        void broadcast(NodeId from, ControllerMessage message) {
            others(from).forEach(to -> send(from, to.id(), message, true));
        }

        void send(NodeId from, NodeId to, ControllerMessage message, boolean broadcast) {
            Wire wire = new Wire(from, to, broadcast);
            Deque<ControllerMessage> onTheirWay =
                    wires.computeIfAbsent(wire, _ -> new ArrayDeque<>());
            onTheirWay.add(message);
            if (onTheirWay.size() == 1) {
                deliverSoon(wire, onTheirWay, node(from).life(), node(to).life());
            }
        }

        private void deliverSoon(
                Wire wire, Deque<ControllerMessage> onTheirWay, long fromLife, long toLife) {
            simulation.after(
                    simulation.randomNanos(50_000, 5 * MILLI),
                    () -> {
                        SimulatedController from = node(wire.from());
                        SimulatedController to = node(wire.to());
                        boolean sameLives = from.life() == fromLife && to.life() == toLife;
                        if (!sameLives || !membership.areTogether(wire.from(), wire.to())) {
                            onTheirWay.clear();
                            return;
                        }
                        if (from.isUp() && to.isUp() && from.hears(to.id())) {
                            ControllerMessage message = onTheirWay.removeFirst();
                            to.received(wire.from(), message);
                        }
                        if (!onTheirWay.isEmpty()) {
                            deliverSoon(wire, onTheirWay, fromLife, toLife);
                        }
                    });
        }
    }
}
