package io.holdfast.linux.nativecall;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor with one owner. {@link #close} closes it once; a number must never be
 * closed twice, for by then it may be somebody else's.
 */
public final class FileDescriptor implements AutoCloseable {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle OPEN =
            LibC.variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = LibC.function("close", JAVA_INT, JAVA_INT);

    private final int number;
    private final String name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileDescriptor(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /** Takes ownership of a number that a system call has just returned. */
    public static FileDescriptor owning(int number, String name) {
        return new FileDescriptor(number, name);
    }

    /**
     * Opens a path. {@code O_CLOEXEC} is always added, so that no child inherits it.
     *
     * @param mode permissions of a file that {@link #O_CREAT} makes
     * @throws SystemCallException when the kernel refuses; {@code remedy} is told with it
     */
    public static FileDescriptor open(String path, int flags, int mode, String remedy) {
        CallState state = CallState.ofThread();
        int number;
        try (Arena arena = Arena.ofConfined()) {
            number =
                    (int)
                            OPEN.invokeExact(
                                    state.segment(),
                                    arena.allocateFrom(path),
                                    flags | O_CLOEXEC,
                                    mode);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (number < 0) {
            throw state.errno().failure("cannot open", path, remedy);
        }
        return new FileDescriptor(number, path);
    }

    /** The number, for system calls; it must not outlive this object. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(name + " is closed");
        }
        return number;
    }

    /** The path, or what it was opened for. */
    public String name() {
        return name;
    }

    // An error of close(2) says nothing that a flush before it has not said; Linux has released the
    // number in any case.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                int ignored = (int) CLOSE.invokeExact(CallState.ofThread().segment(), number);
            } catch (Throwable e) {
                throw LibC.unexpected(e);
            }
        }
    }

    @Override
    public String toString() {
        return name + " (descriptor " + number + ")";
    }
}
