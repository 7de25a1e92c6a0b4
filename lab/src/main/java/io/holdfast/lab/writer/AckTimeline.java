package io.holdfast.lab.writer;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * When a writer's writes were acknowledged, and the gaps between. A gap in which the writer was
 * told to pause does not count. Thread-safe.
 */
public final class AckTimeline {
    private static final int FIRST_CAPACITY = 1024;

    private static final byte ACKNOWLEDGED = 0;
    private static final byte PAUSED = 1;
    private static final byte RESUMED = 2;

    /** Times in order, and what happened at each. */
    private long[] times = new long[FIRST_CAPACITY];

    private byte[] kinds = new byte[FIRST_CAPACITY];
    private int size;
    private long acknowledgements;
    private boolean paused;

    synchronized void acknowledged(long atNanos) {
        add(atNanos, ACKNOWLEDGED);
        acknowledgements++;
    }

    synchronized void paused(long atNanos) {
        add(atNanos, PAUSED);
        paused = true;
    }

    synchronized void resumed(long atNanos) {
        add(atNanos, RESUMED);
        paused = false;
    }

    public synchronized long acknowledgements() {
        return acknowledgements;
    }

    /** How many writes were acknowledged in the window. */
    public synchronized long acknowledgementsBetween(long fromNanos, long toNanos) {
        long count = 0;
        for (int i = 0; i < size; i++) {
            if (kinds[i] == ACKNOWLEDGED && within(times[i], fromNanos, toNanos)) {
                count++;
            }
        }
        return count;
    }

    /** When the first write after a moment was acknowledged. */
    public synchronized OptionalLong firstAfter(long fromNanos) {
        for (int i = 0; i < size; i++) {
            if (kinds[i] == ACKNOWLEDGED && times[i] - fromNanos > 0) {
                return OptionalLong.of(times[i]);
            }
        }
        return OptionalLong.empty();
    }

    /** When the last write so far was acknowledged. */
    public synchronized OptionalLong last() {
        for (int i = size - 1; i >= 0; i--) {
            if (kinds[i] == ACKNOWLEDGED) {
                return OptionalLong.of(times[i]);
            }
        }
        return OptionalLong.empty();
    }

    /** A time without an acknowledgement, from one to the next. */
    public record Gap(long fromNanos, long toNanos) {
        public long nanos() {
            return toNanos - fromNanos;
        }

        /** Rounded up. */
        public long millis() {
            return (nanos() + 999_999) / 1_000_000;
        }
    }

    /**
     * The longest gap that touches the window, also one that began before it or has not ended at
     * its end.
     */
    public synchronized Gap longestGap(long fromNanos, long toNanos) {
        Gap longest = new Gap(fromNanos, fromNanos);
        for (int i = 1; i < size; i++) {
            if (kinds[i] != RESUMED
                    && times[i] - fromNanos > 0
                    && times[i - 1] - toNanos < 0
                    && times[i] - times[i - 1] > longest.nanos()) {
                longest = new Gap(times[i - 1], times[i]);
            }
        }
        boolean open = size > 0 && !paused && times[size - 1] - toNanos < 0;
        return open && toNanos - times[size - 1] > longest.nanos()
                ? new Gap(times[size - 1], toNanos)
                : longest;
    }

    private static boolean within(long time, long from, long to) {
        return time - from >= 0 && time - to <= 0;
    }

    private void add(long atNanos, byte kind) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            kinds = Arrays.copyOf(kinds, 2 * size);
        }
        times[size] = atNanos;
        kinds[size] = kind;
        size++;
    }
}
