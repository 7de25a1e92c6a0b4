package io.holdfast.device.driver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.linux.loop.LoopDevice;
import io.holdfast.linux.mount.MountTable;
import io.holdfast.linux.mount.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What tests leave in the kernel, and how it is cleared away however they end. */
final class KernelDevices {
    private KernelDevices() {}

    static void assumePresent() {
        assumeTrue(
                Files.isWritable(Path.of("/dev/fuse")) && isRoot(),
                "needs /dev/fuse and root: modprobe fuse, run as root");
        assumeTrue(
                Files.isWritable(Path.of("/dev/loop-control")),
                "needs loop devices: modprobe loop");
        assumeTrue(Commands.exist("mkfs.ext4", "fsck.ext4"), "needs mkfs.ext4 (e2fsprogs)");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Mounts, loop devices and holders that belong to a root. */
    static List<String> leftUnder(Path root) {
        List<String> left = new ArrayList<>();
        MountTable.read().stream()
                .map(MountTable.Entry::mountPoint)
                .filter(point -> point.startsWith(root + "/"))
                .forEach(left::add);
        loops(root).forEach(loop -> left.add(loop.path()));
        holders(root).forEach(holder -> left.add("holder " + holder.processId()));
        return left;
    }

    /** Takes all of it away, the newest first. */
    static void clear(Path root) {
        List<MountTable.Entry> mounts = new ArrayList<>(MountTable.read());
        mounts.removeIf(mount -> !mount.mountPoint().startsWith(root + "/"));
        for (MountTable.Entry mount : mounts.reversed()) {
            if (!mount.type().equals("fuse.holdfast")) {
                Mounts.unmountLazily(Path.of(mount.mountPoint()));
            }
        }
        loops(root).forEach(LoopDevice::detachWhenUnused);
        holders(root).forEach(holder -> holder.end(Duration.ofSeconds(5)));
        for (MountTable.Entry mount : mounts.reversed()) {
            if (mount.type().equals("fuse.holdfast")) {
                Mounts.abort(Path.of(mount.mountPoint()));
                if (isMounted(mount.mountPoint())) {
                    Mounts.unmountLazily(Path.of(mount.mountPoint()));
                }
            }
        }
        delete(root);
    }

    private static boolean isMounted(String point) {
        return MountTable.read().stream().anyMatch(mount -> mount.mountPoint().equals(point));
    }

    private static List<LoopDevice> loops(Path root) {
        List<LoopDevice> found = new ArrayList<>();
        for (Path file : files(root)) {
            found.addAll(LoopDevice.showing(file));
        }
        return found;
    }

    private static List<DeviceHolder> holders(Path root) {
        List<DeviceHolder> found = new ArrayList<>();
        for (Path file : files(root)) {
            found.addAll(DeviceHolder.of(file));
        }
        return found;
    }

    private static List<Path> files(Path root) {
        List<Path> found = new ArrayList<>();
        Path directory = root.resolve("run/devices");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                files.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static void delete(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
