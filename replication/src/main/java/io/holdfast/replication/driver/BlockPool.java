package io.holdfast.replication.driver;

import io.holdfast.linux.file.AlignedBufferPool;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Blocks for what peers send and for what a resync reads: a bound on the memory of one volume. Safe
 * for use by several threads.
 */
final class BlockPool {
    private final int capacityBytes;
    private final int most;
    private final ArrayDeque<IoBlock> free = new ArrayDeque<>();
    private int made;

    /**
     * A pool that fills itself as it is used.
     *
     * @param capacityBytes what each block can hold
     * @param most how many blocks there are at most
     */
    BlockPool(int capacityBytes, int most) {
        this.capacityBytes = capacityBytes;
        this.most = most;
    }

    int capacityBytes() {
        return capacityBytes;
    }

    /** A free block, or null when all are in use. */
    synchronized @Nullable IoBlock poll() {
        IoBlock block = free.pollLast();
        if (block == null && made < most) {
            made++;
            block = new IoBlock(AlignedBufferPool.allocate(capacityBytes));
        }
        return block;
    }

    /** A free block; waits for one. */
    synchronized IoBlock take() throws InterruptedException {
        IoBlock block = poll();
        while (block == null) {
            wait();
            block = poll();
        }
        return block;
    }

    synchronized void release(IoBlock block) {
        free.addLast(block);
        notifyAll();
    }
}
