package io.holdfast.replication.core;

/**
 * What is done without asking when two replicas were written without each other: drbd.conf's {@code
 * after-sb-0pri} and {@code after-sb-1pri}. Both sides must have the same ones; else nothing is.
 *
 * <p>There is none for two Primaries: an epoch has one, and who acts under an older one is deposed
 * before the two compare.
 *
 * @param withoutPrimary when neither is Primary
 * @param withOnePrimary when one is
 */
public record SplitBrainPolicies(WithoutPrimary withoutPrimary, WithOnePrimary withOnePrimary) {
    public static final SplitBrainPolicies ASK =
            new SplitBrainPolicies(WithoutPrimary.DISCONNECT, WithOnePrimary.DISCONNECT);

    /** Whose changes are thrown away. The order is the code on the wire: only append. */
    public enum WithoutPrimary {
        /** Nobody's: a person chooses. */
        DISCONNECT,
        /** Whoever was promoted under the higher epoch. */
        DISCARD_YOUNGER_PRIMARY,
        /** Whoever was promoted under the lower epoch. */
        DISCARD_OLDER_PRIMARY,
        /** Whoever wrote nothing; if both wrote, a person chooses. */
        DISCARD_ZERO_CHANGES,
        /** Whoever has fewer changed blocks. */
        DISCARD_LEAST_CHANGES
    }

    /** Whose changes are thrown away; never the Primary's, under whose users they would change. */
    public enum WithOnePrimary {
        /** Nobody's: a person chooses. */
        DISCONNECT,
        /** The Secondary's, if {@link WithoutPrimary} says so too. */
        CONSENSUS,
        DISCARD_SECONDARY
    }
}
