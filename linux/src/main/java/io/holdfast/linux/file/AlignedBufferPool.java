package io.holdfast.linux.file;

import io.holdfast.base.Invariant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of page-aligned direct buffers of one size, so that memory use has a bound and a
 * request allocates nothing. Safe for use by several threads.
 *
 * <p>The memory is never given back to the system: a buffer may still be in the kernel's hands when
 * its volume is long closed. Keep pools as long as the process, not as long as a volume.
 */
public final class AlignedBufferPool {
    public static final int ALIGNMENT_BYTES = 4096;

    private final int bufferBytes;
    private final ByteBuffer[] free;
    private int freeCount;

    /**
     * @param bufferBytes a multiple of {@link #ALIGNMENT_BYTES}
     */
    public AlignedBufferPool(int bufferBytes, int count) {
        Invariant.check(
                bufferBytes > 0 && bufferBytes % ALIGNMENT_BYTES == 0,
                "a buffer of %d bytes is not whole pages",
                bufferBytes);
        this.bufferBytes = bufferBytes;
        this.free = new ByteBuffer[count];
        MemorySegment memory = Arena.global().allocate((long) bufferBytes * count, ALIGNMENT_BYTES);
        for (int i = 0; i < count; i++) {
            free[i] = memory.asSlice((long) i * bufferBytes, bufferBytes).asByteBuffer();
        }
        freeCount = count;
    }

    /** One buffer outside any pool; freed by the garbage collector. */
    public static ByteBuffer allocate(int bytes) {
        return Arena.ofAuto().allocate(bytes, ALIGNMENT_BYTES).asByteBuffer();
    }

    public int bufferBytes() {
        return bufferBytes;
    }

    /** A cleared buffer of {@link #bufferBytes}, or null when all are taken. */
    public synchronized @Nullable ByteBuffer acquire() {
        return freeCount == 0 ? null : free[--freeCount].clear();
    }

    /** Gives back what {@link #acquire} gave. */
    public synchronized void release(ByteBuffer buffer) {
        Invariant.check(freeCount < free.length, "a buffer was released twice");
        free[freeCount++] = buffer;
    }

    public synchronized int available() {
        return freeCount;
    }
}
