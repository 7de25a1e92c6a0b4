package io.holdfast.linux.poll;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Waits until one of some descriptors can be read, to the nanosecond (ppoll(2)). A set is fixed;
 * make another one when it changes. For one thread.
 */
public final class DescriptorPoll {
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final MethodHandle PPOLL =
            LibC.function("ppoll", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

    private final CallState state = new CallState();
    private final MemorySegment entries;
    private final MemorySegment timeout;
    private final int count;

    /** The descriptors must stay open as long as this is used. */
    public DescriptorPoll(List<FileDescriptor> descriptors) {
        Arena arena = Arena.ofAuto();
        count = descriptors.size();
        entries = arena.allocate((long) POLLFD_BYTES * Math.max(1, count), 8);
        timeout = arena.allocate(16, 8);
        for (int i = 0; i < count; i++) {
            entries.set(JAVA_INT, (long) i * POLLFD_BYTES, descriptors.get(i).number());
            entries.set(JAVA_SHORT, (long) i * POLLFD_BYTES + 4, POLLIN);
        }
    }

    /**
     * Waits.
     *
     * @param nanos at most; negative: without end
     * @return how many can be read
     */
    public int await(long nanos) {
        MemorySegment limit = MemorySegment.NULL;
        if (nanos >= 0) {
            timeout.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
            timeout.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
            limit = timeout;
        }
        int ready;
        try {
            ready =
                    (int)
                            PPOLL.invokeExact(
                                    state.segment(),
                                    entries,
                                    (long) count,
                                    limit,
                                    MemorySegment.NULL);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (ready < 0) {
            if (state.number() == Errno.EINTR.number()) {
                return 0;
            }
            throw state.errno()
                    .failure("cannot wait", "descriptors", "raise the limit of open files");
        }
        return ready;
    }

    /** Whether the descriptor at this place of the list can be read (or has failed). */
    public boolean isReady(int index) {
        return entries.get(JAVA_SHORT, (long) index * POLLFD_BYTES + 6) != 0;
    }
}
