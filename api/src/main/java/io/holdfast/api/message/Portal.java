package io.holdfast.api.message;

/** Where an iSCSI target listens: a numeric address and a TCP port. */
public record Portal(String address, int port) {
    /** The port that IANA gave to iSCSI. */
    public static final int DEFAULT_PORT = 3260;
}
