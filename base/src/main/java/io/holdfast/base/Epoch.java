package io.holdfast.base;

/**
 * A volume's promotion number. Each promotion to Primary gets the highest recorded epoch plus one;
 * replicas refuse frames of an older one.
 */
public record Epoch(long number) implements Comparable<Epoch> {
    /** Before any promotion. */
    public static final Epoch NONE = new Epoch(0);

    public Epoch {
        Invariant.check(number >= 0, "an epoch is never negative: %d", number);
    }

    public Epoch next() {
        return new Epoch(number + 1);
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
