package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import io.holdfast.linux.poll.DescriptorPoll;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process held by a descriptor ({@code pidfd_open(2)}): a signal sent through it reaches this
 * process or nobody, even when the number has long been given to another.
 */
public final class PidDescriptor implements AutoCloseable {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    // The same numbers on every architecture; glibc has functions for them only since 2.36.
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_PIDFD_GETFD = 438;

    private static final MethodHandle PIDFD_OPEN =
            LibC.variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle PIDFD_SEND_SIGNAL =
            LibC.variadic(
                    "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private static final MethodHandle PIDFD_GETFD =
            LibC.variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);

    private final long processId;
    private final FileDescriptor descriptor;

    private PidDescriptor(long processId, FileDescriptor descriptor) {
        this.processId = processId;
        this.descriptor = descriptor;
    }

    /** The process that has this number now; empty when there is none. */
    public static Optional<PidDescriptor> open(long processId) {
        CallState state = CallState.ofThread();
        long result;
        try {
            result =
                    (long)
                            PIDFD_OPEN.invokeExact(
                                    state.segment(), SYS_PIDFD_OPEN, (int) processId, 0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result >= 0) {
            String name = "process " + processId;
            return Optional.of(
                    new PidDescriptor(processId, FileDescriptor.owning((int) result, name)));
        }
        if (state.errno().equals(Errno.ESRCH)) {
            return Optional.empty();
        }
        throw state.errno()
                .failure(
                        "cannot hold the process",
                        "process " + processId,
                        "Linux 5.3 or newer is needed; check the limit of open files");
    }

    public long processId() {
        return processId;
    }

    /**
     * Sends a signal.
     *
     * @return false when the process has ended (and was waited for)
     */
    public boolean signal(int signal) {
        CallState state = CallState.ofThread();
        long result;
        try {
            result =
                    (long)
                            PIDFD_SEND_SIGNAL.invokeExact(
                                    state.segment(),
                                    SYS_PIDFD_SEND_SIGNAL,
                                    descriptor.number(),
                                    signal,
                                    MemorySegment.NULL,
                                    0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (result == 0) {
            return true;
        }
        if (state.errno().equals(Errno.ESRCH)) {
            return false;
        }
        throw state.errno()
                .failure(
                        "cannot send signal " + signal,
                        "process " + processId,
                        "run as root or as the process's user");
    }

    /** Ends the process at once; it cannot prevent that. */
    public boolean kill() {
        return signal(SIGKILL);
    }

    /**
     * The same open file that the process has under {@code number}, as a descriptor of ours; the
     * process need not help ({@code pidfd_getfd(2)}).
     */
    public FileDescriptor share(int number) {
        CallState state = CallState.ofThread();
        long result;
        try {
            result =
                    (long)
                            PIDFD_GETFD.invokeExact(
                                    state.segment(),
                                    SYS_PIDFD_GETFD,
                                    descriptor.number(),
                                    number,
                                    0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        String name = "descriptor " + number + " of process " + processId;
        if (result < 0) {
            throw state.errno()
                    .failure(
                            "cannot share an open file",
                            name,
                            "run as root with CAP_SYS_PTRACE on Linux 5.6 or newer");
        }
        return FileDescriptor.owning((int) result, name);
    }

    /** Waits until the process has ended and closed its files; false when it has not by then. */
    public boolean awaitEnd(Duration longest) {
        return new DescriptorPoll(List.of(descriptor)).await(longest.toNanos()) > 0;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
