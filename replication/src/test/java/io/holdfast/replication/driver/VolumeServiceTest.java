package io.holdfast.replication.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.volume.IoStatus;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeServiceTest {
    private static final VolumeId R0 = new VolumeId("r0");
    private static final NodeId NODE = new NodeId("server1");

    private static final ActingRight ALWAYS =
            new ActingRight() {
                @Override
                public long actingUntilNanos(VolumeId volume, Epoch epoch) {
                    return System.nanoTime() + 1_000_000_000;
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

    @TempDir Path directory;
    private VolumeService service;

    @BeforeEach
    void open() throws Exception {
        Path disk = directory.resolve("r0.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        ReplicaConfig replica =
                new ReplicaConfig(
                        NODE, disk, new MetaDisk.External(directory.resolve("r0.meta")), List.of());
        VolumeConfig volume =
                new VolumeConfig(
                        R0,
                        "/dev/drbd0",
                        List.of(replica),
                        NetOptions.DEFAULT,
                        DiskOptions.DEFAULT);
        service =
                VolumeService.open(
                        new ReplicationConfig(List.of(volume), List.of()),
                        NODE,
                        ALWAYS,
                        new byte[32],
                        status -> {});
        service.createMetadata(R0, false);
        service.up(R0);
        service.newCurrentUuid(R0, true);
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void aPrimaryReadsBackWhatWasWritten() throws Exception {
        service.promote(R0, new Epoch(1));
        try (OpenVolume volume = service.openVolume(R0)) {
            ByteBuffer data = AlignedBufferPool.allocate(4096);
            data.putLong(0, 42);
            assertThat(write(volume, 8192, data)).isEqualTo(IoStatus.OK);
            ByteBuffer back = ByteBuffer.allocateDirect(4096);
            assertThat(read(volume, 8192, back)).isEqualTo(IoStatus.OK);
            assertThat(back.getLong(0)).isEqualTo(42);
        }
    }

    @Test
    void aRequestBeyondTheEndIsRefused() throws Exception {
        service.promote(R0, new Epoch(1));
        try (OpenVolume volume = service.openVolume(R0)) {
            ByteBuffer data = AlignedBufferPool.allocate(4096);
            assertThat(write(volume, volume.sizeBytes() - 512, data))
                    .isEqualTo(IoStatus.OUT_OF_RANGE);
        }
    }

    @Test
    void aVolumeThatIsHeldOpenIsNotDemoted() {
        service.promote(R0, new Epoch(1));
        try (OpenVolume volume = service.openVolume(R0)) {
            assertThatThrownBy(() -> service.demote(R0, false))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("open");
            assertThat(volume.id()).isEqualTo(R0);
        }
        service.demote(R0, false);
        assertThat(service.status(R0).role()).isEqualTo(Role.SECONDARY);
    }

    @Test
    void aSecondaryCannotBeOpened() {
        assertThatThrownBy(() -> service.openVolume(R0)).hasMessageContaining("promote it first");
    }

    private static IoStatus write(OpenVolume volume, long offset, ByteBuffer data)
            throws Exception {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        volume.write(offset, data, false, done::complete);
        return done.get();
    }

    private static IoStatus read(OpenVolume volume, long offset, ByteBuffer data) throws Exception {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        volume.read(offset, data, done::complete);
        return done.get();
    }
}
