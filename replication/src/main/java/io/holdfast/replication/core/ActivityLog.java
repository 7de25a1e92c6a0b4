package io.holdfast.replication.core;

import io.holdfast.base.Invariant;
import java.util.Arrays;

/**
 * Which extents are <em>hot</em>: may hold blocks that are not the same on every replica, because a
 * write to them is in flight or not yet on stable storage everywhere.
 *
 * <p>The set of hot extents is on disk before the first write to one of them begins. After a crash
 * all of their blocks count as dirty, and so nothing else needs to be written per request: bits of
 * the bitmap that are set inside hot extents may stay in memory until the extent turns cold.
 *
 * <pre>
 *   cold --(want)--> wanted --(log on disk)--> hot --(victim: unpinned, stable, its bits on disk)--
 *    ^                                                                                            |
 *    +---------------------------------(log on disk)----------------------------------------------+
 * </pre>
 *
 * One transaction goes to disk at a time; a slot is an extent's place in it. Preallocated, as it is
 * asked for every write.
 */
public final class ActivityLog {
    /** What one page of the log on disk holds. */
    public static final int MAX_SLOTS = 1000;

    private static final int NONE = -1;

    private enum State {
        FREE,
        /** In the transaction that is on its way to disk. */
        COMING,
        HOT
    }

    private final int[] extentOf = new int[MAX_SLOTS];
    private final State[] state = new State[MAX_SLOTS];
    private final int[] pins = new int[MAX_SLOTS];
    private final long[] lastUse = new long[MAX_SLOTS];
    private final ExtentIndex index = new ExtentIndex(MAX_SLOTS);
    private int used;
    private long uses;

    public ActivityLog() {
        Arrays.fill(state, State.FREE);
        Arrays.fill(extentOf, NONE);
    }

    /** Slots that are not free. */
    public int used() {
        return used;
    }

    /** The slot of a hot extent, or -1. */
    public int hotSlot(int extent) {
        int slot = index.get(extent);
        return slot != NONE && state[slot] == State.HOT ? slot : NONE;
    }

    /** Whether the extent is hot or on its way to be. */
    public boolean isKnown(int extent) {
        return index.get(extent) != NONE;
    }

    public int extentOf(int slot) {
        return extentOf[slot];
    }

    /** Holds an extent hot while a request in it is in flight. */
    public void pin(int slot) {
        pins[slot]++;
        lastUse[slot] = ++uses;
    }

    public void unpin(int slot) {
        Invariant.check(pins[slot] > 0, "extent %d is not pinned", extentOf[slot]);
        pins[slot]--;
    }

    public boolean isPinned(int slot) {
        return pins[slot] > 0;
    }

    /** Puts an extent into the next transaction; there must be a free slot. */
    public void bring(int extent) {
        Invariant.check(used < MAX_SLOTS && !isKnown(extent), "extent %d has no slot", extent);
        int slot = 0;
        while (state[slot] != State.FREE) {
            slot++;
        }
        extentOf[slot] = extent;
        state[slot] = State.COMING;
        lastUse[slot] = ++uses;
        index.put(extent, slot);
        used++;
    }

    /** Takes an unpinned extent out of the next transaction. */
    public void evict(int slot) {
        Invariant.check(
                state[slot] == State.HOT && pins[slot] == 0,
                "extent %d cannot be evicted",
                extentOf[slot]);
        index.remove(extentOf[slot]);
        state[slot] = State.FREE;
        extentOf[slot] = NONE;
        used--;
    }

    /** The transaction made of what {@link #bring} and {@link #evict} said is on disk. */
    public void transactionDurable() {
        for (int slot = 0; slot < MAX_SLOTS; slot++) {
            if (state[slot] == State.COMING) {
                state[slot] = State.HOT;
            }
        }
    }

    /** The longest unused hot slot that is not pinned and that {@code may} allows; or -1. */
    public int victim(SlotFilter may) {
        int oldest = NONE;
        for (int slot = 0; slot < MAX_SLOTS; slot++) {
            if (state[slot] == State.HOT
                    && pins[slot] == 0
                    && (oldest == NONE || lastUse[slot] < lastUse[oldest])
                    && may.test(slot)) {
                oldest = slot;
            }
        }
        return oldest;
    }

    /** The extents of the next transaction, for the log on disk. */
    public int[] extents() {
        int[] extents = new int[used];
        int next = 0;
        for (int slot = 0; slot < MAX_SLOTS; slot++) {
            if (state[slot] != State.FREE) {
                extents[next++] = extentOf[slot];
            }
        }
        return extents;
    }

    /** Which slots may be taken. */
    @FunctionalInterface
    public interface SlotFilter {
        boolean test(int slot);
    }

    /** Extent to slot, open addressing with linear probing; no boxing. */
    private static final class ExtentIndex {
        private final int[] keys;
        private final int[] slots;
        private final int mask;

        ExtentIndex(int capacity) {
            int size = Integer.highestOneBit(capacity * 4);
            keys = new int[size];
            slots = new int[size];
            mask = size - 1;
            Arrays.fill(keys, NONE);
        }

        int get(int extent) {
            for (int i = home(extent); keys[i] != NONE; i = (i + 1) & mask) {
                if (keys[i] == extent) {
                    return slots[i];
                }
            }
            return NONE;
        }

        void put(int extent, int slot) {
            int i = home(extent);
            while (keys[i] != NONE) {
                i = (i + 1) & mask;
            }
            keys[i] = extent;
            slots[i] = slot;
        }

        void remove(int extent) {
            int hole = home(extent);
            while (keys[hole] != extent) {
                hole = (hole + 1) & mask;
            }
            // Moves later entries of the run back, so that no probe stops at the hole.
            for (int i = (hole + 1) & mask; keys[i] != NONE; i = (i + 1) & mask) {
                if (((i - home(keys[i])) & mask) >= ((i - hole) & mask)) {
                    keys[hole] = keys[i];
                    slots[hole] = slots[i];
                    hole = i;
                }
            }
            keys[hole] = NONE;
        }

        private int home(int extent) {
            return ((extent * 0x9E3779B9) >>> 12) & mask;
        }
    }
}
