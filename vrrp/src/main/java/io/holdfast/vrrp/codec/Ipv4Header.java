package io.holdfast.vrrp.codec;

/** What we need of an IPv4 header (RFC 791) without options. */
final class Ipv4Header {
    static final int BYTES = 20;
    static final int PROTOCOL_AH = 51;

    /** Internetwork control, as Keepalived marks its adverts. */
    static final int TYPE_OF_SERVICE = 0xc0;

    private Ipv4Header() {}
}
