package io.holdfast.linux.signal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.base.Invariant;
import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Signals that the JVM has no name for, such as real-time ones, read from a descriptor
 * (signalfd(2)).
 *
 * <p>They must be blocked in every thread, so whoever starts the JVM must have blocked them ({@code
 * env --block-signal=36 java …}; a mask outlives exec). Otherwise their default action, the end of
 * the process, comes first: {@link #isBlocked} tells.
 */
public final class SignalQueue implements AutoCloseable {
    private static final int SFD_CLOEXEC = FileDescriptor.O_CLOEXEC;
    private static final int MASK_BYTES = 128; // sigset_t of the C library
    private static final int RECORD_BYTES = 128; // struct signalfd_siginfo; begins with the number
    private static final int LARGEST_SIGNAL = 64;

    private static final MethodHandle SIGNALFD =
            LibC.function("signalfd", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle READ =
            LibC.function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private final FileDescriptor descriptor;

    private SignalQueue(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A queue of these signals from now on. */
    public static SignalQueue open(int... signals) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            for (int signal : signals) {
                Invariant.check(signal > 0 && signal <= LARGEST_SIGNAL, "no signal: %d", signal);
                mask.set(JAVA_LONG, 0, mask.get(JAVA_LONG, 0) | 1L << (signal - 1));
            }
            int number = (int) SIGNALFD.invokeExact(state.segment(), -1, mask, SFD_CLOEXEC);
            if (number < 0) {
                throw state.errno()
                        .failure(
                                "cannot listen for signals",
                                "signalfd",
                                "raise the limit of open files");
            }
            return new SignalQueue(FileDescriptor.owning(number, "signals"));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /** Whether a signal is blocked in the calling thread. */
    public static boolean isBlocked(int signal) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            return lines.filter(line -> line.startsWith("SigBlk:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(mask -> (mask >>> (signal - 1) & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits for the next one, on a platform thread; its number. */
    public int take() {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment record = arena.allocate(RECORD_BYTES, Long.BYTES);
            long count;
            do {
                count =
                        (long)
                                READ.invokeExact(
                                        state.segment(),
                                        descriptor.number(),
                                        record,
                                        (long) RECORD_BYTES);
            } while (count < 0 && state.errno().equals(Errno.EINTR));
            if (count != RECORD_BYTES) {
                throw state.errno()
                        .failure("cannot read signals", "signalfd", "report this as a bug");
            }
            return record.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
