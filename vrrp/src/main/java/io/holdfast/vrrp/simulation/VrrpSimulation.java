package io.holdfast.vrrp.simulation;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.RandomFaults;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import io.holdfast.vrrp.core.FlapDamping;
import io.holdfast.vrrp.core.GroupSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.Preemption;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.Tracking;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two to four nodes on one segment with one to three virtual routers, perhaps in a sync group,
 * under crashes, pauses, one-way cuts, loss, delay, drifting clocks and failing services. {@link
 * SegmentRules} hold after every event. Then all heals: each virtual router comes to have one
 * Master and keeps it; when that one crashes, or stops in order, the next takes over within its
 * timer.
 */
public final class VrrpSimulation implements FaultScenario {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    @Override
    public String name() {
        return "vrrp";
    }

    @Override
    public void simulate(Simulation simulation) {
        Segment segment = new Segment(simulation);
        simulation.checkAfterEveryEvent(segment.rules::check);
        segment.hurt();
        segment.converge();
        segment.crashTheMaster();
        segment.stopTheMaster();
    }

    static boolean isFatal(RouterSettings settings) {
        return settings.instances().stream()
                .flatMap(i -> i.tracking().scripts().stream())
                .anyMatch(t -> t.weight() == 0);
    }

    /** The nodes and their wire, drawn from the seed. */
    private static final class Segment {
        private final Simulation simulation;
        private final SimulatedNetwork<SimulatedRouter.Packet> wire;
        private final List<SimulatedNode> nodes = new ArrayList<>();
        private final List<SimulatedRouter> routers = new ArrayList<>();
        private final SegmentRules rules = new SegmentRules(routers);
        private final VrrpVersion version;
        private final long intervalNanos;
        private final boolean grouped;
        private final int instanceCount;
        private final boolean damped;

        Segment(Simulation simulation) {
            this.simulation = simulation;
            this.wire = new SimulatedNetwork<>(simulation, "wire");
            this.version = simulation.chance(0.5) ? VrrpVersion.V2 : VrrpVersion.V3;
            this.intervalNanos = version == VrrpVersion.V2 ? SECOND : drawHundredths() * 10 * MILLI;
            this.instanceCount = simulation.random().nextInt(1, 4);
            this.grouped = instanceCount > 1 && simulation.chance(0.4);
            this.damped = simulation.chance(0.3);
            int count = simulation.random().nextInt(2, 5);
            List<NodeId> ids = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                ids.add(new NodeId("n" + i));
            }
            simulation.note(
                    "%s every %d ms, %d instances%s on %d nodes"
                            .formatted(
                                    version,
                                    intervalNanos / MILLI,
                                    instanceCount,
                                    grouped ? " in a group" : "",
                                    count));
            for (int i = 0; i < count; i++) {
                addRouter(ids, i);
            }
        }

        private long drawHundredths() {
            long[] choices = {1, 10, 30, 100};
            return choices[simulation.random().nextInt(choices.length)];
        }

        private void addRouter(List<NodeId> ids, int index) {
            SimulatedNode node = simulation.newNode(ids.get(index));
            nodes.add(node);
            List<NodeId> others = new ArrayList<>(ids);
            others.remove(index);
            IpAddress address = IpAddress.literal("10.0.0." + (index + 1));
            routers.add(
                    new SimulatedRouter(
                            simulation, node, wire, others, address, drawSettings(index)));
        }

        private RouterSettings drawSettings(int index) {
            int priority = simulation.chance(0.3) ? 100 : 60 + 40 * index;
            boolean fatal = simulation.chance(0.5);
            boolean preempts = simulation.chance(0.8);
            List<InstanceSettings> instances = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < instanceCount; i++) {
                names.add("VI_" + i);
                instances.add(instance("VI_" + i, 10 + i, priority, fatal, preempts));
            }
            ScriptSettings script =
                    new ScriptSettings(
                            SimulatedRouter.SCRIPT,
                            List.of("check"),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            1,
                            1,
                            Optional.empty(),
                            false);
            List<GroupSettings> groups =
                    grouped
                            ? List.of(new GroupSettings("G", names, Tracking.NOTHING, true))
                            : List.of();
            return new RouterSettings(
                    instances,
                    groups,
                    List.of(script),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Duration.ZERO,
                    false,
                    false);
        }

        private InstanceSettings instance(
                String name, int id, int priority, boolean fatal, boolean preempts) {
            InstanceSettings plain =
                    InstanceSettings.of(
                            name,
                            "eth0",
                            version,
                            id,
                            priority,
                            List.of(VirtualAddress.literal("10.0.0." + (100 + id))));
            return new InstanceSettings(
                    name,
                    id,
                    version,
                    plain.family(),
                    "eth0",
                    false,
                    priority,
                    Duration.ofNanos(intervalNanos),
                    plain.authentication(),
                    plain.addresses(),
                    List.of(),
                    List.of(),
                    List.of(),
                    preempts ? Preemption.AT_ONCE : Preemption.NEVER,
                    plain.transport(),
                    Optional.empty(),
                    plain.announcements(),
                    plain.advertRules(),
                    new Tracking(
                            List.of(),
                            List.of(new Tracked(SimulatedRouter.SCRIPT, fatal ? 0 : -50, false)),
                            List.of(),
                            List.of()),
                    true,
                    false,
                    damped ? FlapDamping.DEFAULT : FlapDamping.OFF,
                    false);
        }

        void hurt() {
            long worstDelay = Math.max(MILLI, intervalNanos / 2);
            RandomFaults faults = new RandomFaults(simulation, nodes, List.of(wire), worstDelay);
            faults.start(4 * intervalNanos);
            failServices();
            simulation.runFor(80 * intervalNanos);
            faults.healAll();
            servicesFail = false;
            routers.forEach(r -> r.setService(true));
        }

        private boolean servicesFail = true;

        private void failServices() {
            simulation.after(
                    simulation.randomNanos(intervalNanos, 20 * intervalNanos),
                    () -> {
                        if (servicesFail) {
                            SimulatedRouter router =
                                    routers.get(simulation.random().nextInt(routers.size()));
                            router.setService(!router.isServiceUp());
                            failServices();
                        }
                    });
        }

        /** One Master each, and then no change for a long while. */
        void converge() {
            // A Master that was damped gives way only to silence, so two may need a while to
            // settle:
            // the longest timer there is, twice, for the last group to gather.
            simulation.runFor(4 * worstDownNanos() + 2 * SECOND);
            Invariant.check(
                    rules.isOneMasterEach(),
                    "not one Master each after healing: %s",
                    rules.masters());
            rules.setConverged(true);
            simulation.runFor(30 * intervalNanos);
            rules.setConverged(false);
            if (!damped && !grouped) {
                checkHighestIsMaster();
            }
        }

        private void checkHighestIsMaster() {
            SimulatedRouter master = master();
            for (SimulatedRouter router : routers) {
                boolean could =
                        router.settings().instances().getFirst().preemption().allowed()
                                && router.priority("VI_0") > master.priority("VI_0");
                Invariant.check(
                        !could,
                        "%s has priority %d and is not Master; %s is, with %d",
                        router.id(),
                        router.priority("VI_0"),
                        master.id(),
                        master.priority("VI_0"));
            }
        }

        private SimulatedRouter master() {
            return routers.stream()
                    .filter(r -> r.state("VI_0") == InstanceState.MASTER)
                    .findFirst()
                    .orElseThrow();
        }

        void crashTheMaster() {
            SimulatedRouter dead = master();
            dead.node().crash();
            checkTakeover("after a crash", worstDownNanos());
            dead.node().restart();
            simulation.runFor(4 * worstDownNanos() + 2 * SECOND);
        }

        void stopTheMaster() {
            master().stopOrderly();
            checkTakeover("after a stop", grouped ? worstDownNanos() : worstSkewNanos());
        }

        /** Takeover no later than the timer, measured by true time: clocks are 1 % off at most. */
        private void checkTakeover(String when, long timerNanos) {
            long limit = timerNanos + timerNanos / 50 + MILLI;
            boolean taken =
                    simulation.runUntil(
                            () ->
                                    routers.stream()
                                            .anyMatch(r -> r.state("VI_0") == InstanceState.MASTER),
                            limit);
            Invariant.check(
                    taken,
                    "nobody took over %s within %d ms: %s",
                    when,
                    limit / MILLI,
                    rules.masters());
        }

        private long worstDownNanos() {
            return 3 * intervalNanos + worstSkewNanos() + (grouped ? 4 * intervalNanos : 0);
        }

        private long worstSkewNanos() {
            return version == VrrpVersion.V2 ? SECOND : intervalNanos;
        }
    }
}
