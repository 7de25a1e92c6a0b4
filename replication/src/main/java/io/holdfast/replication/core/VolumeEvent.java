package io.holdfast.replication.core;

/** Something for which drbd.conf may name a handler. */
public enum VolumeEvent {
    /** Two replicas were written without each other, and nothing says which one to keep. */
    SPLIT_BRAIN("split-brain"),
    /** The same, and a policy or a person had said which one to keep. */
    INITIAL_SPLIT_BRAIN("initial-split-brain"),
    BEFORE_RESYNC_TARGET("before-resync-target"),
    AFTER_RESYNC_TARGET("after-resync-target"),
    BEFORE_RESYNC_SOURCE("before-resync-source"),
    /** A verification found blocks that differ. */
    OUT_OF_SYNC("out-of-sync"),
    LOCAL_IO_ERROR("local-io-error"),
    DISCONNECTED("disconnected"),
    /** The cluster has gone on without this node, which was Primary. */
    QUORUM_LOST("quorum-lost");

    private final String handler;

    VolumeEvent(String handler) {
        this.handler = handler;
    }

    /** As drbd.conf names its handler. */
    public String handler() {
        return handler;
    }
}
