package io.holdfast.linux.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An unsolicited neighbour advertisement (RFC 4861 section 7.2.6) to all nodes of the link: IPv6's
 * gratuitous ARP. With its IPv6 and Ethernet headers.
 *
 * @param owner who now has the address
 */
public record NeighborAdvertisement(MacAddress owner, Inet6Address address) {
    public static final int ETHERTYPE = 0x86dd;
    public static final int BYTES = 14 + 40 + 32;

    // RFC 2464 section 7: 33:33 and the last four bytes of ff02::1.
    private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
    private static final Inet6Address ALL_NODES = allNodes();

    private static final int VERSION_6 = 0x6000_0000;
    private static final int NEXT_HEADER_ICMPV6 = 58;

    // RFC 4861 7.1.2: anything else came through a router and is ignored.
    private static final int HOP_LIMIT = 255;

    private static final int ICMP_TYPE = 136;
    private static final int ICMP_BYTES = 32;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final int OPTION_TARGET_LINK_ADDRESS = 2;

    public byte[] encode() {
        byte[] icmp = icmp();
        return ByteBuffer.allocate(BYTES)
                .put(ALL_NODES_MAC.bytes())
                .put(owner.bytes())
                .putShort((short) ETHERTYPE)
                .putInt(VERSION_6)
                .putShort((short) ICMP_BYTES)
                .put((byte) NEXT_HEADER_ICMPV6)
                .put((byte) HOP_LIMIT)
                .put(address.getAddress())
                .put(ALL_NODES.getAddress())
                .put(icmp)
                .array();
    }

    private byte[] icmp() {
        ByteBuffer icmp =
                ByteBuffer.allocate(ICMP_BYTES)
                        .put((byte) ICMP_TYPE)
                        .put((byte) 0)
                        .putShort((short) 0) // the checksum, filled in below
                        .putInt(FLAG_OVERRIDE)
                        .put(address.getAddress())
                        .put((byte) OPTION_TARGET_LINK_ADDRESS)
                        .put((byte) 1) // in units of 8 bytes
                        .put(owner.bytes());
        return icmp.putShort(2, checksum(icmp.array())).array();
    }

    // RFC 8200 section 8.1: over a pseudo-header of both addresses, length and next header.
    private short checksum(byte[] icmp) {
        ByteBuffer covered =
                ByteBuffer.allocate(40 + icmp.length)
                        .put(address.getAddress())
                        .put(ALL_NODES.getAddress())
                        .putInt(icmp.length)
                        .putInt(NEXT_HEADER_ICMPV6)
                        .put(icmp)
                        .flip();
        int sum = 0;
        while (covered.hasRemaining()) {
            sum += covered.getShort() & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static Inet6Address allNodes() {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xff;
        bytes[1] = 0x02;
        bytes[15] = 1;
        try {
            return (Inet6Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an IPv6 address", e);
        }
    }
}
