package io.holdfast.linux.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.mount.Mounts;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * One mount's connection to the kernel: an open {@code /dev/fuse}. The connection lives as long as
 * any process holds the descriptor; when the last one closes it, all requests fail with
 * ECONNABORTED or EIO. Messages are read and written whole, at native addresses, and may be by
 * several threads.
 */
public final class FuseConnection implements AutoCloseable {
    private static final String DEVICE = "/dev/fuse";
    private static final String REMEDY =
            "load the kernel's module (modprobe fuse) and run as root; in a container, pass the"
                    + " device in";

    private static final MethodHandle READ =
            LibC.function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE =
            LibC.function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);

    private final FileDescriptor descriptor;

    private FuseConnection(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A connection without a mount yet. */
    public static FuseConnection open() {
        return new FuseConnection(FileDescriptor.open(DEVICE, FileDescriptor.O_RDWR, 0, REMEDY));
    }

    /** A connection that another process opened and that is served from here on. */
    public static FuseConnection of(FileDescriptor descriptor) {
        return new FuseConnection(descriptor);
    }

    /**
     * Mounts a filesystem whose root is a regular file over the file {@code target}. Returns before
     * the kernel's first message (INIT) is answered.
     *
     * @param source what mount tables show as the device
     * @param maxReadBytes the longest read the kernel may ask for
     */
    public void mountOver(Path target, String source, int maxReadBytes) {
        String options =
                "fd="
                        + descriptor.number()
                        + ",rootmode=100600,user_id=0,group_id=0,default_permissions,max_read="
                        + maxReadBytes;
        Mounts.mount(
                source,
                target,
                "fuse.holdfast",
                Mounts.NO_SUID | Mounts.NO_DEVICES | Mounts.NO_EXECUTION | Mounts.NO_ACCESS_TIME,
                options);
    }

    public FileDescriptor descriptor() {
        return descriptor;
    }

    /**
     * Waits for the kernel's next message.
     *
     * @return its length, or the negative errno: ENODEV after the mount is gone
     */
    public long read(long address, long capacityBytes) {
        CallState state = CallState.ofThread();
        try {
            long count =
                    (long)
                            READ.invokeExact(
                                    state.segment(), descriptor.number(), address, capacityBytes);
            return count >= 0 ? count : -state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /**
     * Gives the kernel one message.
     *
     * @return 0, or the errno: ENOENT when nobody waits for the answer any more
     */
    public int write(long address, long lengthBytes) {
        CallState state = CallState.ofThread();
        try {
            long count =
                    (long)
                            WRITE.invokeExact(
                                    state.segment(), descriptor.number(), address, lengthBytes);
            return count >= 0 ? 0 : state.number();
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
