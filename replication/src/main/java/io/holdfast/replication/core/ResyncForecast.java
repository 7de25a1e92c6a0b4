package io.holdfast.replication.core;

/**
 * When a resync will be done: from its pace of the last ten seconds, or since it began while that
 * is shorter. A pace over some seconds follows what clients and disks leave, and does not jump with
 * each flush.
 */
final class ResyncForecast {
    private static final int SAMPLES = 10;
    private static final long SAMPLE_NANOS = 1_000_000_000L;
    private static final long LEAST_NANOS = 500_000_000L;

    private final long[] atNanos = new long[SAMPLES];
    private final long[] blocks = new long[SAMPLES];
    private int taken;
    private boolean begun;
    private long latestNanos;
    private long latestBlocks;

    void start(long nowNanos) {
        taken = 0;
        begun = false;
        latestNanos = nowNanos;
    }

    /**
     * Takes a look at the count of blocks that were resynced.
     *
     * @param total since whenever; only differences count
     */
    void observe(long nowNanos, long total) {
        latestNanos = nowNanos;
        latestBlocks = total;
        boolean due = taken == 0 || nowNanos - atNanos[(taken - 1) % SAMPLES] >= SAMPLE_NANOS;
        if (!begun || due) {
            begun = true;
            atNanos[taken % SAMPLES] = nowNanos;
            blocks[taken % SAMPLES] = total;
            taken++;
        }
    }

    /** 0 when not known yet. */
    long blocksPerSecond() {
        if (taken == 0) {
            return 0;
        }
        int oldest = taken <= SAMPLES ? 0 : taken % SAMPLES;
        long elapsed = latestNanos - atNanos[oldest];
        return elapsed < LEAST_NANOS ? 0 : (long) ((latestBlocks - blocks[oldest]) * 1e9 / elapsed);
    }

    /** -1 when not known yet. */
    int secondsFor(long blocksLeft) {
        long pace = blocksPerSecond();
        return pace == 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, (blocksLeft + pace - 1) / pace);
    }
}
