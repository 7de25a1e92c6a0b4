package io.holdfast.linux.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** A second name of a block device (mknod(2)), which mount tables show as it was used. */
public final class DeviceNode {
    private static final int BLOCK_DEVICE = 0060000;
    private static final int OWNER_AND_GROUP = 0660;

    private static final MethodHandle MKNOD =
            LibC.function("mknod", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);

    private DeviceNode() {}

    /** Makes a node for a loop device; the path must be free. */
    public static void create(Path path, LoopDevice device) {
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            MKNOD.invokeExact(
                                    state.segment(),
                                    arena.allocateFrom(path.toString()),
                                    BLOCK_DEVICE | OWNER_AND_GROUP,
                                    deviceNumber(LoopDevice.MAJOR, device.number()));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result != 0) {
            throw state.errno()
                    .failure(
                            "cannot make a device node",
                            path.toString(),
                            "run as root; in a container, permit mknod");
        }
    }

    /** Whether a path is a node of any loop device. */
    public static boolean isLoop(Path path) {
        long number = deviceNumber(path);
        return number >= 0 && (number >>> 8 & 0xfff) == LoopDevice.MAJOR;
    }

    /** Whether a path is a node of this loop device. */
    static boolean isNodeOf(Path path, LoopDevice device) {
        return deviceNumber(path) == deviceNumber(LoopDevice.MAJOR, device.number());
    }

    /** {@code st_rdev}; -1 when it cannot be had. */
    private static long deviceNumber(Path path) {
        try {
            return Files.getAttribute(path, "unix:rdev") instanceof Long number ? number : -1;
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    /** {@code makedev(3)} of the GNU C library. */
    static long deviceNumber(long major, long minor) {
        return (minor & 0xff)
                | (major & 0xfff) << 8
                | (minor & ~0xffL) << 12
                | (major & ~0xfffL) << 32;
    }
}
