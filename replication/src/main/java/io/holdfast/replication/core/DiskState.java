package io.holdfast.replication.core;

/** What a replica's data is worth. Ordered: a later one is worth more. */
public enum DiskState {
    /** No disk: not attached, or given up. */
    DISKLESS("Diskless"),
    ATTACHING("Attaching"),
    /** The disk failed; it is no longer read or written. */
    FAILED("Failed"),
    /** Old and new blocks are mixed, or nothing was ever written: a resync has not ended. */
    INCONSISTENT("Inconsistent"),
    /** Consistent as of some time ago; another replica is known to have gone on without it. */
    OUTDATED("Outdated"),
    /** A peer's, which we are not connected to. */
    UNKNOWN("DUnknown"),
    /** Consistent; whether others have gone on is not known without a peer or the cluster. */
    CONSISTENT("Consistent"),
    UP_TO_DATE("UpToDate");

    private final String shown;

    DiskState(String shown) {
        this.shown = shown;
    }

    /** As drbdadm prints it. */
    public String shown() {
        return shown;
    }
}
