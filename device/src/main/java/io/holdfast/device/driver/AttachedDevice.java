package io.holdfast.device.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.fuse.FuseConnection;
import io.holdfast.linux.loop.DeviceUsers;
import io.holdfast.linux.loop.LoopDevice;
import io.holdfast.linux.mount.MountTable;
import io.holdfast.linux.mount.Mounts;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.replication.volume.BlockVolume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One volume as a block device: a FUSE mount of one file, served by this process, kept by a {@link
 * DeviceHolder}, and shown by a loop device.
 *
 * <pre>
 * attach   mount → serve → holder opens the file → loop device → names
 * detach   loop device (refused while anybody has it open) → holder ends → unmount → names go
 * resume   connection from the holder → serve, waiting for the volume → unanswered requests again
 * </pre>
 */
final class AttachedDevice {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedDevice.class);

    /** What DRBD shows too. */
    private static final int LOGICAL_BLOCK_BYTES = 512;

    private static final String MOUNT_TYPE = "fuse.holdfast";

    /** Tools that look at every new device (udev, blkid) have it open for a moment. */
    private static final Duration PASSING_USERS = Duration.ofMillis(500);

    private static final Duration LONGEST_STEP = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 10;

    private final VolumeId volume;
    private final String name;
    private final DevicePaths paths;
    private final FuseServer server;
    private final DeviceHolder holder;
    private final LoopDevice loop;

    private AttachedDevice(
            VolumeId volume,
            String name,
            DevicePaths paths,
            FuseServer server,
            DeviceHolder holder,
            LoopDevice loop) {
        this.volume = volume;
        this.name = name;
        this.paths = paths;
        this.server = server;
        this.holder = holder;
        this.loop = loop;
    }

    /**
     * Attaches a volume.
     *
     * @param name of the device, as the configuration has it
     */
    static AttachedDevice attach(BlockVolume volume, String name, DevicePaths paths)
            throws InterruptedException {
        paths.makeMountPoint(volume.id());
        Path file = paths.mount(volume.id());
        FuseServer server = mounted(volume.id(), file);
        server.serve(volume);
        DeviceHolder holder = null;
        LoopDevice loop = null;
        boolean attached = false;
        try {
            holder = server.hold(file);
            try (FileDescriptor opened = holder.awaitFile(file)) {
                loop = LoopDevice.attach(opened, LOGICAL_BLOCK_BYTES, "holdfast:" + volume.id());
            }
            paths.name(volume.id(), name, loop);
            attached = true;
            LOG.info("volume {} is attached as {} ({})", volume.id(), name, loop.path());
            return new AttachedDevice(volume.id(), name, paths, server, holder, loop);
        } finally {
            if (!attached) {
                discard(loop, holder, file);
                paths.removeMountPoint(volume.id());
            }
        }
    }

    private static FuseServer mounted(VolumeId volume, Path file) {
        FuseConnection connection = FuseConnection.open();
        boolean mounted = false;
        try {
            connection.mountOver(file, "holdfast:" + volume, RequestSlot.MAX_DATA_BYTES);
            mounted = true;
        } finally {
            if (!mounted) {
                connection.close();
            }
        }
        FuseServer server = new FuseServer(volume.name(), connection);
        server.start();
        return server;
    }

    /**
     * Takes over what a daemon before this one left; its requests wait until {@link #serve}. What
     * cannot be taken over is cleared away.
     *
     * @return empty when nothing is left
     */
    static Optional<AttachedDevice> resume(VolumeId volume, String name, DevicePaths paths)
            throws InterruptedException {
        Path file = paths.mount(volume);
        List<DeviceHolder> holders = DeviceHolder.of(file);
        List<LoopDevice> loops = LoopDevice.showing(file);
        if (holders.size() == 1 && loops.size() == 1 && isMounted(file)) {
            DeviceHolder holder = holders.getFirst();
            Optional<FuseConnection> connection = holder.connection();
            if (connection.isPresent()) {
                FuseServer server = new FuseServer(volume.name(), connection.get());
                server.start();
                LoopDevice loop = loops.getFirst();
                askAgain(server, volume, file);
                LOG.info("took over the device {} ({}) of volume {}", name, loop.path(), volume);
                return Optional.of(new AttachedDevice(volume, name, paths, server, holder, loop));
            }
        }
        clear(holders, loops, volume, name, paths);
        return Optional.empty();
    }

    private static void askAgain(FuseServer server, VolumeId volume, Path file) {
        if (server.resendUnanswered()) {
            return;
        }
        // Better an error than a filesystem that hangs for good.
        LOG.error(
                "this kernel (before 6.9) cannot give out requests again that storaged had read when"
                        + " it died: the device of {} is aborted; unmount and mount it again",
                volume);
        Mounts.abort(file);
    }

    private static void clear(
            List<DeviceHolder> holders,
            List<LoopDevice> loops,
            VolumeId volume,
            String name,
            DevicePaths paths)
            throws InterruptedException {
        Path file = paths.mount(volume);
        if (!holders.isEmpty() || !loops.isEmpty() || isMounted(file)) {
            LOG.warn("clearing away what is left of the device of volume {}", volume);
        }
        for (LoopDevice loop : loops) {
            if (loop.detachWhenUnused() == LoopDevice.Detaching.DETACHED
                    && loop.backingFile().isPresent()) {
                LOG.warn(
                        "{} of volume {} is still used, with errors: {}; unmount it",
                        loop.path(),
                        volume,
                        DeviceUsers.of(loop, List.of(paths.device(name))));
            }
        }
        // Nobody answers any more: what waits must fail, or it and the mount would stay for good.
        if (isMounted(file)) {
            Mounts.abort(file);
        }
        for (DeviceHolder holder : holders) {
            endHolder(holder);
        }
        discard(null, null, file);
        paths.removeNames(volume, name);
        paths.removeMountPoint(volume);
    }

    // After this no step may throw: what is left is cleared away at the next start.
    private static void discard(@Nullable LoopDevice loop, @Nullable DeviceHolder holder, Path file)
            throws InterruptedException {
        try {
            if (loop != null) {
                loop.detachWhenUnused();
            }
            if (holder != null) {
                endHolder(holder);
            }
            unmount(file);
        } catch (ProblemException e) {
            LOG.error("a device is not quite cleared away: {}", e.getMessage());
        }
    }

    /** Whether a mount of ours lies over the file. Looks at tables alone, not at the file. */
    private static boolean isMounted(Path file) {
        return MountTable.read().stream()
                .anyMatch(
                        entry ->
                                entry.mountPoint().equals(file.toString())
                                        && entry.type().equals(MOUNT_TYPE));
    }

    private static void endHolder(DeviceHolder holder) {
        if (!holder.end(LONGEST_STEP)) {
            LOG.warn("the holder {} of a device does not end", holder.processId());
        }
    }

    private static void unmount(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_STEP.toNanos();
        while (isMounted(file)) {
            if (Mounts.unmount(file)) {
                continue;
            }
            if (System.nanoTime() - deadline >= 0) {
                LOG.warn("{} is still open somewhere; it is unmounted when it is closed", file);
                Mounts.unmountLazily(file);
                return;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Serves this volume from now on, after {@link #resume}. */
    void serve(BlockVolume opened) {
        server.serve(opened);
    }

    /** Whether it waits for {@link #serve}. */
    boolean isWaiting() {
        return !server.isServing();
    }

    /**
     * Takes the device away.
     *
     * @throws ProblemException when somebody has it open; then it is as it was
     */
    void detach() throws InterruptedException {
        long deadline = System.nanoTime() + PASSING_USERS.toNanos();
        while (loop.detach() == LoopDevice.Detaching.IN_USE) {
            if (System.nanoTime() - deadline >= 0) {
                throw heldOpen();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        endHolder(holder);
        // Other mount namespaces (containers, services) may have a copy of the mount, which would
        // keep the connection alive: it is ended, not only unmounted.
        server.expectEnd();
        Mounts.abort(paths.mount(volume));
        unmount(paths.mount(volume));
        if (!server.awaitEnd(LONGEST_STEP.toMillis())) {
            LOG.warn("the threads of the device of {} still wait for the kernel", volume);
        }
        paths.removeNames(volume, name);
        paths.removeMountPoint(volume);
        LOG.info("volume {} is detached from {}", volume, name);
    }

    private ProblemException heldOpen() {
        List<String> users = users();
        return new ProblemException(
                new Problem(
                        "its device cannot be taken away",
                        name,
                        "the device is held open by "
                                + (users.isEmpty()
                                        ? "the kernel (swap, device-mapper or the like)"
                                        : String.join(", ", users)),
                        "unmount it (umount " + name + ") or end what uses it, then try again"));
    }

    private List<String> users() {
        return DeviceUsers.of(loop, List.of(paths.device(name)));
    }

    /** Leaves everything to the next daemon, which asks for what was not answered. */
    void leave() {
        server.leave();
    }

    DeviceStatus status() {
        return new DeviceStatus(
                volume,
                name,
                loop.path(),
                users(),
                isWaiting(),
                !holder.hasEnded(),
                server.requestsInFlight());
    }
}
