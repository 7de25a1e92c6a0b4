package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One node of a test: its files, and its volume service when it runs. */
final class TestNode implements AutoCloseable {
    static final VolumeId R0 = new VolumeId("r0");
    static final long SIZE = 16 << 20;

    /** The cluster, as far as volumes ask it: shared by the nodes of a test. */
    static final class Cluster implements ActingRight {
        final Set<String> outdated = new ConcurrentSkipListSet<>();
        volatile boolean acting = true;

        @Override
        public long actingUntilNanos(VolumeId volume, Epoch epoch) {
            return System.nanoTime() + (acting ? 1 : -1) * TimeUnit.SECONDS.toNanos(1);
        }

        @Override
        public CompletionStage<Void> recordOutdated(VolumeId volume, Epoch epoch, NodeId replica) {
            outdated.add(replica.name());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica) {
            outdated.remove(replica.name());
            return CompletableFuture.completedFuture(null);
        }
    }

    final NodeId id;
    final Path disk;
    final Path metadata;
    private final ReplicationConfig config;
    private final Cluster cluster;
    private VolumeService service;

    private TestNode(NodeId id, ReplicationConfig config, Cluster cluster) {
        this.id = id;
        this.config = config;
        this.cluster = cluster;
        ReplicaConfig own = config.volumes().getFirst().replicaOn(id).orElseThrow();
        this.disk = own.disk();
        this.metadata = disk.resolveSibling("r0.meta");
    }

    /** Nodes with a replica each of one volume, with fresh metadata, not running. */
    static List<TestNode> create(
            Path directory, Cluster cluster, Protocol protocol, String... names)
            throws IOException {
        List<ReplicaConfig> replicas = new ArrayList<>();
        for (String name : names) {
            Path own = Files.createDirectories(directory.resolve(name));
            try (RandomAccessFile file =
                    new RandomAccessFile(own.resolve("r0.img").toFile(), "rw")) {
                file.setLength(SIZE);
            }
            replicas.add(
                    new ReplicaConfig(
                            new NodeId(name),
                            own.resolve("r0.img"),
                            new MetaDisk.External(own.resolve("r0.meta")),
                            List.of(new Endpoint("127.0.0.1", freePort()))));
        }
        VolumeConfig volume =
                new VolumeConfig(
                        R0,
                        "/dev/drbd0",
                        replicas,
                        new NetOptions(protocol, 50, 500, 50),
                        DiskOptions.DEFAULT);
        ReplicationConfig config = new ReplicationConfig(List.of(volume), List.of());
        List<TestNode> nodes = new ArrayList<>();
        for (String name : names) {
            TestNode node = new TestNode(new NodeId(name), config, cluster);
            nodes.add(node);
            try (VolumeService service = node.openService(new byte[32])) {
                service.createMetadata(R0, false);
            }
        }
        return nodes;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private VolumeService openService(byte[] secret) {
        return VolumeService.open(config, id, cluster, secret, status -> {});
    }

    TestNode start() {
        return start(new byte[32]);
    }

    TestNode start(byte[] secret) {
        service = openService(secret);
        service.up(R0);
        return this;
    }

    /** As a crash of the process: nothing is said, nothing is finished. */
    void kill() {
        service.close();
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }

    VolumeService service() {
        return service;
    }

    VolumeStatus status() {
        return service.status(R0);
    }

    VolumeStatus.PeerStatus peer() {
        return status().peers().getFirst();
    }

    boolean isInSync() {
        return status().disk() == DiskState.UP_TO_DATE
                && peer().replication() == ReplicationState.ESTABLISHED
                && peer().disk() == DiskState.UP_TO_DATE
                && peer().outOfSyncBytes() == 0;
    }

    void promote(long epoch) {
        service.promote(R0, new Epoch(epoch));
    }

    byte[] contents() throws IOException {
        return Files.readAllBytes(disk);
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(() -> what, condition);
    }

    private static void await(Supplier<String> what, BooleanSupplier condition)
            throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within 10 s: " + what.get());
            }
            Thread.sleep(5);
        }
    }

    static void awaitInSync(TestNode... nodes) throws InterruptedException {
        for (TestNode node : nodes) {
            await(() -> node.id + " is in sync: " + node.status(), node::isInSync);
        }
    }

    // ---- I/O that waits

    IoStatus write(long offset, int length, int value) throws Exception {
        try (OpenVolume volume = service.openVolume(R0)) {
            return write(volume, offset, length, value).get(10, TimeUnit.SECONDS);
        }
    }

    static CompletableFuture<IoStatus> write(
            BlockVolume volume, long offset, int length, int value) {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        volume.write(offset, filled(length, value), false, done::complete);
        return done;
    }

    static ByteBuffer filled(int length, int value) {
        ByteBuffer data = AlignedBufferPool.allocate(length);
        for (int i = 0; i < length; i++) {
            data.put(i, (byte) value);
        }
        return data;
    }

    IoStatus flush() throws Exception {
        try (OpenVolume volume = service.openVolume(R0)) {
            CompletableFuture<IoStatus> done = new CompletableFuture<>();
            volume.flush(done::complete);
            return done.get(10, TimeUnit.SECONDS);
        }
    }

    /** The first byte there. */
    int read(long offset) throws Exception {
        try (OpenVolume volume = service.openVolume(R0)) {
            ByteBuffer data = AlignedBufferPool.allocate(4096);
            CompletableFuture<IoStatus> done = new CompletableFuture<>();
            volume.read(offset, data, done::complete);
            if (done.get(10, TimeUnit.SECONDS) != IoStatus.OK) {
                throw new AssertionError("read at " + offset + ": " + done.get());
            }
            return data.get(0);
        }
    }
}
