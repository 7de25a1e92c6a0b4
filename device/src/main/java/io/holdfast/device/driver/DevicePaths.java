package io.holdfast.device.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.loop.DeviceNode;
import io.holdfast.linux.loop.LoopDevice;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that belong to devices, under one root.
 *
 * <pre>
 * run/holdfast/devices/NAME    the volume as a file: where the FUSE mount lies
 * dev/drbd0                    the device as drbd.conf calls it: a node of the loop device's numbers
 * dev/drbd/by-res/NAME/0       the same by name, as udev makes it for DRBD: a link to the former
 * </pre>
 */
public final class DevicePaths {
    private final Path root;
    private final Path mounts;

    /**
     * Paths under a root.
     *
     * @param root what {@code /dev} lies under
     * @param run the daemon's directory for what does not outlive a reboot
     */
    public DevicePaths(Path root, Path run) {
        this.root = root;
        this.mounts = run.resolve("devices");
    }

    /** Without symbolic links, as the kernel's tables have it. */
    Path mount(VolumeId volume) {
        try {
            Path directory = Files.isDirectory(mounts) ? mounts.toRealPath() : mounts;
            return directory.resolve(volume.name());
        } catch (IOException e) {
            throw failed("the directory of devices cannot be found", mounts, e);
        }
    }

    /** A path of the configuration, such as {@code /dev/drbd0}, under this root. */
    Path device(String configured) {
        return root.resolve(Path.of("/").relativize(Path.of("/").resolve(configured).normalize()));
    }

    private Path byName(VolumeId volume) {
        return root.resolve("dev/drbd/by-res").resolve(volume.name()).resolve("0");
    }

    /** Volumes that have, or had, a device. */
    List<VolumeId> known() {
        List<VolumeId> found = new ArrayList<>();
        if (!Files.isDirectory(mounts)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(mounts)) {
            for (Path file : files) {
                found.add(new VolumeId(String.valueOf(file.getFileName())));
            }
        } catch (IOException e) {
            throw failed("the devices of before cannot be listed", mounts, e);
        }
        return found;
    }

    /** An empty file for the mount to lie over. */
    void makeMountPoint(VolumeId volume) {
        Path file = mounts.resolve(volume.name());
        try {
            Files.createDirectories(mounts);
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        } catch (IOException e) {
            throw failed("a device's mount point cannot be made", file, e);
        }
    }

    void removeMountPoint(VolumeId volume) {
        delete(mount(volume));
    }

    /**
     * Gives the loop device its names. What is there already is replaced if it is a node or link of
     * ours, and refused otherwise.
     */
    void name(VolumeId volume, String configured, LoopDevice loop) {
        Path node = device(configured);
        Path link = byName(volume);
        if (isForeign(node)) {
            throw new ProblemException(
                    new Problem(
                            "a device's name is taken",
                            node.toString(),
                            "a device of another driver has it (the DRBD module, perhaps)",
                            "unload that driver, or give the volume another device in drbd.conf"));
        }
        try {
            Files.createDirectories(parent(node));
            Files.createDirectories(parent(link));
            Files.deleteIfExists(node);
            makeNode(node, loop);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, parent(link).relativize(node));
        } catch (IOException e) {
            throw failed("a device cannot be given its name", node, e);
        }
    }

    // Where nodes may not be made (some containers), a link does; mount tables then show
    // /dev/loopN.
    private static void makeNode(Path node, LoopDevice loop) throws IOException {
        try {
            DeviceNode.create(node, loop);
        } catch (ProblemException e) {
            Files.createSymbolicLink(node, Path.of(loop.path()));
        }
    }

    void removeNames(VolumeId volume, String configured) {
        delete(byName(volume));
        delete(parent(byName(volume)));
        Path node = device(configured);
        if (!isForeign(node)) {
            delete(node);
        }
    }

    /** Whether something is there that is neither a loop device nor a link. */
    private static boolean isForeign(Path node) {
        return Files.exists(node, LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(node)
                && !DeviceNode.isLoop(node);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It is in the way of nothing: the next attachment replaces it.
            return;
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " has no parent");
        }
        return parent;
    }

    private static ProblemException failed(String what, Path path, IOException e) {
        return new ProblemException(
                new Problem(
                        what,
                        path.toString(),
                        String.valueOf(e.getMessage()),
                        "check the directory and the rights of this process"),
                e);
    }
}
