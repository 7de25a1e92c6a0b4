package io.holdfast.linux.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends and receives whole Ethernet frames on one interface (packet(7)). Not thread-safe. */
public final class PacketSocket implements AutoCloseable {
    private static final String REMEDY = "run as root or grant CAP_NET_RAW";
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    private final KernelSocket socket;
    private final byte[] address;

    private PacketSocket(KernelSocket socket, byte[] address) {
        this.socket = socket;
        this.address = address;
    }

    /** For sending only: the kernel delivers nothing to it. */
    public static PacketSocket openForSending(Link link, int ethertype) {
        // Protocol 0 receives nothing; the address given with each frame names the interface.
        return new PacketSocket(
                KernelSocket.open(
                        KernelSocket.AF_PACKET,
                        KernelSocket.SOCK_RAW,
                        0,
                        "packets of " + link.name(),
                        REMEDY),
                socketAddress(link.index(), ethertype));
    }

    /** Receives frames of this type that arrive at or leave through the interface. */
    public static PacketSocket open(Link link, int ethertype, long receiveTimeoutMillis) {
        KernelSocket socket =
                KernelSocket.open(
                        KernelSocket.AF_PACKET,
                        KernelSocket.SOCK_RAW,
                        0,
                        "packets of " + link.name(),
                        REMEDY);
        try {
            byte[] address = socketAddress(link.index(), ethertype);
            socket.bind(address);
            socket.setReceiveTimeoutMillis(receiveTimeoutMillis);
            return new PacketSocket(socket, address);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends one frame, its Ethernet header included. */
    public void send(byte[] frame) {
        socket.sendTo(frame, address);
    }

    /** The next frame, its Ethernet header included. */
    public ByteBuffer receive() {
        return socket.receive(MAX_FRAME_BYTES).order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    public void close() {
        socket.close();
    }

    // struct sockaddr_ll; the protocol is in network order, the rest in the machine's.
    private static byte[] socketAddress(int interfaceIndex, int ethertype) {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putShort((short) KernelSocket.AF_PACKET)
                .put((byte) (ethertype >> 8))
                .put((byte) ethertype)
                .putInt(interfaceIndex)
                .array();
    }
}
