package io.holdfast.vrrp.core;

/** Where a virtual router stands. {@link VrrpInstance} has the table of how it moves. */
public enum InstanceState {
    /** Not started yet: nothing is known of its interface or its scripts. */
    INITIALIZE,
    /** Listens, and waits for the Master to fall silent. */
    BACKUP,
    /** Has the addresses, and says so every interval. */
    MASTER,
    /** Something it tracks is broken: it neither has the addresses nor wants them. */
    FAULT,
    /** Stopped in order; no way back but a new start. */
    STOPPED
}
