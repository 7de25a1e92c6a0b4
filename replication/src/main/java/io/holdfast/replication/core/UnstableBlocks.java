package io.holdfast.replication.core;

/**
 * The blocks written since they were last known to be on stable storage on every replica that
 * counts, by slot of the activity log. Whoever loses a replica must assume that it lacks these: its
 * disk may have had them in a volatile cache.
 *
 * <p>A flush covers what was complete when it began, so there are two generations: {@link
 * #beginFlush} moves everything to the older one (requests in flight are then added to the newer
 * one again), {@link #endFlush} forgets the older one.
 */
final class UnstableBlocks {
    private final int wordsPerExtent;
    private long[] recent;
    private long[] flushing;
    private boolean[] recentUsed = new boolean[ActivityLog.MAX_SLOTS];
    private boolean[] flushingUsed = new boolean[ActivityLog.MAX_SLOTS];

    UnstableBlocks(VolumeGeometry geometry) {
        wordsPerExtent = geometry.extentBlocks() / Long.SIZE;
        recent = new long[ActivityLog.MAX_SLOTS * wordsPerExtent];
        flushing = new long[ActivityLog.MAX_SLOTS * wordsPerExtent];
    }

    /** Adds blocks of one extent, counted from its first. */
    void add(int slot, int fromBlock, int endBlock) {
        recentUsed[slot] = true;
        int base = slot * wordsPerExtent;
        for (int block = fromBlock; block < endBlock; ) {
            int next = Math.min(endBlock, (block | (Long.SIZE - 1)) + 1);
            int length = next - block;
            long ones = length == Long.SIZE ? -1L : (1L << length) - 1;
            recent[base + (block >> 6)] |= ones << block;
            block = next;
        }
    }

    /** Whether the slot's extent may turn cold. */
    boolean isStable(int slot) {
        return !recentUsed[slot] && !flushingUsed[slot];
    }

    boolean isEmpty() {
        for (int slot = 0; slot < ActivityLog.MAX_SLOTS; slot++) {
            if (!isStable(slot)) {
                return false;
            }
        }
        return true;
    }

    void beginFlush() {
        // What an unfinished flush left is still not stable, so it is flushed once more.
        for (int slot = 0; slot < ActivityLog.MAX_SLOTS; slot++) {
            if (flushingUsed[slot]) {
                recentUsed[slot] = true;
                for (int w = slot * wordsPerExtent; w < (slot + 1) * wordsPerExtent; w++) {
                    recent[w] |= flushing[w];
                }
            }
        }
        clear(flushing, flushingUsed);
        long[] words = flushing;
        boolean[] used = flushingUsed;
        flushing = recent;
        flushingUsed = recentUsed;
        recent = words;
        recentUsed = used;
    }

    void endFlush() {
        clear(flushing, flushingUsed);
    }

    /** Sets the bit of every unstable block. */
    void addTo(BlockBitmap bitmap, ActivityLog log, VolumeGeometry geometry) {
        for (int slot = 0; slot < ActivityLog.MAX_SLOTS; slot++) {
            if (!isStable(slot)) {
                long first = geometry.firstBlockOf(log.extentOf(slot));
                for (int w = 0; w < wordsPerExtent; w++) {
                    int at = slot * wordsPerExtent + w;
                    bitmap.setWord(first + (long) w * Long.SIZE, recent[at] | flushing[at]);
                }
            }
        }
    }

    private void clear(long[] words, boolean[] used) {
        for (int slot = 0; slot < ActivityLog.MAX_SLOTS; slot++) {
            if (used[slot]) {
                used[slot] = false;
                java.util.Arrays.fill(
                        words, slot * wordsPerExtent, (slot + 1) * wordsPerExtent, 0L);
            }
        }
    }
}
