package io.holdfast.linux.loop;

import io.holdfast.linux.mount.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
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
     * Such as {@code mounted on /data}, {@code open in dd (process 4711)}.
     *
     * @param nodes where else than in {@code /dev} the device has nodes
     */
    public static List<String> of(LoopDevice device, List<Path> nodes) {
        Set<String> users = new LinkedHashSet<>();
        String majorMinor = device.majorMinor();
        List<MountTable.Entry> own = mountsOf(MountTable.read(), majorMinor);
        own.forEach(entry -> users.add("mounted on " + entry.mountPoint()));
        for (long process : processes()) {
            if (users.size() >= MOST_NAMED) {
                break;
            }
            // Containers and services have copies of what was mounted when they were started.
            for (MountTable.Entry entry : mountsOf(MountTable.of(process), majorMinor)) {
                if (!own.contains(entry)) {
                    users.add(
                            "mounted on "
                                    + entry.mountPoint()
                                    + " in the mount namespace of "
                                    + command(process)
                                    + " (process "
                                    + process
                                    + ")");
                }
            }
            if (hasOpen(process, device, nodes)) {
                users.add("open in " + command(process) + " (process " + process + ")");
            }
        }
        return List.copyOf(users);
    }

    private static List<MountTable.Entry> mountsOf(
            List<MountTable.Entry> table, String majorMinor) {
        return table.stream().filter(entry -> entry.device().equals(majorMinor)).toList();
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

    private static boolean hasOpen(long process, LoopDevice device, List<Path> nodes) {
        Path descriptors = PROCESSES.resolve(process + "/fd");
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (mayBeDevice(descriptor, nodes) && DeviceNode.isNodeOf(descriptor, device)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
        return false;
    }

    // The link's text alone first: following it could wait for a filesystem that hangs.
    private static boolean mayBeDevice(Path descriptor, List<Path> nodes) {
        try {
            Path opened = Files.readSymbolicLink(descriptor);
            return opened.startsWith("/dev") || nodes.contains(opened);
        } catch (IOException e) {
            return false;
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
