package io.holdfast.linux.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Anonymous memory of the kernel, page by page: a page costs nothing until it is touched, so that
 * generous buffers may be reserved for what seldom comes. Zero at first.
 */
public final class MappedMemory implements AutoCloseable {
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MMAP =
            LibC.function(
                    "mmap", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP =
            LibC.function("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MADVISE =
            LibC.function("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);

    private final MemorySegment segment;

    private MappedMemory(MemorySegment segment) {
        this.segment = segment;
    }

    public static MappedMemory map(long sizeBytes) {
        CallState state = CallState.ofThread();
        MemorySegment pointer;
        try {
            pointer =
                    (MemorySegment)
                            MMAP.invokeExact(
                                    state.segment(),
                                    0L,
                                    sizeBytes,
                                    PROT_READ_WRITE,
                                    MAP_PRIVATE_ANONYMOUS_NORESERVE,
                                    -1,
                                    0L);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (pointer.address() == MAP_FAILED) {
            throw state.errno()
                    .failure(
                            "cannot map memory",
                            sizeBytes + " bytes",
                            "raise the limit of address space (ulimit -v)");
        }
        return new MappedMemory(LibC.view(pointer, sizeBytes));
    }

    /** All of it; must not be used after {@link #close}. */
    public MemorySegment segment() {
        return segment;
    }

    /** Gives the pages of a range back to the system; they are zero when touched again. */
    public void forget(long offsetBytes, long lengthBytes) {
        try {
            int _ =
                    (int)
                            MADVISE.invokeExact(
                                    CallState.ofThread().segment(),
                                    segment.address() + offsetBytes,
                                    lengthBytes,
                                    MADV_DONTNEED);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    @Override
    public void close() {
        try {
            int _ =
                    (int)
                            MUNMAP.invokeExact(
                                    CallState.ofThread().segment(),
                                    segment.address(),
                                    segment.byteSize());
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
