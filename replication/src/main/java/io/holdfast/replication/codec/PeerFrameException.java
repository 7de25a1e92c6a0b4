package io.holdfast.replication.codec;

/** What came over a connection is damaged, or is not of this protocol: the connection must end. */
public final class PeerFrameException extends Exception {
    PeerFrameException(String why) {
        super(why);
    }

    /** Why, as the end of a sentence about the peer. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
