package io.holdfast.replication.driver;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers for data generations: never used before, by any node of the volume, and telling when they
 * were drawn, so that after a split brain a person can be told since when each side went on alone.
 *
 * <pre>
 *  bit  63    0
 *  62..21     milliseconds since 1970 by this node's clock
 *  20..18     index of the node
 *  17..0      random
 * </pre>
 *
 * The clock is for people to read; nothing is decided by it. Should it be set back, the random part
 * and the last number drawn keep numbers apart.
 */
final class Generations {
    private static final int MILLIS_SHIFT = 21;
    private static final int NODE_SHIFT = 18;

    private final int nodeIndex;
    private long lastMillis;

    Generations(int nodeIndex) {
        this.nodeIndex = nodeIndex;
    }

    synchronized long next() {
        lastMillis = Math.max(lastMillis + 1, System.currentTimeMillis());
        long random = ThreadLocalRandom.current().nextLong(1L << NODE_SHIFT);
        return (lastMillis << MILLIS_SHIFT) | ((long) nodeIndex << NODE_SHIFT) | random;
    }

    /** When it was drawn, by the clock of the node that did. */
    static Instant begunAt(long generation) {
        return Instant.ofEpochMilli(generation >>> MILLIS_SHIFT);
    }
}
