package io.holdfast.linux.poll;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Lets any thread end another one's {@link DescriptorPoll#await} (eventfd(2)). */
public final class WakeUp implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;

    private static final MethodHandle EVENTFD =
            LibC.function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ =
            LibC.function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE =
            LibC.function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private final FileDescriptor descriptor;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
    private final MemorySegment taken = arena.allocate(JAVA_LONG);

    private WakeUp(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static WakeUp create() {
        CallState state = CallState.ofThread();
        int number;
        try {
            number = (int) EVENTFD.invokeExact(state.segment(), 0, EFD_NONBLOCK | EFD_CLOEXEC);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (number < 0) {
            throw state.errno()
                    .failure("cannot make an event", "eventfd", "raise the limit of open files");
        }
        return new WakeUp(FileDescriptor.owning(number, "wake-up"));
    }

    public FileDescriptor descriptor() {
        return descriptor;
    }

    /** Ends the waiting that is going on, or else the next one. */
    public void signal() {
        try {
            // It can only fail when 2^64 signals are pending: then the waiter is awake anyway.
            long ignored =
                    (long)
                            WRITE.invokeExact(
                                    CallState.ofThread().segment(), descriptor.number(), one, 8L);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /** Takes all signals; for the waiter alone. */
    public void take() {
        try {
            long ignored =
                    (long)
                            READ.invokeExact(
                                    CallState.ofThread().segment(), descriptor.number(), taken, 8L);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
