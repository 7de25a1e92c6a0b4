package io.holdfast.executor.builtin;

import io.holdfast.api.control.ControlServer;
import io.holdfast.api.control.Progress;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.LunState;
import io.holdfast.api.message.LunStatus;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.TargetState;
import io.holdfast.api.message.TargetStatus;
import io.holdfast.api.message.VolumeState;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A storaged with one volume in memory, behind a real control socket. */
final class RehearsalStorage implements AutoCloseable {
    static final VolumeId VOLUME = new VolumeId("VM_STORAGE_1");

    final List<String> asked = new CopyOnWriteArrayList<>();
    final Map<String, StorageRequest.TargetAdd> targets = new TreeMap<>();
    final Map<String, StorageRequest.LunAdd> luns = new TreeMap<>();
    private final ControlServer server;
    volatile boolean up;
    volatile VolumeStatus.Role role = VolumeStatus.Role.SECONDARY;
    volatile VolumeStatus.Disk disk = VolumeStatus.Disk.UP_TO_DATE;
    private volatile Epoch epoch = Epoch.NONE;

    RehearsalStorage(Path socket) {
        server = ControlServer.start(socket, this::answer);
    }

    @Override
    public void close() {
        server.close();
    }

    VolumeStatus status() {
        return new VolumeStatus(
                VOLUME,
                "/dev/drbd0",
                up,
                role,
                disk,
                "C",
                epoch,
                1 << 20,
                false,
                List.of(),
                VolumeStatus.Counters.NONE,
                null);
    }

    private synchronized Answer answer(Request<?> request, Progress progress) {
        asked.add(request.getClass().getSimpleName());
        return switch (request) {
            case StorageRequest.VolumeUp r -> change(r.volume(), () -> up = true);
            case StorageRequest.VolumeDown _ -> {
                require(role == VolumeStatus.Role.SECONDARY, "it is Primary");
                up = false;
                yield Done.QUIETLY;
            }
            case StorageRequest.VolumePromote r -> {
                require(disk == VolumeStatus.Disk.UP_TO_DATE, "it is " + disk.shown());
                epoch = r.epoch();
                yield change(r.volume(), () -> role = VolumeStatus.Role.PRIMARY);
            }
            case StorageRequest.VolumeDemote r ->
                    change(r.volume(), () -> role = VolumeStatus.Role.SECONDARY);
            case StorageRequest.VolumeStatusQuery r -> change(r.volume(), () -> {});
            case StorageRequest.TargetAdd r -> {
                targets.put(r.iqn(), r);
                yield Done.QUIETLY;
            }
            case StorageRequest.TargetRemove r -> {
                targets.remove(r.iqn());
                yield Done.QUIETLY;
            }
            case StorageRequest.TargetStatusQuery r -> new TargetState(target(r.iqn()));
            case StorageRequest.LunAdd r -> {
                luns.put(r.iqn() + "," + r.lun(), r);
                yield Done.QUIETLY;
            }
            case StorageRequest.LunRemove r -> {
                luns.remove(r.iqn() + "," + r.lun());
                yield Done.QUIETLY;
            }
            case StorageRequest.LunStatusQuery r ->
                    new LunState(
                            luns.containsKey(r.iqn() + "," + r.lun())
                                    ? new LunStatus(
                                            r.iqn(),
                                            r.lun(),
                                            VOLUME.name(),
                                            1 << 20,
                                            role == VolumeStatus.Role.PRIMARY)
                                    : null);
            default -> throw new AssertionError("agents do not ask " + request);
        };
    }

    private VolumeState change(VolumeId volume, Runnable change) {
        if (!volume.equals(VOLUME)) {
            return new VolumeState(null);
        }
        change.run();
        return new VolumeState(status());
    }

    private @Nullable TargetStatus target(String iqn) {
        StorageRequest.TargetAdd target = targets.get(iqn);
        return target == null
                ? null
                : new TargetStatus(iqn, target.portals(), List.of(), List.of());
    }

    private static void require(boolean holds, String why) {
        if (!holds) {
            throw new ProblemException(new Problem("refused", VOLUME.name(), why, "resync it"));
        }
    }
}
