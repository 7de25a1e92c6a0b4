package io.holdfast.lab.writer;

import io.holdfast.base.Invariant;

/**
 * What a writer is to do.
 *
 * @param writer its number, written into every block
 * @param firstBlock where its region of the disk begins, in units of 4 KiB
 * @param blocks how long the region is; it is written again and again
 * @param intervalNanos from the beginning of one write to that of the next
 * @param startPaused waits for {@code resume} before the first write
 */
record WriterPlan(
        long writer, long firstBlock, int blocks, long intervalNanos, boolean startPaused) {
    WriterPlan {
        Invariant.check(firstBlock >= 0, "first block %d", firstBlock);
        Invariant.check(blocks > 0 && blocks <= 1 << 24, "%d blocks", blocks);
        Invariant.check(intervalNanos > 0, "interval %d ns", intervalNanos);
    }
}
