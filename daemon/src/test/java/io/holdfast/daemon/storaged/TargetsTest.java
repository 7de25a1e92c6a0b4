package io.holdfast.daemon.storaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.message.LunStatus;
import io.holdfast.api.message.Portal;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.codec.DrbdConf;
import io.holdfast.replication.driver.VolumeService;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TargetsTest {
    private static final NodeId SELF = new NodeId("a");
    private static final VolumeId VOLUME = new VolumeId("v");
    private static final String IQN = "iqn.2026-01.io.holdfast:v";

    @TempDir Path directory;

    private static final class AlwaysAllowed implements ActingRight {
        @Override
        public long actingUntilNanos(VolumeId volume, Epoch epoch) {
            return System.nanoTime() + 60_000_000_000L;
        }

        @Override
        public CompletionStage<Void> recordOutdated(VolumeId volume, Epoch epoch, NodeId replica) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private VolumeService volumes() throws IOException {
        Path disk = directory.resolve("v.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        String conf =
                """
                resource v {
                    protocol C;
                    on a {
                        device /dev/drbd0;
                        disk %s;
                        address 127.77.5.9:7788;
                        meta-disk internal;
                    }
                }
                """
                        .formatted(disk);
        return VolumeService.open(
                DrbdConf.parse(conf, "test"), SELF, new AlwaysAllowed(), new byte[32], _ -> {});
    }

    @Test
    void aLunServesAsLongAsItsVolumeIsPrimaryHere() throws IOException {
        try (VolumeService volumes = volumes();
                Targets targets = new Targets("test", new IscsiTargetService(), volumes)) {
            volumes.createMetadata(VOLUME, false);
            volumes.up(VOLUME);
            volumes.promoteByForce(VOLUME, new Epoch(1));
            targets.add(
                    new StorageRequest.TargetAdd(
                            IQN,
                            List.of(new Portal("127.0.0.1", 0)),
                            new TreeMap<>(),
                            List.of(),
                            null,
                            List.of()));
            targets.addLun(new StorageRequest.LunAdd(IQN, 0, "v", new TreeMap<>()));
            assertThat(targets.lunStatus(IQN, 0)).isNotNull().matches(LunStatus::serving);

            volumes.demote(VOLUME, true);

            assertThat(targets.lunStatus(IQN, 0)).isNotNull().matches(lun -> !lun.serving());
            assertThat(targets.status(IQN)).isNotNull();
            assertThat(targets.lunStatus(IQN, 1)).isNull();
            targets.remove(IQN);
            assertThat(targets.lunStatus(IQN, 0)).isNull();
        }
    }
}
