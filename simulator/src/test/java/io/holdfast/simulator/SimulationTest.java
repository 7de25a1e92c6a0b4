package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final long MILLI = 1_000_000;
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");

    private final Simulation simulation = new Simulation(1);

    @Test
    void theSameSeedTwiceGivesTheSameTrace() {
        FaultScenario chatter = new Chatter();
        assertThat(chatter.run(7).fingerprint()).isEqualTo(chatter.run(7).fingerprint());
        assertThat(chatter.run(7).fingerprint()).isNotEqualTo(chatter.run(8).fingerprint());
    }

    @Test
    void aFailureCarriesItsSeedAndTheCommandThatReplaysIt() {
        FaultScenario broken =
                new FaultScenario() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public void simulate(Simulation s) {
                        throw new AssertionError("two primaries");
                    }
                };
        assertThatThrownBy(() -> broken.run(42))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("two primaries")
                .hasMessageContaining("./holdfast simulate-faults --scenario broken --seed 42");
    }

    @Test
    void clocksOfNodesDriftByAtMostOnePercentAndTimersFollowThem() {
        for (int i = 0; i < 100; i++) {
            SimulatedNode node = simulation.newNode(A);
            long startedTrue = simulation.nowNanos();
            long started = node.nanoTime();
            List<Long> fired = new ArrayList<>();
            node.after(1_000 * MILLI, () -> fired.add(node.nanoTime()));
            simulation.runFor(1_011 * MILLI);
            assertThat(fired).hasSize(1);
            assertThat(fired.getFirst() - started).isBetween(1_000 * MILLI, 1_000 * MILLI + 10);
            double rate =
                    (node.nanoTime() - started) / (double) (simulation.nowNanos() - startedTrue);
            assertThat(rate).isBetween(0.9899, 1.0101);
        }
    }

    @Test
    void aPausedNodeRunsItsTimersAndMessagesWhenItResumes() {
        SimulatedNetwork<String> network = new SimulatedNetwork<>(simulation, "ring0");
        SimulatedNode a = simulation.newNode(A);
        SimulatedNode b = simulation.newNode(B);
        List<String> seen = new ArrayList<>();
        network.bind(a, (from, m) -> {});
        network.bind(b, (from, m) -> seen.add(m));
        b.after(MILLI, () -> seen.add("timer"));
        b.pause();
        network.send(A, B, "hello");
        simulation.runFor(10 * MILLI);
        assertThat(seen).isEmpty();
        b.resume();
        assertThat(seen).containsExactly("hello", "timer");
    }

    @Test
    void aCrashForgetsTimersAndBootsAfreshOnRestart() {
        SimulatedNode node = simulation.newNode(A);
        List<String> seen = new ArrayList<>();
        node.boot(() -> seen.add("boot " + node.incarnation()));
        node.after(MILLI, () -> seen.add("timer"));
        node.crash();
        node.restart();
        simulation.runFor(10 * MILLI);
        assertThat(seen).containsExactly("boot 1", "boot 2");
    }

    @Test
    void aCutIsOneWayAndAlsoLosesWhatIsOnItsWay() {
        SimulatedNetwork<String> network = new SimulatedNetwork<>(simulation, "ring0");
        List<String> seen = new ArrayList<>();
        network.bind(simulation.newNode(A), (from, m) -> seen.add("a got " + m));
        network.bind(simulation.newNode(B), (from, m) -> seen.add("b got " + m));
        network.send(A, B, "on its way");
        network.cut(A, B);
        network.send(A, B, "lost");
        network.send(B, A, "other way");
        simulation.runFor(MILLI);
        network.heal();
        network.send(A, B, "healed");
        simulation.runFor(MILLI);
        assertThat(seen).containsExactly("a got other way", "b got healed");
    }

    @Test
    void aStreamKeepsItsOrderAndADatagramNetworkDoesNot() {
        assertThat(orderOfArrival(LinkConditions.STREAM)).isSorted();
        assertThat(orderOfArrival(LinkConditions.GOOD)).hasSize(50).isNotEqualTo(sorted(50));
    }

    private List<Integer> orderOfArrival(LinkConditions conditions) {
        SimulatedNetwork<Integer> network = new SimulatedNetwork<>(simulation, "ring0");
        network.setConditions(conditions);
        List<Integer> seen = new ArrayList<>();
        network.bind(simulation.newNode(A), (from, m) -> {});
        network.bind(simulation.newNode(B), (from, m) -> seen.add(m));
        for (int i = 0; i < 50; i++) {
            network.send(A, B, i);
        }
        simulation.runFor(10 * MILLI);
        return seen;
    }

    private static List<Integer> sorted(int count) {
        return java.util.stream.IntStream.range(0, count).boxed().toList();
    }

    /** Two nodes that talk through all faults there are. */
    private static final class Chatter implements FaultScenario {
        @Override
        public String name() {
            return "chatter";
        }

        @Override
        public void simulate(Simulation simulation) {
            SimulatedNetwork<String> network = new SimulatedNetwork<>(simulation, "ring0");
            SimulatedNode a = simulation.newNode(A);
            SimulatedNode b = simulation.newNode(B);
            for (SimulatedNode node : List.of(a, b)) {
                node.boot(
                        () -> {
                            network.bind(
                                    node,
                                    (from, m) ->
                                            node.disk()
                                                    .write(
                                                            "log",
                                                            0,
                                                            m.getBytes(
                                                                    java.nio.charset
                                                                            .StandardCharsets
                                                                            .UTF_8)));
                            talk(network, node, node == a ? B : A);
                        });
            }
            RandomFaults faults =
                    new RandomFaults(simulation, List.of(a, b), List.of(network), 50 * MILLI);
            faults.start(200 * MILLI);
            simulation.runFor(5_000 * MILLI);
            faults.healAll();
            simulation.runFor(100 * MILLI);
        }

        private static void talk(SimulatedNetwork<String> network, SimulatedNode node, NodeId to) {
            network.send(node.id(), to, "at " + node.nanoTime());
            node.after(20 * MILLI, () -> talk(network, node, to));
        }
    }
}
