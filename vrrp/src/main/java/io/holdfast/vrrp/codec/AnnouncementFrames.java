package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.IpAddress;
import java.nio.ByteBuffer;

/**
 * Ethernet frames that tell the neighbours where an address is, byte for byte as Keepalived sends
 * them, so that whatever was set up for its frames (switches, arptables) meets nothing new.
 */
public final class AnnouncementFrames {
    public static final int ETHERTYPE_ARP = 0x0806;
    public static final int ETHERTYPE_IPV6 = 0x86dd;

    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};

    // RFC 2464 section 7: 33:33 and the last four bytes of ff02::1.
    private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};
    private static final IpAddress ALL_NODES = IpAddress.literal("ff02::1");

    private static final int ARP_BYTES = 42;
    private static final int ARP_REQUEST = 1;
    private static final int NEXT_HEADER_ICMPV6 = 58;
    private static final int HOP_LIMIT = 255;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int ICMP_BYTES = 32;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int OPTION_TARGET_LINK_ADDRESS = 2;

    private AnnouncementFrames() {}

    /**
     * The frame for an address of either family.
     *
     * @param owner six bytes of who has the address now
     * @param router whether the interface forwards (IPv6's R flag)
     */
    public static byte[] announcing(IpAddress address, byte[] owner, boolean router) {
        return address.family() == AddressFamily.IPV4
                ? gratuitousArp(address, owner)
                : neighborAdvertisement(address, owner, router);
    }

    /** A broadcast request whose sender and target are the announced address (RFC 5227 3). */
    static byte[] gratuitousArp(IpAddress address, byte[] owner) {
        return ByteBuffer.allocate(ARP_BYTES)
                .put(BROADCAST)
                .put(owner)
                .putShort((short) ETHERTYPE_ARP)
                .putShort((short) 1) // Ethernet
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) ARP_REQUEST)
                .put(owner)
                .put(address.bytes())
                .put(BROADCAST)
                .put(address.bytes())
                .array();
    }

    /** Unsolicited, to all nodes (RFC 4861 7.2.6). */
    static byte[] neighborAdvertisement(IpAddress address, byte[] owner, boolean router) {
        byte[] icmp =
                ByteBuffer.allocate(ICMP_BYTES)
                        .put((byte) NEIGHBOR_ADVERTISEMENT)
                        .put((byte) 0)
                        .putShort((short) 0) // the checksum, below
                        .putInt(FLAG_OVERRIDE | (router ? FLAG_ROUTER : 0))
                        .put(address.bytes())
                        .put((byte) OPTION_TARGET_LINK_ADDRESS)
                        .put((byte) 1) // in units of 8 bytes
                        .put(owner)
                        .array();
        int checksum =
                Checksum.withPseudoHeader(
                        address, ALL_NODES, NEXT_HEADER_ICMPV6, icmp, 0, icmp.length);
        return ByteBuffer.allocate(14 + 40 + ICMP_BYTES)
                .put(ALL_NODES_MAC)
                .put(owner)
                .putShort((short) ETHERTYPE_IPV6)
                .putInt(0x6000_0000)
                .putShort((short) ICMP_BYTES)
                .put((byte) NEXT_HEADER_ICMPV6)
                .put((byte) HOP_LIMIT)
                .put(address.bytes())
                .put(ALL_NODES.bytes())
                .put(icmp)
                .putShort(14 + 40 + 2, (short) checksum)
                .array();
    }
}
