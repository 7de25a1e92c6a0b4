package io.holdfast.replication.core;

/** What two replicas that meet do, from the view of one of them. */
public enum SyncDecision {
    /** They are equal. */
    NO_SYNC,
    /** Same generation, some blocks may differ in writes nobody acknowledged: a Primary decides. */
    WAIT_FOR_PRIMARY,
    SOURCE_BY_BITMAP,
    SOURCE_FULL,
    TARGET_BY_BITMAP,
    TARGET_FULL,
    /** As by bitmap; the peer was told to throw away what it wrote alone, and says what that is. */
    SOURCE_AFTER_SPLIT,
    /** As by bitmap; this side was told to throw away what it wrote alone. */
    TARGET_AFTER_SPLIT,
    /** The peer has older data; it is brought up to date once there is a Primary. */
    AHEAD_UNTIL_PRIMARY,
    /** The peer has newer data; this replica is brought up to date once there is a Primary. */
    BEHIND_UNTIL_PRIMARY,
    /** Neither ever held data. */
    BOTH_FRESH,
    /** Who should be the source has no usable data: it must be brought up to date itself first. */
    NO_USABLE_DATA,
    /** At least one has no disk. */
    DISKLESS,
    SIZES_DIFFER,
    /** Both went on from a common generation without the other. */
    SPLIT_BRAIN,
    /** No generation in common. */
    UNRELATED_DATA,
    /** The generations would have a Primary overwritten. */
    PRIMARY_WOULD_BE_TARGET;

    /** The same decision from the other side. */
    public SyncDecision mirrored() {
        return switch (this) {
            case SOURCE_BY_BITMAP -> TARGET_BY_BITMAP;
            case SOURCE_FULL -> TARGET_FULL;
            case TARGET_BY_BITMAP -> SOURCE_BY_BITMAP;
            case TARGET_FULL -> SOURCE_FULL;
            case SOURCE_AFTER_SPLIT -> TARGET_AFTER_SPLIT;
            case TARGET_AFTER_SPLIT -> SOURCE_AFTER_SPLIT;
            case AHEAD_UNTIL_PRIMARY -> BEHIND_UNTIL_PRIMARY;
            case BEHIND_UNTIL_PRIMARY -> AHEAD_UNTIL_PRIMARY;
            default -> this;
        };
    }

    public boolean isSource() {
        return this == SOURCE_BY_BITMAP || this == SOURCE_FULL || this == SOURCE_AFTER_SPLIT;
    }

    public boolean isTarget() {
        return this == TARGET_BY_BITMAP || this == TARGET_FULL || this == TARGET_AFTER_SPLIT;
    }

    /** Whether the two go on together, with or without a resync. */
    public boolean connects() {
        return switch (this) {
            case SIZES_DIFFER, SPLIT_BRAIN, UNRELATED_DATA, PRIMARY_WOULD_BE_TARGET -> false;
            default -> true;
        };
    }
}
