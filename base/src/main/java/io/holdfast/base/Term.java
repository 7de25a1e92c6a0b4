package io.holdfast.base;

/**
 * The number of a quorate membership view. Each quorate view has its own term, accepted by a quorum
 * of votes; a voter that accepted a term renews no lease of an older one.
 */
public record Term(long number) implements Comparable<Term> {
    /** Before any view was quorate. */
    public static final Term NONE = new Term(0);

    public Term {
        Invariant.check(number >= 0, "a term is never negative: %d", number);
    }

    public Term next() {
        return new Term(number + 1);
    }

    @Override
    public int compareTo(Term other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
