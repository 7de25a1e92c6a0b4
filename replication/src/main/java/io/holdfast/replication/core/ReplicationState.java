package io.holdfast.replication.core;

/** What goes on over a connection. */
public enum ReplicationState {
    /** Not connected, or the two sides have not yet compared their generations. */
    OFF("Off"),
    /** Every write goes to the peer; nothing to catch up with. */
    ESTABLISHED("Established"),
    /** The peer has older data; there is no Primary yet to bring it up to date. */
    PAUSED_AHEAD("PausedSyncS"),
    /** The peer has newer data; there is no Primary yet to bring this replica up to date. */
    PAUSED_BEHIND("PausedSyncT"),
    /** Waiting for the peer's bitmap; we shall be the source. */
    WAITING_FOR_BITMAP_AS_SOURCE("WFBitMapS"),
    /** Our bitmap is on its way; we shall be the target. */
    WAITING_FOR_BITMAP_AS_TARGET("WFBitMapT"),
    /** Shown only: every block is compared with the peer's; else as ESTABLISHED. */
    VERIFY_SOURCE("VerifyS"),
    SYNC_SOURCE("SyncSource"),
    SYNC_TARGET("SyncTarget");

    private final String shown;

    ReplicationState(String shown) {
        this.shown = shown;
    }

    /** As drbdadm prints it. */
    public String shown() {
        return shown;
    }
}
