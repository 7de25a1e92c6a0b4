package io.holdfast.linux.net;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826), with its Ethernet header.
 *
 * @param destination of the Ethernet frame
 * @param source of the Ethernet frame
 */
public record ArpPacket(
        MacAddress destination,
        MacAddress source,
        Operation operation,
        MacAddress senderMac,
        Inet4Address senderAddress,
        MacAddress targetMac,
        Inet4Address targetAddress) {
    public static final int ETHERTYPE = 0x0806;

    /** Ethernet header and packet; the driver pads to Ethernet's minimum. */
    public static final int BYTES = 42;

    private static final int HARDWARE_ETHERNET = 1;
    private static final int PROTOCOL_IPV4 = 0x0800;

    /** What the packet is for, with its number on the wire. */
    public enum Operation {
        REQUEST(1),
        REPLY(2);

        private final int code;

        Operation(int code) {
            this.code = code;
        }
    }

    /**
     * The announcement that RFC 5227 section 3 recommends: a broadcast request whose sender and
     * target are the announced address.
     */
    public static ArpPacket announcement(MacAddress owner, Inet4Address address) {
        return new ArpPacket(
                MacAddress.BROADCAST,
                owner,
                Operation.REQUEST,
                owner,
                address,
                MacAddress.ZERO,
                address);
    }

    /**
     * The same as a reply: some switches and hosts learn from replies only (RFC 5944 section 4.6
     * allows either; the target's hardware address is then the sender's).
     */
    public static ArpPacket gratuitousReply(MacAddress owner, Inet4Address address) {
        return new ArpPacket(
                MacAddress.BROADCAST, owner, Operation.REPLY, owner, address, owner, address);
    }

    public byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(destination.bytes())
                .put(source.bytes())
                .putShort((short) ETHERTYPE)
                .putShort((short) HARDWARE_ETHERNET)
                .putShort((short) PROTOCOL_IPV4)
                .put((byte) MacAddress.BYTES)
                .put((byte) 4)
                .putShort((short) operation.code)
                .put(senderMac.bytes())
                .put(senderAddress.getAddress())
                .put(targetMac.bytes())
                .put(targetAddress.getAddress())
                .array();
    }

    /**
     * Reads a frame; bytes behind the packet are Ethernet's padding.
     *
     * @throws ProblemException for anything but ARP for IPv4 over Ethernet
     */
    public static ArpPacket decode(ByteBuffer frame) {
        if (frame.remaining() < BYTES) {
            throw malformed(frame.remaining() + " bytes where " + BYTES + " are needed");
        }
        ByteBuffer in = frame.slice();
        MacAddress destination = mac(in);
        MacAddress source = mac(in);
        require(in.getShort() & 0xffff, ETHERTYPE, "Ethernet type");
        require(in.getShort() & 0xffff, HARDWARE_ETHERNET, "hardware type");
        require(in.getShort() & 0xffff, PROTOCOL_IPV4, "protocol type");
        require(in.get(), MacAddress.BYTES, "hardware address length");
        require(in.get(), 4, "protocol address length");
        int code = in.getShort() & 0xffff;
        Operation operation =
                switch (code) {
                    case 1 -> Operation.REQUEST;
                    case 2 -> Operation.REPLY;
                    default -> throw malformed("operation " + code);
                };
        return new ArpPacket(
                destination, source, operation, mac(in), address(in), mac(in), address(in));
    }

    private static MacAddress mac(ByteBuffer in) {
        byte[] bytes = new byte[MacAddress.BYTES];
        in.get(bytes);
        return MacAddress.of(bytes);
    }

    private static Inet4Address address(ByteBuffer in) {
        byte[] bytes = new byte[4];
        in.get(bytes);
        try {
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    private static void require(int found, int expected, String field) {
        if (found != expected) {
            throw malformed(field + " " + found + ", not " + expected);
        }
    }

    private static ProblemException malformed(String why) {
        return new ProblemException(
                new Problem(
                        "not an ARP packet for IPv4 over Ethernet",
                        "ARP packet",
                        why,
                        "look at the wire with `tcpdump -e arp`"));
    }
}
