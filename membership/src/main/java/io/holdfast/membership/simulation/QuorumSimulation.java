package io.holdfast.membership.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.Electorate;
import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.RandomFaults;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Two to five nodes, mostly with a witness, on one or two rings, under crashes, pauses, cuts, bad
 * networks, drifting clocks and a failure detector that is wrong now and then. {@link SafetyRules}
 * hold after every event; after healing, all nodes end in one quorate view that acknowledges.
 */
public final class QuorumSimulation implements FaultScenario {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long HURT_NANOS = 12 * SECOND;
    private static final long CONVERGENCE_NANOS = 10 * SECOND;

    @Override
    public String name() {
        return "quorum";
    }

    @Override
    public void simulate(Simulation simulation) {
        Cluster cluster = new Cluster(simulation);
        simulation.checkAfterEveryEvent(cluster.rules()::check);
        cluster.boot();
        RandomFaults faults = cluster.faults();
        faults.start(simulation.randomNanos(150 * MILLI, 1_500 * MILLI));
        if (simulation.chance(0.3)) {
            simulation.after(
                    simulation.randomNanos(2 * SECOND, 10 * SECOND), cluster::replaceOneDisk);
        }
        simulation.runFor(HURT_NANOS);
        cluster.stopGuessingWrong();
        faults.healAll();
        int before = cluster.rules().acknowledgedCount();
        Invariant.check(
                simulation.runUntil(
                        () ->
                                cluster.isOneQuorateView()
                                        && cluster.rules().acknowledgedCount() > before,
                        CONVERGENCE_NANOS),
                "no quorate view of all %d nodes that acknowledges, %d s after healing: %s",
                cluster.nodeCount(),
                CONVERGENCE_NANOS / SECOND,
                cluster.views());
    }

    /** The nodes, their networks and what they share. */
    static final class Cluster {
        private final Simulation simulation;
        private final SafetyRules rules;
        private final Electorate electorate;
        private final List<SimulatedNetwork<Packet>> rings = new ArrayList<>();
        private final SortedMap<NodeId, SimulatedNode> nodes = new TreeMap<>();
        private final NavigableMap<NodeId, SimulatedMember> members = new TreeMap<>();
        private final SimulatedNode witness;
        private double wrongGuesses;
        private long lastEntryId;

        Cluster(Simulation simulation) {
            this.simulation = simulation;
            this.rules = new SafetyRules(simulation);
            int count = simulation.random().nextInt(2, 6);
            boolean witnessed = count == 2 || simulation.chance(0.7);
            boolean waitForAll = simulation.chance(0.2);
            this.electorate = Electorate.of(count, count, witnessed ? 1 : 0, waitForAll);
            this.wrongGuesses = simulation.chance(0.5) ? 0.02 : 0;
            int ringCount = simulation.random().nextInt(1, 3);
            for (int ring = 0; ring < ringCount; ring++) {
                rings.add(new SimulatedNetwork<>(simulation, "ring" + ring));
            }
            for (int i = 1; i <= count; i++) {
                NodeId id = new NodeId("n" + i);
                nodes.put(id, simulation.newNode(id));
            }
            this.witness = simulation.newNode(Electorate.WITNESS);
            simulation.note(electorate + " on " + ringCount + " rings");
        }

        Simulation simulation() {
            return simulation;
        }

        SafetyRules rules() {
            return rules;
        }

        Electorate electorate() {
            return electorate;
        }

        int nodeCount() {
            return nodes.size();
        }

        double wrongGuesses() {
            return wrongGuesses;
        }

        void stopGuessingWrong() {
            wrongGuesses = 0;
        }

        long nextEntryId() {
            return ++lastEntryId;
        }

        void boot() {
            witness.boot(this::bootWitness);
            nodes.values().forEach(node -> node.boot(() -> bootMember(node)));
        }

        RandomFaults faults() {
            return new RandomFaults(simulation, voters(), List.copyOf(rings), 80 * MILLI);
        }

        /**
         * One voter crashes and comes back with an empty disk: more than one at a time is not
         * promised, nor that what was on one disk alone can be had back.
         */
        void replaceOneDisk() {
            List<SimulatedNode> voters = voters();
            boolean allRemember =
                    voters.stream().allMatch(v -> SimulatedVoter.stateOnDisk(v).remembers());
            long logs = members.values().stream().map(SimulatedMember::log).distinct().count();
            if (!allRemember || logs > 1) {
                return;
            }
            SimulatedNode unlucky = voters.get(simulation.random().nextInt(voters.size()));
            simulation.note(unlucky.id() + " gets an empty disk");
            unlucky.crash();
            SimulatedVoter.loseDisk(unlucky);
            rules.diskReplaced(unlucky.id());
            simulation.after(simulation.randomNanos(MILLI, SECOND), unlucky::restart);
        }

        private List<SimulatedNode> voters() {
            List<SimulatedNode> voters = new ArrayList<>(nodes.values());
            if (electorate.witness().isPresent()) {
                voters.add(witness);
            }
            return voters;
        }

        List<NodeId> others(NodeId self) {
            return nodes.keySet().stream().filter(id -> !id.equals(self)).toList();
        }

        /** On every ring; receivers do not mind doubles. */
        void send(NodeId from, NodeId to, Packet packet) {
            rings.forEach(ring -> ring.send(from, to, packet));
        }

        void announced(Announcement announcement) {
            simulation.note(announcement.toString());
            SimulatedMember holder = announcement.latestHolder().map(members::get).orElse(null);
            rules.announced(announcement, holder == null ? List.of() : holder.log());
        }

        boolean isOneQuorateView() {
            Term term = members.firstEntry().getValue().view().term();
            return members.values().stream()
                            .allMatch(
                                    member -> {
                                        ClusterView view = member.view();
                                        return view.quorate()
                                                && view.term().equals(term)
                                                && view.members().equals(nodes.keySet());
                                    })
                    && nodes.keySet().stream().allMatch(id -> rules.mayAct(id, term));
        }

        List<ClusterView> views() {
            return members.values().stream().map(SimulatedMember::view).toList();
        }

        private void bootMember(SimulatedNode node) {
            SimulatedMember member = new SimulatedMember(this, node);
            members.put(node.id(), member);
            for (int i = 0; i < rings.size(); i++) {
                int ring = i;
                rings.get(i).bind(node, (from, packet) -> member.received(ring, from, packet));
            }
            member.start();
        }

        private void bootWitness() {
            SimulatedVoter voter =
                    new SimulatedVoter(
                            witness,
                            LogPosition.NONE,
                            rules,
                            (to, answer) -> send(witness.id(), to, new Packet.Answer(answer)));
            for (SimulatedNetwork<Packet> ring : rings) {
                ring.bind(
                        witness,
                        (from, packet) -> {
                            if (packet instanceof Packet.Request request) {
                                voter.request(from, request.request());
                            }
                        });
            }
        }
    }
}
