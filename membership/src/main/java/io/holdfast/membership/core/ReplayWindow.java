package io.holdfast.membership.core;

import java.util.BitSet;

/**
 * Which frame numbers of one sender were seen. Numbers far behind the highest count as seen; so a
 * frame that comes over every ring, or is played back by somebody, is taken once.
 */
final class ReplayWindow {
    /** Frames that a slow ring may be behind a fast one. */
    static final int SIZE = 8192;

    private final BitSet seen = new BitSet(SIZE);
    private long highest;

    boolean isNew(long number) {
        return number > highest
                || (number > highest - SIZE && number > 0 && !seen.get(slot(number)));
    }

    void add(long number) {
        if (number > highest) {
            long forgetUpTo = Math.min(number, highest + SIZE);
            for (long n = highest + 1; n <= forgetUpTo; n++) {
                seen.clear(slot(n));
            }
            highest = number;
        }
        seen.set(slot(number));
    }

    private static int slot(long number) {
        return (int) (number % SIZE);
    }
}
