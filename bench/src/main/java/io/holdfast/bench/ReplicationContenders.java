package io.holdfast.bench;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.driver.OpenVolume;
import io.holdfast.replication.driver.VolumeService;
import io.holdfast.replication.volume.IoStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The file, and volumes on files like it, each with a disk of its own in one directory. Both ends
 * of a replicated volume run in this process; what they say goes through two network namespaces and
 * the veth pairs between them.
 */
final class ReplicationContenders implements AutoCloseable {
    static final String RAW = "raw file";
    static final String UNREPLICATED = "unreplicated";
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");

    /** A cluster that always agrees. */
    private static final ActingRight GRANTED =
            new ActingRight() {
                @Override
                public long actingUntilNanos(VolumeId volume, Epoch epoch) {
                    return System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                }

                @Override
                public CompletionStage<Void> recordOutdated(
                        VolumeId volume, Epoch epoch, NodeId replica) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<Void> recordUpToDate(
                        VolumeId volume, Epoch epoch, NodeId replica) {
                    return CompletableFuture.completedFuture(null);
                }
            };

    private final Path directory;
    private final long sizeBytes;
    private final Lab lab = Lab.create();
    private final LabHost hostA;
    private final LabHost hostB;
    private final Map<String, LoadGenerator.Target> all = new LinkedHashMap<>();

    /** Last opened first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private int port = 7800;

    private ReplicationContenders(Path directory, long sizeBytes) {
        this.directory = directory;
        this.sizeBytes = sizeBytes;
        LabNetwork network = lab.addNetwork("lan");
        hostA = lab.addHost("a").plug(network, "eth0", VrrpWorld.address("10.98.0.1"), 24);
        hostB = lab.addHost("b").plug(network, "eth0", VrrpWorld.address("10.98.0.2"), 24);
        hostA.powerOn();
        hostB.powerOn();
    }

    static ReplicationContenders create(Path parent, long sizeBytes)
            throws IOException, InterruptedException {
        ReplicationContenders made =
                new ReplicationContenders(
                        Files.createTempDirectory(parent, "replication-"), sizeBytes);
        made.addRaw();
        made.addUnreplicated();
        made.addReplicated("protocol B", Protocol.B);
        made.addReplicated("protocol C", Protocol.C);
        return made;
    }

    /** By name, in the order in which they take turns. */
    Map<String, LoadGenerator.Target> all() {
        return Collections.unmodifiableMap(all);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    private void addRaw() throws IOException {
        DirectFile file = DirectFile.open(disk("raw"));
        open.push(file);
        all.put(
                RAW,
                new LoadGenerator.Target() {
                    @Override
                    public void submit(
                            boolean write, long offset, ByteBuffer data, Consumer<IoStatus> done) {
                        int result = write ? file.write(offset, data) : file.read(offset, data);
                        done.accept(result == BlockFile.DONE ? IoStatus.OK : IoStatus.MEDIUM_ERROR);
                    }

                    @Override
                    public boolean isAsynchronous() {
                        return false;
                    }
                });
    }

    private void addUnreplicated() throws IOException, InterruptedException {
        VolumeId id = new VolumeId("alone");
        VolumeConfig volume =
                new VolumeConfig(
                        id,
                        "/dev/drbd0",
                        List.of(replica(A, "alone", List.of())),
                        NetOptions.DEFAULT,
                        DiskOptions.DEFAULT);
        VolumeService service = start(hostA, A, volume);
        service.promoteByForce(id, new Epoch(1));
        add(UNREPLICATED, service.openVolume(id));
    }

    private void addReplicated(String name, Protocol protocol)
            throws IOException, InterruptedException {
        VolumeId id = new VolumeId("protocol-" + protocol);
        port++;
        VolumeConfig volume =
                new VolumeConfig(
                        id,
                        "/dev/drbd1",
                        List.of(
                                replica(A, id + "-a", List.of(new Endpoint("10.98.0.1", port))),
                                replica(B, id + "-b", List.of(new Endpoint("10.98.0.2", port)))),
                        NetOptions.DEFAULT.withProtocol(protocol),
                        DiskOptions.DEFAULT);
        VolumeService a = start(hostA, A, volume);
        VolumeService _ = start(hostB, B, volume);
        while (a.status(id).peers().getFirst().replication() != ReplicationState.ESTABLISHED) {
            Thread.sleep(10);
        }
        a.newCurrentUuid(id, true);
        a.promote(id, new Epoch(1));
        add(name, a.openVolume(id));
    }

    private void add(String name, OpenVolume volume) {
        open.push(volume);
        all.put(
                name,
                new LoadGenerator.Target() {
                    @Override
                    public void submit(
                            boolean write, long offset, ByteBuffer data, Consumer<IoStatus> done) {
                        if (write) {
                            volume.write(offset, data, false, done::accept);
                        } else {
                            volume.read(offset, data, done::accept);
                        }
                    }

                    @Override
                    public boolean isAsynchronous() {
                        return true;
                    }
                });
    }

    private ReplicaConfig replica(NodeId node, String name, List<Endpoint> endpoints)
            throws IOException {
        return new ReplicaConfig(
                node,
                disk(name),
                new MetaDisk.External(directory.resolve(name + ".meta")),
                endpoints);
    }

    /** A file that has all its blocks, so that no write pays for their allocation. */
    private Path disk(String name) throws IOException {
        Path path = directory.resolve(name + ".img");
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer mebibyte = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < sizeBytes; at += mebibyte.capacity()) {
                file.write(mebibyte.clear(), at);
            }
            file.force(true);
        }
        return path;
    }

    /** The threads that a thread starts are in its namespace, and so are their sockets. */
    private VolumeService start(LabHost host, NodeId node, VolumeConfig volume)
            throws InterruptedException {
        VolumeService service =
                VolumeService.open(
                        new ReplicationConfig(List.of(volume), List.of()),
                        node,
                        GRANTED,
                        new byte[32],
                        status -> {});
        open.push(service);
        Thread starter =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    host.network().enter();
                                    service.createMetadata(volume.id(), true);
                                    service.up(volume.id());
                                });
        starter.join();
        return service;
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("a contender did not end", e);
            }
        }
        hostA.powerOff();
        hostB.powerOff();
        lab.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
