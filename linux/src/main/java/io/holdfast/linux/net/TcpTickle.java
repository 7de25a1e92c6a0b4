package io.holdfast.linux.net;

import io.holdfast.base.Invariant;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells a client that a connection is gone which it had to an address that has moved here: a bare
 * ACK as from the old server. The client answers with an ACK of what it really expects (RFC 9293
 * 3.10.7.4), this machine knows no such connection and resets it, and the client connects anew at
 * once instead of waiting for its retransmissions. Not thread-safe.
 */
public final class TcpTickle implements AutoCloseable {
    private static final String REMEDY = "run as root or grant CAP_NET_RAW";
    private static final int TCP = 6;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int ACK = 0x10;

    private final KernelSocket socket;
    private final boolean version4;

    private TcpTickle(KernelSocket socket, boolean version4) {
        this.socket = socket;
        this.version4 = version4;
    }

    /** For addresses of the same family as this one. */
    public static TcpTickle open(InetAddress family) {
        boolean version4 = family instanceof Inet4Address;
        return new TcpTickle(
                KernelSocket.open(
                        version4 ? KernelSocket.AF_INET : KernelSocket.AF_INET6,
                        KernelSocket.SOCK_RAW,
                        version4 ? KernelSocket.IPPROTO_RAW : TCP,
                        "TCP segments",
                        REMEDY),
                version4);
    }

    /** Sends one ACK from our end of the old connection to the client's. */
    public void send(InetSocketAddress from, InetSocketAddress client) {
        byte[] source = from.getAddress().getAddress();
        byte[] destination = client.getAddress().getAddress();
        Invariant.check(
                (source.length == 4) == version4 && source.length == destination.length,
                "addresses of %s and %s are of different families",
                from,
                client);
        byte[] segment = segment(source, from.getPort(), destination, client.getPort());
        if (version4) {
            socket.sendTo(packet(source, destination, segment), address4(destination));
        } else {
            socket.bind(address6(source));
            socket.sendTo(segment, address6(destination));
        }
    }

    /** Sequence numbers are made up: whatever they are, the client answers with the right ones. */
    static byte[] segment(byte[] source, int sourcePort, byte[] destination, int port) {
        ByteBuffer tcp = ByteBuffer.allocate(TCP_HEADER_BYTES);
        tcp.putShort((short) sourcePort).putShort((short) port).putInt(0).putInt(0);
        tcp.put((byte) ((TCP_HEADER_BYTES / 4) << 4)).put((byte) ACK).putShort((short) 1024);
        ByteBuffer pseudo = ByteBuffer.allocate(2 * source.length + 4 + TCP_HEADER_BYTES);
        pseudo.put(source).put(destination).putShort((short) TCP);
        pseudo.putShort((short) TCP_HEADER_BYTES).put(tcp.array());
        tcp.putShort(16, checksum(pseudo.array()));
        return tcp.array();
    }

    private static byte[] packet(byte[] source, byte[] destination, byte[] segment) {
        ByteBuffer ip = ByteBuffer.allocate(20 + segment.length);
        // The kernel fills in the identification, the total length and the checksum (raw(7)).
        ip.put((byte) 0x45).put((byte) 0).putShort((short) ip.capacity()).putShort((short) 0);
        ip.putShort((short) 0).put((byte) 64).put((byte) TCP).putShort((short) 0);
        return ip.put(source).put(destination).put(segment).array();
    }

    /** RFC 1071; the data has an even length. */
    private static short checksum(byte[] data) {
        ByteBuffer words = ByteBuffer.wrap(data);
        int sum = 0;
        while (words.hasRemaining()) {
            sum += words.getShort() & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }

    // struct sockaddr_in and sockaddr_in6: the family in the machine's order, the rest in the
    // network's; the port of a raw socket is 0.
    private static byte[] address4(byte[] address) {
        return familyFirst(16, KernelSocket.AF_INET).put(4, address).array();
    }

    private static byte[] address6(byte[] address) {
        return familyFirst(28, KernelSocket.AF_INET6).put(8, address).array();
    }

    private static ByteBuffer familyFirst(int bytes, int family) {
        return ByteBuffer.allocate(bytes)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) family);
    }

    @Override
    public void close() {
        socket.close();
    }
}
