package io.holdfast.replication.simulation;

import io.holdfast.replication.core.BlockRequest;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.VolumeGeometry;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.simulator.Simulation;
import java.util.ArrayList;
import java.util.List;

/**
 * Users of the volume: write, read and flush at whichever replica takes itself for Primary, several
 * requests at a time, often to the same few blocks, and check every answer against the model.
 */
final class SimulatedClient {
    /** A request that was not yet told, and never will be when its machine has crashed. */
    private record Outstanding(SimulatedReplica replica, long incarnation, Runnable forget) {
        boolean isGone() {
            return !replica.node().isAlive() || replica.node().incarnation() != incarnation;
        }
    }

    private static final int MAX_OUTSTANDING = 12;
    private static final int MAX_SECTORS = 24;

    private final Simulation simulation;
    private final List<SimulatedReplica> replicas;
    private final ReadBackModel model;
    private long lastStamp;
    private final List<Outstanding> outstanding = new ArrayList<>();
    private boolean stopped;
    private long acknowledgedWrites;
    private long reads;
    private long lastEpoch;
    private String lastActor = "";

    SimulatedClient(Simulation simulation, List<SimulatedReplica> replicas, ReadBackModel model) {
        this.simulation = simulation;
        this.replicas = replicas;
        this.model = model;
    }

    void start() {
        simulation.after(
                simulation.randomNanos(100_000, 3_000_000),
                () -> {
                    if (!stopped) {
                        oneRequest();
                        start();
                    }
                });
    }

    void stop() {
        stopped = true;
    }

    long acknowledgedWrites() {
        return acknowledgedWrites;
    }

    long reads() {
        return reads;
    }

    private void oneRequest() {
        for (Outstanding gone : outstanding.stream().filter(Outstanding::isGone).toList()) {
            gone.forget().run();
            outstanding.remove(gone);
        }
        for (SimulatedReplica replica : replicas) {
            SimulatedReplica.Software software = replica.software();
            if (software != null
                    && !replica.node().isPaused()
                    && software.engine.role() == Role.PRIMARY
                    && outstanding.size() < MAX_OUTSTANDING) {
                request(replica, software);
            }
        }
    }

    private void request(SimulatedReplica replica, SimulatedReplica.Software software) {
        int kind = simulation.random().nextInt(10);
        if (kind < 6) {
            write(replica, software, software.engine.knownEpoch().number());
        } else if (kind < 9) {
            read(replica, software);
        } else {
            flush(replica, software);
        }
    }

    private Outstanding begin(SimulatedReplica replica, Runnable forget) {
        Outstanding begun = new Outstanding(replica, replica.node().incarnation(), forget);
        outstanding.add(begun);
        return begun;
    }

    private int drawSector(int length) {
        int sectors = model.sectorCount();
        // Half of the requests go to the first blocks, so that they meet.
        int bound = simulation.random().nextBoolean() ? sectors : 64;
        return simulation.random().nextInt(Math.min(bound, sectors - length) + 1);
    }

    private void write(SimulatedReplica replica, SimulatedReplica.Software software, long epoch) {
        SimulatedReplica.Request request = new SimulatedReplica.Request();
        int length = 1 + simulation.random().nextInt(MAX_SECTORS);
        int first = drawSector(length);
        boolean forceUnitAccess = simulation.chance(0.1);
        long[] stamps = new long[length];
        for (int i = 0; i < length; i++) {
            stamps[i] = ++lastStamp;
            model.submitted(first + i, stamps[i], epoch);
        }
        long[] told = stamps.clone();
        Outstanding begun =
                begin(
                        replica,
                        () -> {
                            for (int i = 0; i < told.length; i++) {
                                model.unknown(first + i, told[i]);
                            }
                        });
        request.prepare(
                BlockRequest.Kind.WRITE,
                (long) first * VolumeGeometry.SECTOR_BYTES,
                length * VolumeGeometry.SECTOR_BYTES,
                forceUnitAccess);
        request.stamps = stamps;
        request.told =
                status -> {
                    outstanding.remove(begun);
                    long now = software.engine.knownEpoch().number();
                    for (int i = 0; i < told.length; i++) {
                        if (status == IoStatus.OK) {
                            model.acknowledged(first + i, told[i], now);
                            if (forceUnitAccess) {
                                model.flushed(first + i, told[i]);
                            }
                        } else {
                            model.unknown(first + i, told[i]);
                        }
                    }
                    if (status == IoStatus.OK) {
                        acknowledgedWrites++;
                        answered(replica, now);
                    }
                };
        software.submit(request);
    }

    private void read(SimulatedReplica replica, SimulatedReplica.Software software) {
        SimulatedReplica.Request request = new SimulatedReplica.Request();
        int length = 1 + simulation.random().nextInt(MAX_SECTORS);
        int first = drawSector(length);
        request.prepare(
                BlockRequest.Kind.READ,
                (long) first * VolumeGeometry.SECTOR_BYTES,
                length * VolumeGeometry.SECTOR_BYTES,
                false);
        Outstanding begun = begin(replica, () -> {});
        request.told =
                status -> {
                    outstanding.remove(begun);
                    if (status == IoStatus.OK) {
                        reads++;
                        long now = software.engine.knownEpoch().number();
                        answered(replica, now);
                        for (int i = 0; i < request.stamps.length; i++) {
                            model.read(first + i, request.stamps[i], now);
                        }
                    }
                };
        software.submit(request);
    }

    private void flush(SimulatedReplica replica, SimulatedReplica.Software software) {
        SimulatedReplica.Request request = new SimulatedReplica.Request();
        request.prepare(BlockRequest.Kind.FLUSH, 0, 0, false);
        long[] settledThen = model.settledNow();
        Outstanding begun = begin(replica, () -> {});
        request.told =
                status -> {
                    outstanding.remove(begun);
                    if (status == IoStatus.OK) {
                        model.flushed(settledThen);
                        answered(replica, software.engine.knownEpoch().number());
                    }
                };
        software.submit(request);
    }

    /** One node an epoch, and never an older one after a newer one. */
    private void answered(SimulatedReplica replica, long epoch) {
        if (epoch < lastEpoch) {
            throw new AssertionError(
                    replica.id() + " answers under epoch " + epoch + " after " + lastEpoch);
        }
        if (epoch == lastEpoch && !lastActor.equals(replica.id().name())) {
            throw new AssertionError(
                    replica.id() + " and " + lastActor + " answer under epoch " + epoch);
        }
        lastEpoch = epoch;
        lastActor = replica.id().name();
    }
}
