package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A namespace of the kernel (namespaces(7)), kept alive by an open descriptor: it and all that is
 * in it vanish when the descriptor is closed and no process is left inside, also when this process
 * is killed.
 *
 * <p>In Linux a thread, not a process, is in a namespace. {@link #call} therefore enters it with a
 * thread of its own, which ends afterwards; sockets that were opened there stay there.
 */
public final class Namespace implements AutoCloseable {
    /** The kinds that a single thread of many may enter. */
    public enum Kind {
        /** Interfaces, addresses, routes, ports. */
        NETWORK("net", 0x40000000),
        /** The host name ({@code uname -n}). */
        HOST_NAME("uts", 0x04000000);

        private final String file;
        private final int cloneFlag;

        Kind(String file, int cloneFlag) {
            this.file = file;
            this.cloneFlag = cloneFlag;
        }

        /** Its file in {@code /proc/PID/ns}. */
        public String file() {
            return file;
        }
    }

    private static final String REMEDY =
            "run as root (CAP_SYS_ADMIN) on a kernel with namespaces; in a container, start it"
                    + " privileged";

    private static final MethodHandle UNSHARE = LibC.function("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = LibC.function("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETHOSTNAME =
            LibC.function("sethostname", JAVA_INT, ADDRESS, JAVA_LONG);

    private final Kind kind;
    private final FileDescriptor descriptor;

    private Namespace(Kind kind, FileDescriptor descriptor) {
        this.kind = kind;
        this.descriptor = descriptor;
    }

    /** Makes a new one, empty but for what the kernel puts into it (a loopback that is down). */
    public static Namespace create(Kind kind) {
        return inOwnThread(
                () -> {
                    check(unshare(kind), "cannot make a namespace", kind.file());
                    return open(kind, "/proc/thread-self/ns/" + kind.file());
                });
    }

    /** The one that a process lives in. */
    public static Namespace of(long processId, Kind kind) {
        return open(kind, "/proc/" + processId + "/ns/" + kind.file());
    }

    public Kind kind() {
        return kind;
    }

    public FileDescriptor descriptor() {
        return descriptor;
    }

    /** A path by which other processes (nsenter) can open it while this process holds it. */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor.number());
    }

    /**
     * Opens one that has a name, as {@code ip netns} gives it.
     *
     * @param file such as {@code /run/netns/blue}
     */
    public static Namespace at(Path file, Kind kind) {
        return open(kind, file.toString());
    }

    /** Enters it with the calling thread, and all that this thread will start, for good. */
    public void enter() {
        int ignored = check(setns(descriptor, kind), "cannot enter a namespace", kind.file());
    }

    /**
     * Runs {@code work} inside. It must not start threads: they would stay inside, and the
     * namespace would live as long as they do.
     */
    public <T> T call(Supplier<T> work) {
        return inOwnThread(
                () -> {
                    check(setns(descriptor, kind), "cannot enter a namespace", kind.file());
                    return work.get();
                });
    }

    /** Gives the machine of a {@link Kind#HOST_NAME} namespace its name. */
    public void setHostName(String name) {
        if (kind != Kind.HOST_NAME) {
            throw new IllegalStateException("a namespace of kind " + kind + " has no host name");
        }
        Integer ignored =
                call(() -> check(setHostNameOfThread(name), "cannot set the host name", name));
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private static Namespace open(Kind kind, String path) {
        return new Namespace(kind, FileDescriptor.open(path, FileDescriptor.O_RDONLY, 0, REMEDY));
    }

    private static int check(int result, String what, String object) {
        if (result != 0) {
            throw CallState.ofThread().errno().failure(what, object, REMEDY);
        }
        return result;
    }

    private static int unshare(Kind kind) {
        try {
            return (int) UNSHARE.invokeExact(CallState.ofThread().segment(), kind.cloneFlag);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int setns(FileDescriptor descriptor, Kind kind) {
        try {
            return (int)
                    SETNS.invokeExact(
                            CallState.ofThread().segment(), descriptor.number(), kind.cloneFlag);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int setHostNameOfThread(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, bytes);
            return (int)
                    SETHOSTNAME.invokeExact(
                            CallState.ofThread().segment(), text, (long) bytes.length);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    // The thread leaves nothing of its namespaces behind in the thread that asked.
    private static <T> T inOwnThread(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = Thread.ofPlatform().name("in-namespace").start(task);
        try {
            T result = task.get();
            thread.join();
            return result;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a thread was in a namespace", e);
        }
    }
}
