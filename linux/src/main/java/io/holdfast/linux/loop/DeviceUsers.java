package io.holdfast.linux.loop;

import io.holdfast.linux.mount.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who uses a block device, in words for a person: mounts in any mount namespace, and processes that
 * have it open. What the kernel itself uses (swap, device-mapper) is in neither list, so an empty
 * answer is no proof.
 */
public final class DeviceUsers {
    private static final Path PROCESSES = Path.of("/proc");
    private static final int MOST_NAMED = 8;

    private DeviceUsers() {}

    /**
     * Such as {@code mounted on /data}, {@code open in dd (4711)}.
     *
     * @param majorMinor the device, such as {@code 7:3}
     * @param deviceNumber its {@code st_rdev}
     */
    public static List<String> of(String majorMinor, long deviceNumber) {
        Set<String> users = new LinkedHashSet<>();
        mounts(MountTable.read(), majorMinor, users);
        for (long process : processes()) {
            if (users.size() >= MOST_NAMED) {
                break;
            }
            mounts(MountTable.of(process), majorMinor, users);
            if (hasOpen(process, deviceNumber)) {
                users.add("open in " + command(process) + " (process " + process + ")");
            }
        }
        return List.copyOf(users);
    }

    /** As {@link #of(String, long)}, for a loop device. */
    public static List<String> of(LoopDevice device) {
        return of(device.majorMinor(), deviceNumber(Path.of(device.path())));
    }

    private static void mounts(List<MountTable.Entry> table, String majorMinor, Set<String> users) {
        for (MountTable.Entry entry : table) {
            if (entry.device().equals(majorMinor)) {
                users.add("mounted on " + entry.mountPoint());
            }
        }
    }

    private static List<Long> processes() {
        List<Long> processes = new ArrayList<>();
        long self = ProcessHandle.current().pid();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
            for (Path directory : directories) {
                long process = Long.parseLong(String.valueOf(directory.getFileName()));
                if (process != self) {
                    processes.add(process);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return processes;
        }
        return processes;
    }

    private static boolean hasOpen(long process, long deviceNumber) {
        Path descriptors = PROCESSES.resolve(process + "/fd");
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (isBlockDevice(descriptor) && deviceNumber(descriptor) == deviceNumber) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false;
        }
        return false;
    }

    // The link's text alone first: following it would stat files of hung filesystems.
    private static boolean isBlockDevice(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith("/dev");
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code st_rdev}; -1 when it cannot be had. */
    private static long deviceNumber(Path path) {
        try {
            return Files.getAttribute(path, "unix:rdev") instanceof Long number ? number : -1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static String command(long process) {
        try {
            return Files.readString(PROCESSES.resolve(process + "/comm")).strip();
        } catch (IOException e) {
            return "a process";
        }
    }
}
