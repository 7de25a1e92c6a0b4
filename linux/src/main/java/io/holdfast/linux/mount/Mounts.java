package io.holdfast.linux.mount;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** mount(2) and umount2(2), in this process's mount namespace. */
public final class Mounts {
    public static final long NO_SUID = 2;
    public static final long NO_DEVICES = 4;
    public static final long NO_EXECUTION = 8;
    public static final long NO_ACCESS_TIME = 1024;

    private static final int MNT_FORCE = 1;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final String REMEDY =
            "run as root (CAP_SYS_ADMIN); in a container, start it privileged";

    private static final MethodHandle MOUNT =
            LibC.function("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle UMOUNT2 =
            LibC.function("umount2", JAVA_INT, ADDRESS, JAVA_INT);

    private Mounts() {}

    /**
     * Mounts.
     *
     * @param flags of the constants here, added
     * @param options for the filesystem alone, separated by commas
     */
    public static void mount(String source, Path target, String type, long flags, String options) {
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            MOUNT.invokeExact(
                                    state.segment(),
                                    arena.allocateFrom(source),
                                    arena.allocateFrom(target.toString()),
                                    arena.allocateFrom(type),
                                    flags,
                                    arena.allocateFrom(options));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result != 0) {
            throw state.errno().failure("cannot mount " + source, target.toString(), REMEDY);
        }
    }

    /**
     * Unmounts; waits for the filesystem's last writes.
     *
     * @return false when it is in use
     */
    public static boolean unmount(Path target) {
        return unmount(target, UMOUNT_NOFOLLOW);
    }

    /** Takes the mount out of sight at once; it ends when nobody uses it any more. */
    public static boolean unmountLazily(Path target) {
        return unmount(target, UMOUNT_NOFOLLOW | MNT_DETACH);
    }

    /**
     * Has a filesystem in user space fail all its requests; it stays mounted while it is in use.
     */
    public static boolean abort(Path target) {
        return unmount(target, UMOUNT_NOFOLLOW | MNT_FORCE);
    }

    private static boolean unmount(Path target, int flags) {
        CallState state = CallState.ofThread();
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            UMOUNT2.invokeExact(
                                    state.segment(), arena.allocateFrom(target.toString()), flags);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result == 0) {
            return true;
        }
        Errno errno = state.errno();
        if (errno.equals(Errno.EBUSY)) {
            return false;
        }
        throw errno.failure("cannot unmount", target.toString(), REMEDY);
    }
}
