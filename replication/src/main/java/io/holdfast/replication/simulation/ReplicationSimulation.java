package io.holdfast.replication.simulation;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.InvariantViolation;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.replication.core.ControlResult;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.SplitBrainPolicies;
import io.holdfast.replication.core.VolumeEngine;
import io.holdfast.replication.core.VolumeGeometry;
import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.LinkConditions;
import io.holdfast.simulator.RandomFaults;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two or three replicas of a small volume under protocol B or C, a cluster that grants and moves
 * the right to be Primary, and clients that never stop writing, while machines crash (with or
 * without losing power), stop for a while, and networks are cut one way or both.
 *
 * <p>Must hold after every event: at most one replica would acknowledge at this moment; answers
 * come from one node an epoch, in the order of epochs; every read, and every block of each replica
 * that is promoted, holds what was acknowledged (and flushed, where a disk lost power) or something
 * later. After healing: all replicas connected, in sync, equal.
 */
public final class ReplicationSimulation implements FaultScenario {
    private static final long MILLI = 1_000_000;
    private static final long FAULTS_NANOS = 3_000 * MILLI;
    private static final int EXTENT_BLOCKS = 64;
    private static final ControlResult IGNORED =
            new ControlResult() {
                @Override
                public void done() {}

                @Override
                public void refused(Problem problem) {}
            };
    private static final int EXTENTS = 8;

    /** Fewer than there are extents, so that some turn cold. */
    private static final int ACTIVITY_LOG_EXTENTS = 4;

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public void simulate(Simulation simulation) {
        new Run(simulation).play();
    }

    private static final class Run implements SimulatedReplica.Observer {
        private final Simulation simulation;
        private final VolumeGeometry geometry =
                new VolumeGeometry(
                        (long) EXTENTS * EXTENT_BLOCKS * VolumeGeometry.BLOCK_BYTES, EXTENT_BLOCKS);
        private final ReadBackModel model =
                new ReadBackModel((int) (geometry.sizeBytes() / VolumeGeometry.SECTOR_BYTES));
        private final List<SimulatedReplica> replicas = new ArrayList<>();
        private final List<SimulatedNode> nodes = new ArrayList<>();
        private final SimulatedNetwork<SimulatedConnections.Segment<SimulatedReplica.Wire>> ring;
        private final SimulatedNetwork<SimulatedAuthority.Message> clusterRing;
        private final SimulatedAuthority authority;
        private final SimulatedClient client;

        Run(Simulation simulation) {
            this.simulation = simulation;
            ring = new SimulatedNetwork<>(simulation, "ring0");
            clusterRing = new SimulatedNetwork<>(simulation, "ring1");
            int count = simulation.random().nextInt(2, 4);
            List<NodeId> ids =
                    List.of(new NodeId("a"), new NodeId("b"), new NodeId("c")).subList(0, count);
            Protocol protocol = simulation.chance(0.25) ? Protocol.B : Protocol.C;
            double powerLoss = simulation.chance(0.5) ? 0.5 : 0;
            boolean checksumResync = simulation.chance(0.5);
            simulation.note(
                    count + " replicas, protocol " + protocol + ", power loss " + powerLoss);
            authority = new SimulatedAuthority(simulation, clusterRing, ids);
            for (NodeId id : ids) {
                SimulatedNode node = simulation.newNode(id);
                nodes.add(node);
                VolumeEngine.Settings settings =
                        new VolumeEngine.Settings(
                                geometry,
                                protocol,
                                ids,
                                id,
                                ACTIVITY_LOG_EXTENTS,
                                1 << 20,
                                SplitBrainPolicies.ASK,
                                checksumResync);
                replicas.add(
                        new SimulatedReplica(
                                simulation, node, settings, ring, clusterRing, powerLoss, this));
            }
            client = new SimulatedClient(simulation, replicas, model);
        }

        void play() {
            declareEqual();
            simulation.checkAfterEveryEvent(this::checkOneActs);
            client.start();
            RandomFaults faults =
                    new RandomFaults(simulation, nodes, List.of(ring, clusterRing), 20 * MILLI);
            faults.start(simulation.randomNanos(40 * MILLI, 400 * MILLI));
            planMoves();
            planOrders();
            simulation.runFor(FAULTS_NANOS);
            faults.healAll();
            for (SimulatedReplica replica : replicas) {
                SimulatedReplica.Software software = replica.software();
                if (software != null) {
                    software.engine.pauseSync(false, IGNORED);
                }
            }
            ring.setConditions(LinkConditions.GOOD);
            converge();
        }

        private void declareEqual() {
            boolean met =
                    simulation.runUntil(
                            () -> replicas.stream().allMatch(this::seesAllPeers), 2_000 * MILLI);
            Invariant.check(met, "the replicas did not connect");
            running(replicas.getFirst())
                    .engine
                    .declareEqual(
                            new ControlResult() {
                                @Override
                                public void done() {
                                    simulation.note("replicas are declared equal");
                                }

                                @Override
                                public void refused(Problem problem) {
                                    throw new InvariantViolation(problem.message());
                                }
                            });
        }

        private boolean seesAllPeers(SimulatedReplica replica) {
            SimulatedReplica.Software software = replica.software();
            if (software == null) {
                return false;
            }
            for (int peer = 0; peer < replicas.size(); peer++) {
                if (replicas.get(peer) != replica
                        && software.engine.peerView(peer).replication()
                                != ReplicationState.ESTABLISHED) {
                    return false;
                }
            }
            return true;
        }

        private void planMoves() {
            simulation.after(
                    simulation.randomNanos(100 * MILLI, 900 * MILLI),
                    () -> {
                        if (simulation.nowNanos() < FAULTS_NANOS) {
                            authority.move();
                            planMoves();
                        }
                    });
        }

        /** Pauses, resumes and verifications that a person may order at any time. */
        private void planOrders() {
            simulation.after(
                    simulation.randomNanos(20 * MILLI, 300 * MILLI),
                    () -> {
                        if (simulation.nowNanos() < FAULTS_NANOS) {
                            order(replicas.get(simulation.random().nextInt(replicas.size())));
                            planOrders();
                        }
                    });
        }

        private void order(SimulatedReplica replica) {
            SimulatedReplica.Software software = replica.software();
            if (software == null || replica.node().isPaused()) {
                return;
            }
            switch (simulation.random().nextInt(4)) {
                case 0 -> software.engine.pauseSync(true, IGNORED);
                case 1 -> software.engine.pauseSync(false, IGNORED);
                default -> software.engine.verify(IGNORED);
            }
        }

        // ---- what must hold

        private void checkOneActs() {
            SimulatedReplica acting = null;
            for (SimulatedReplica replica : replicas) {
                if (replica.isActing()) {
                    String first = acting == null ? "" : acting.id().name();
                    Invariant.check(acting == null, "%s and %s act", first, replica.id());
                    acting = replica;
                }
            }
        }

        @Override
        public void promoted(SimulatedReplica replica, Epoch epoch) {
            if (authority.isHeldBy(replica.id(), epoch)) {
                checkContents(replica, "promoted under epoch " + epoch);
            }
        }

        private void checkContents(SimulatedReplica replica, String when) {
            Invariant.check(
                    running(replica).engine.disk() == DiskState.UP_TO_DATE,
                    "%s, %s, has a disk %s",
                    replica.id(),
                    when,
                    running(replica).engine.disk());
            long[] contents = replica.diskContents();
            for (int sector = 0; sector < contents.length; sector++) {
                model.check(sector, contents[sector], replica.id() + ", " + when + ",");
            }
        }

        @Override
        public void powerLost() {
            model.powerLost();
        }

        private void converge() {
            boolean healed =
                    simulation.runUntil(
                            () -> replicas.stream().allMatch(this::isHealthy), 20_000 * MILLI);
            Invariant.check(healed, "no convergence: %s", describe());
            long before = client.acknowledgedWrites();
            boolean writing =
                    simulation.runUntil(
                            () -> client.acknowledgedWrites() > before + 20, 2_000 * MILLI);
            Invariant.check(writing, "clients cannot write after healing: %s", describe());
            client.stop();
            simulation.runFor(500 * MILLI);
            long[] expected = replicas.getFirst().diskContents();
            for (SimulatedReplica replica : replicas) {
                int differs = Arrays.mismatch(expected, replica.diskContents());
                Invariant.check(
                        differs < 0,
                        "%s and %s differ in sector %d after healing: %d and %d",
                        replicas.getFirst().id(),
                        replica.id(),
                        differs,
                        expected[Math.max(0, differs)],
                        replica.diskContents()[Math.max(0, differs)]);
                checkContents(replica, "after healing");
            }
            simulation.note(
                    client.acknowledgedWrites()
                            + " writes, "
                            + client.reads()
                            + " reads, "
                            + authority.promotions()
                            + " promotions");
        }

        private boolean isHealthy(SimulatedReplica replica) {
            SimulatedReplica.Software software = replica.software();
            if (software == null
                    || !seesAllPeers(replica)
                    || software.engine.disk() != DiskState.UP_TO_DATE
                    || authority.isOutdated(replica.id())) {
                return false;
            }
            return replicas.stream().anyMatch(Run::isPrimary);
        }

        private static boolean isPrimary(SimulatedReplica replica) {
            SimulatedReplica.Software software = replica.software();
            return software != null && software.engine.role() == Role.PRIMARY;
        }

        private SimulatedReplica.Software running(SimulatedReplica replica) {
            return java.util.Objects.requireNonNull(replica.software());
        }

        private String describe() {
            StringBuilder text = new StringBuilder();
            for (SimulatedReplica replica : replicas) {
                SimulatedReplica.Software software = replica.software();
                text.append('\n').append(replica.id());
                if (software == null) {
                    text.append(" is not running");
                    continue;
                }
                text.append(' ')
                        .append(software.engine.role())
                        .append(' ')
                        .append(software.engine.disk())
                        .append(software.engine.isSuspended() ? " suspended" : "")
                        .append(authority.isOutdated(replica.id()) ? " recorded Outdated" : "");
                for (int peer = 0; peer < replicas.size(); peer++) {
                    if (replicas.get(peer) != replica) {
                        text.append("\n  ").append(software.engine.peerView(peer));
                    }
                }
            }
            return text.toString();
        }
    }
}
