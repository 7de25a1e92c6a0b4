package io.holdfast.iscsi.multipath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.driver.FileVolume;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.iscsi.driver.LunConfig;
import io.holdfast.iscsi.driver.TargetConfig;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.multipath.MapSettings.Grouping;
import io.holdfast.replication.volume.IoStatus;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target with two portals whose networks are cut one after the other, as scenario S0 has it. */
class MultipathDiskTest {
    private static final String IQN = "iqn.2016-12.org.lr:lvm";
    private static final VolumeId LVM = new VolumeId("lvm");
    private static final InitiatorConfig ME =
            InitiatorConfig.named("iqn.2016-12.com.lr:test1").withTimeouts(500, 2_000, 4_000);
    private static final MapSettings MULTIBUS =
            MapSettings.defaults()
                    .withGrouping(Grouping.MULTIBUS)
                    .withFailback(true)
                    .withPolling(50);

    @TempDir Path folder;
    private final List<InetSocketAddress> portals = new ArrayList<>();
    private final IscsiTargetService[] networks = new IscsiTargetService[2];
    private FileVolume volume;

    @BeforeEach
    void serve() throws Exception {
        Path file = folder.resolve("sdd1");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(8 << 20);
        }
        volume = FileVolume.open(LVM, file);
        for (int i = 0; i < 2; i++) {
            portals.add(new InetSocketAddress("127.0.0." + (i + 1), 0));
            join(i);
        }
    }

    @AfterEach
    void stop() {
        cut(0);
        cut(1);
        volume.close();
    }

    /** Each network is a service of its own, so that it can be cut alone. */
    private void join(int network) {
        InetSocketAddress portal = portals.get(network);
        IscsiTargetService service = new IscsiTargetService(16 << 20);
        service.addTarget(TargetConfig.open(IQN, List.of(portal)));
        service.addLun(IQN, 1, volume, LunConfig.forVolume("s0", LVM));
        portals.set(network, service.boundAddress(portal));
        networks[network] = service;
    }

    private void cut(int network) {
        networks[network].close();
    }

    private MultipathDisk open(MapSettings settings) throws IscsiException {
        return MultipathDisk.open(LVM, IQN, 1, portals, ME, settings);
    }

    private static CompletableFuture<IoStatus> write(MultipathDisk disk, long offset, int value) {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        ByteBuffer block = ByteBuffer.allocateDirect(4096);
        for (int i = 0; i < 4096; i++) {
            block.put(i, (byte) value);
        }
        disk.write(offset, block, false, done::complete);
        return done;
    }

    private static int read(MultipathDisk disk, long offset) throws Exception {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        ByteBuffer block = ByteBuffer.allocateDirect(4096);
        disk.read(offset, block, done::complete);
        assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo(IoStatus.OK);
        assertThat(block.hasRemaining()).isFalse();
        return block.get(4095);
    }

    private static IoStatus now(CompletableFuture<IoStatus> status) throws Exception {
        return status.get(10, TimeUnit.SECONDS);
    }

    private static long usable(MultipathDisk disk) {
        return disk.paths().stream()
                .flatMap(List::stream)
                .filter(MultipathDisk.PathStatus::usable)
                .count();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void bothPathsCarryIo() throws Exception {
        try (MultipathDisk disk = open(MULTIBUS)) {
            List<CompletableFuture<IoStatus>> writes = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                writes.add(write(disk, i * 4096L, i));
            }
            for (CompletableFuture<IoStatus> each : writes) {
                assertThat(now(each)).isEqualTo(IoStatus.OK);
            }
            for (IscsiTargetService network : networks) {
                assertThat(network.status().getFirst().luns().getFirst().writes()).isPositive();
            }
            assertThat(read(disk, 63 * 4096L)).isEqualTo(63);
        }
    }

    @Test
    void ioGoesOnWhileNetworksAreCutOneAfterTheOther() throws Exception {
        try (MultipathDisk disk = open(MULTIBUS)) {
            for (int round = 0; round < 4; round++) {
                int network = round % 2;
                cut(network);
                assertThat(now(write(disk, 0, 10 + round))).isEqualTo(IoStatus.OK);
                assertThat(read(disk, 0)).isEqualTo(10 + round);
                until(() -> usable(disk) == 1);
                join(network);
                until(() -> usable(disk) == 2);
            }
        }
    }

    @Test
    void withoutAnyPathIoFailsAtOnceWhenItIsToFail() throws Exception {
        try (MultipathDisk disk = open(MULTIBUS)) {
            cut(0);
            cut(1);
            assertThat(now(write(disk, 0, 1))).isEqualTo(IoStatus.MEDIUM_ERROR);
            join(1);
            until(() -> usable(disk) == 1);
            assertThat(now(write(disk, 0, 1))).isEqualTo(IoStatus.OK);
        }
    }

    @Test
    void withoutAnyPathIoWaitsWhenItIsToQueue() throws Exception {
        try (MultipathDisk disk = open(MULTIBUS.withNoPathRetry(MapSettings.QUEUE))) {
            cut(0);
            cut(1);
            CompletableFuture<IoStatus> waiting = write(disk, 4096, 7);
            Thread.sleep(200);
            assertThat(waiting).isNotDone();
            join(0);
            assertThat(now(waiting)).isEqualTo(IoStatus.OK);
            assertThat(read(disk, 4096)).isEqualTo(7);
        }
    }

    @Test
    void withoutAnyPathIoFailsAfterSoManyRetries() throws Exception {
        try (MultipathDisk disk = open(MULTIBUS.withNoPathRetry(4))) {
            cut(0);
            cut(1);
            CompletableFuture<IoStatus> waiting = write(disk, 4096, 7);
            Thread.sleep(60);
            assertThat(waiting).isNotDone();
            assertThat(now(waiting)).isEqualTo(IoStatus.MEDIUM_ERROR);
        }
    }

    @Test
    void anotherDiskBehindAPortalIsNoPath() throws Exception {
        cut(1);
        IscsiTargetService stranger = new IscsiTargetService(16 << 20);
        networks[1] = stranger;
        stranger.addTarget(TargetConfig.open(IQN, List.of(portals.get(1))));
        stranger.addLun(IQN, 1, volume, LunConfig.forVolume("s0", new VolumeId("other")));
        try (MultipathDisk disk = open(MULTIBUS)) {
            assertThat(usable(disk)).isEqualTo(1);
        }
    }

    @Test
    void noPortalAtAllIsAnError() {
        cut(0);
        cut(1);
        assertThatThrownBy(() -> open(MULTIBUS)).isInstanceOf(IscsiException.class);
    }
}
