package io.holdfast.replication.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import io.holdfast.replication.volume.VolumeNotes;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesOfAVolumeTest {
    private static final NodeId NODE = new NodeId("server1");
    private static final long FILE_BYTES = 4 << 20;

    @TempDir Path directory;

    private VolumeService open(MetaDisk metaDisk) throws Exception {
        Path disk = directory.resolve("r0.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(FILE_BYTES);
        }
        VolumeConfig volume =
                new VolumeConfig(
                        TestNode.R0,
                        "/dev/drbd0",
                        List.of(new ReplicaConfig(NODE, disk, metaDisk, List.of())),
                        NetOptions.DEFAULT,
                        DiskOptions.DEFAULT);
        return VolumeService.open(
                new ReplicationConfig(List.of(volume), List.of()),
                NODE,
                new TestNode.Cluster(),
                new byte[32],
                status -> {});
    }

    private static void promoteFresh(VolumeService service) {
        service.createMetadata(TestNode.R0, true);
        service.up(TestNode.R0);
        service.newCurrentUuid(TestNode.R0, true);
        service.promote(TestNode.R0, new Epoch(1));
    }

    private static IoStatus store(OpenVolume volume, String text) throws Exception {
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        VolumeNotes notes = volume.notes().orElseThrow();
        notes.load();
        notes.store(text.getBytes(StandardCharsets.UTF_8), done::complete);
        return done.get(10, TimeUnit.SECONDS);
    }

    private static String load(VolumeService service) {
        try (OpenVolume volume = service.openVolume(TestNode.R0)) {
            return new String(volume.notes().orElseThrow().load(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void notesAreKeptBesideTheDataAndOutliveTheService() throws Exception {
        try (VolumeService service = open(new MetaDisk.Internal())) {
            promoteFresh(service);
            try (OpenVolume volume = service.openVolume(TestNode.R0)) {
                assertThat(store(volume, "reserved")).isEqualTo(IoStatus.OK);
                long last = volume.sizeBytes() - 4096;
                assertThat(TestNode.write(volume, last, 4096, 9).get()).isEqualTo(IoStatus.OK);
                assertThat(TestNode.write(volume, last + 4096, 4096, 9).get())
                        .isEqualTo(IoStatus.OUT_OF_RANGE);
                assertThat(volume.sizeBytes())
                        .isEqualTo(service.status(TestNode.R0).sizeBytes())
                        .isLessThanOrEqualTo(FILE_BYTES - SlottedNotes.AREA_BYTES);
            }
            assertThat(load(service)).isEqualTo("reserved");
        }
        try (VolumeService service = open(new MetaDisk.Internal())) {
            service.up(TestNode.R0);
            service.promote(TestNode.R0, new Epoch(2));
            assertThat(load(service)).isEqualTo("reserved");
        }
    }

    @Test
    void aVolumeThatIsMadeAnewHasNoNotes() throws Exception {
        try (VolumeService service = open(new MetaDisk.Internal())) {
            promoteFresh(service);
            try (OpenVolume volume = service.openVolume(TestNode.R0)) {
                store(volume, "reserved");
            }
        }
        try (VolumeService service = open(new MetaDisk.Internal())) {
            promoteFresh(service);
            assertThat(load(service)).isEmpty();
        }
    }

    @Test
    void aVolumeWithMetadataOfItsOwnFileKeepsTheWholeDiskForData() throws Exception {
        try (VolumeService service = open(new MetaDisk.External(directory.resolve("r0.meta")))) {
            promoteFresh(service);
            try (OpenVolume volume = service.openVolume(TestNode.R0)) {
                assertThat(volume.notes()).isEmpty();
                assertThat(volume.sizeBytes()).isEqualTo(FILE_BYTES);
            }
        }
    }
}
