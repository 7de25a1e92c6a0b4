package io.holdfast.iscsi.driver;

import io.holdfast.base.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Page-aligned direct buffers in sizes of powers of two, kept for reuse. Bounded: when everything
 * is out, {@link #take} gives nothing and the initiator is told to come again.
 */
final class BufferPool {
    static final int PAGE_BYTES = 4096;
    static final int LARGEST_BYTES = 8 << 20;
    private static final int CLASSES = 12;

    private final long limitBytes;
    private final AtomicLong allocatedBytes = new AtomicLong();
    private final LongAdder out = new LongAdder();
    private final ArrayDeque<Buffer>[] free;

    /** One buffer of the pool; {@code bytes} has position 0 and the asked length as limit. */
    static final class Buffer {
        final ByteBuffer bytes;
        private final int sizeClass;
        private boolean out;

        private Buffer(int sizeClass) {
            this.sizeClass = sizeClass;
            int size = PAGE_BYTES << sizeClass;
            this.bytes =
                    ByteBuffer.allocateDirect(size + PAGE_BYTES)
                            .alignedSlice(PAGE_BYTES)
                            .limit(size)
                            .slice();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    BufferPool(long limitBytes) {
        this.limitBytes = limitBytes;
        this.free = new ArrayDeque[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** Buffers that somebody holds now. */
    long out() {
        return out.sum();
    }

    long allocatedBytes() {
        return allocatedBytes.get();
    }

    /** A buffer of at least this many bytes, or null when the pool is exhausted. */
    @Nullable Buffer take(int length) {
        Invariant.check(length <= LARGEST_BYTES, "a buffer of %d bytes", length);
        int sizeClass = sizeClass(length);
        ArrayDeque<Buffer> queue = free[sizeClass];
        Buffer buffer;
        synchronized (queue) {
            buffer = queue.pollLast();
        }
        if (buffer == null) {
            buffer = allocate(sizeClass);
        }
        if (buffer != null) {
            buffer.out = true;
            out.increment();
            buffer.bytes.clear().limit(length);
        }
        return buffer;
    }

    private @Nullable Buffer allocate(int sizeClass) {
        long size = (long) PAGE_BYTES << sizeClass;
        if (allocatedBytes.addAndGet(size) > limitBytes) {
            allocatedBytes.addAndGet(-size);
            return null;
        }
        return new Buffer(sizeClass);
    }

    void giveBack(Buffer buffer) {
        Invariant.check(buffer.out, "a buffer given back twice");
        buffer.out = false;
        out.decrement();
        ArrayDeque<Buffer> queue = free[buffer.sizeClass];
        synchronized (queue) {
            queue.addLast(buffer);
        }
    }

    private static int sizeClass(int length) {
        int pages = Math.max(1, (length + PAGE_BYTES - 1) / PAGE_BYTES);
        return 32 - Integer.numberOfLeadingZeros(pages - 1);
    }
}
