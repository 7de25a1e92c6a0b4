package io.holdfast.daemon.clusterd;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.ControlServer;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.api.message.TargetStatus;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LeftoversTest {
    @TempDir Path folder;
    private final List<Request<?>> asked = new CopyOnWriteArrayList<>();

    @Test
    void targetsGoFirstThenPrimariesAreDemotedAndSecondariesStayUp() {
        Path socket = folder.resolve("storaged.sock");
        try (ControlServer _ = ControlServer.start(socket, (r, progress) -> answer(r));
                ControlClient client = new ControlClient(socket)) {
            Leftovers.giveUp(client);
        }

        assertThat(asked)
                .containsExactly(
                        new StorageRequest.StorageStatusQuery(),
                        new StorageRequest.TargetRemove("iqn.2011-04.ru.domain:v"),
                        new StorageRequest.VolumeDemote(new VolumeId("primary")));
    }

    @Test
    void withoutStoragedThereIsNothingToGiveUp() {
        try (ControlClient client = new ControlClient(folder.resolve("storaged.sock"))) {
            Leftovers.giveUp(client);
        }
        assertThat(asked).isEmpty();
    }

    private Answer answer(Request<?> request) {
        asked.add(request);
        return switch (request) {
            case StorageRequest.StorageStatusQuery _ ->
                    new StorageStatus(
                            new NodeId("a"),
                            0,
                            List.of(
                                    volume("primary", VolumeStatus.Role.PRIMARY),
                                    volume("secondary", VolumeStatus.Role.SECONDARY)),
                            List.of(
                                    new TargetStatus(
                                            "iqn.2011-04.ru.domain:v",
                                            List.of(),
                                            List.of(),
                                            List.of())));
            case StorageRequest.TargetRemove _ -> Done.QUIETLY;
            case StorageRequest.VolumeDemote _ ->
                    new io.holdfast.api.message.VolumeState(
                            volume("primary", VolumeStatus.Role.SECONDARY));
            default -> throw new AssertionError("not asked: " + request);
        };
    }

    private static VolumeStatus volume(String name, VolumeStatus.Role role) {
        return new VolumeStatus(
                new VolumeId(name),
                "/dev/drbd0",
                true,
                role,
                VolumeStatus.Disk.UP_TO_DATE,
                "C",
                new Epoch(1),
                1 << 20,
                false,
                List.of(),
                VolumeStatus.Counters.NONE,
                null);
    }
}
