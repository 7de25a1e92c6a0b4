package io.holdfast.linux.net;

import java.net.InetAddress;

/** What a {@link RawSocket} received. */
public final class RawPacket {
    private final byte[] bytes;
    private final InetAddress source;
    private final InetAddress destination;
    private final int hopLimit;

    RawPacket(byte[] bytes, InetAddress source, InetAddress destination, int hopLimit) {
        this.bytes = bytes;
        this.source = source;
        this.destination = destination;
        this.hopLimit = hopLimit;
    }

    /** IPv4: with the IP header; IPv6: without. Whose it is now is the caller's. */
    public byte[] bytes() {
        return bytes;
    }

    public InetAddress source() {
        return source;
    }

    /** The address of this machine, or the group, that it was sent to. */
    public InetAddress destination() {
        return destination;
    }

    /** On arrival. */
    public int hopLimit() {
        return hopLimit;
    }
}
