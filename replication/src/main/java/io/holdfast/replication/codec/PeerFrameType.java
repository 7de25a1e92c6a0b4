package io.holdfast.replication.codec;

import org.jspecify.annotations.Nullable;

/** What a frame is. The codes are the protocol: they are never given another meaning. */
public enum PeerFrameType {
    /** "I am here": sent when there was nothing else to send for a while. */
    PING(1),
    /** A {@link io.holdfast.replication.core.PeerMessage}. */
    MESSAGE(2),
    /** The Primary's write. */
    WRITE(3),
    /** A block of the source of a resync. */
    RESYNC_WRITE(4),
    RECEIVED(5),
    WRITTEN(6),
    RESYNC_WRITTEN(7),
    FLUSH(8),
    FLUSHED(9),
    /** Digests of a run of blocks, to be compared with the receiver's. */
    DIGESTS(10),
    DIGESTS_COMPARED(11);

    private static final PeerFrameType[] ALL = values();

    private final byte code;

    PeerFrameType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static @Nullable PeerFrameType of(byte code) {
        for (PeerFrameType type : ALL) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
