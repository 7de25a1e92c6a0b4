package io.holdfast.base;

import java.util.Comparator;

/**
 * A place in the configuration log: the term in which an entry was made and its sequence in the
 * whole log. The higher term wins, then the higher sequence.
 */
public record LogPosition(Term term, long sequence) implements Comparable<LogPosition> {
    /** An empty log. */
    public static final LogPosition NONE = new LogPosition(Term.NONE, 0);

    private static final Comparator<LogPosition> ORDER =
            Comparator.comparing(LogPosition::term).thenComparingLong(LogPosition::sequence);

    public LogPosition {
        Invariant.check(sequence >= 0, "a log sequence is never negative: %d", sequence);
    }

    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return term + "." + sequence;
    }
}
