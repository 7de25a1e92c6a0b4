package io.holdfast.scheduler.model;

/** What a failure leads to; ordered from nothing to gravest. */
public enum OnFail {
    IGNORE,
    DEMOTE,
    RESTART,
    RESET_REMOTE,
    RESTART_CONTAINER,
    BAN,
    BLOCK,
    STOP,
    STANDBY_NODE,
    FENCE_NODE
}
