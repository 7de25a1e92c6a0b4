package io.holdfast.linux.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Packets of one IP protocol on one interface (raw(7)), with as little between us and the wire as
 * possible: over IPv4 the IP header is ours both ways. It never waits; see {@link
 * io.holdfast.linux.poll.DescriptorPoll}. For one thread.
 */
public final class RawSocket implements AutoCloseable {
    /** More than a VRRP advert with 255 IPv6 addresses. */
    private static final int MAX_PACKET_BYTES = 8192;

    private static final String REMEDY = "run as root or grant CAP_NET_RAW";
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_TRUNC = 0x20;

    private static final int SOL_SOCKET = 1;
    private static final int SO_PRIORITY = 12;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int PRIORITY_CONTROL = 7;

    private static final int LEVEL_IP = 0;
    private static final int IP_HDRINCL = 3;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_MULTICAST_ALL = 49;

    private static final int LEVEL_IPV6 = 41;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_ADD_MEMBERSHIP = 20;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int IPV6_TCLASS = 67;

    // A macvlan sends with the address of its base, and an address may still be tentative.
    private static final int IPV6_FREEBIND = 78;

    private static final MethodHandle RECVMSG =
            LibC.function("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDMSG =
            LibC.function("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

    // struct msghdr of 64-bit Linux
    private static final int HEADER_BYTES = 56;
    private static final int NAME_BYTES = 28;
    private static final int CONTROL_BYTES = 128;
    private static final int CONTROL_HEADER_BYTES = 16;

    private final KernelSocket socket;
    private final boolean ipv6;
    private final int interfaceIndex;
    private final CallState state = new CallState();
    private final MemorySegment packet;
    private final MemorySegment header;
    private final MemorySegment name;
    private final MemorySegment vector;
    private final MemorySegment control;

    private RawSocket(KernelSocket socket, boolean ipv6, int interfaceIndex) {
        this.socket = socket;
        this.ipv6 = ipv6;
        this.interfaceIndex = interfaceIndex;
        Arena arena = Arena.ofAuto();
        packet = arena.allocate(MAX_PACKET_BYTES, 8);
        header = arena.allocate(HEADER_BYTES, 8);
        name = arena.allocate(NAME_BYTES, 8);
        vector = arena.allocate(16, 8);
        control = arena.allocate(CONTROL_BYTES, 8);
    }

    /** Over IPv4, in the network namespace of the calling thread; the IP header is the caller's. */
    public static RawSocket openV4(Link link, int protocol) {
        return open(
                link,
                AF_INET,
                protocol,
                raw -> {
                    raw.set(LEVEL_IP, IP_HDRINCL, 1);
                    raw.set(LEVEL_IP, IP_MULTICAST_LOOP, 0);
                    raw.set(LEVEL_IP, IP_MULTICAST_ALL, 0);
                    raw.socket.setOption(
                            LEVEL_IP, IP_MULTICAST_IF, membership(new byte[4], link.index()));
                });
    }

    /**
     * Over IPv6, in the network namespace of the calling thread.
     *
     * @param trafficClass of what is sent
     * @param hopLimit of what is sent to single addresses; to groups it is 255
     */
    public static RawSocket openV6(Link link, int protocol, int trafficClass, int hopLimit) {
        return open(
                link,
                AF_INET6,
                protocol,
                raw -> {
                    raw.set(LEVEL_IPV6, IPV6_MULTICAST_HOPS, 255);
                    raw.set(LEVEL_IPV6, IPV6_UNICAST_HOPS, hopLimit);
                    raw.set(LEVEL_IPV6, IPV6_MULTICAST_LOOP, 0);
                    raw.set(LEVEL_IPV6, IPV6_MULTICAST_IF, link.index());
                    raw.set(LEVEL_IPV6, IPV6_RECVPKTINFO, 1);
                    raw.set(LEVEL_IPV6, IPV6_RECVHOPLIMIT, 1);
                    raw.set(LEVEL_IPV6, IPV6_TCLASS, trafficClass);
                    raw.set(LEVEL_IPV6, IPV6_FREEBIND, 1);
                });
    }

    private interface Options {
        void on(RawSocket raw);
    }

    private static RawSocket open(Link link, int family, int protocol, Options options) {
        KernelSocket socket =
                KernelSocket.open(
                        family,
                        KernelSocket.SOCK_RAW | SOCK_NONBLOCK,
                        protocol,
                        "IP protocol " + protocol + " on " + link.name(),
                        REMEDY);
        try {
            RawSocket raw = new RawSocket(socket, family == AF_INET6, link.index());
            socket.setOption(
                    SOL_SOCKET,
                    SO_BINDTODEVICE,
                    (link.name() + "\0").getBytes(StandardCharsets.UTF_8));
            raw.set(SOL_SOCKET, SO_PRIORITY, PRIORITY_CONTROL);
            options.on(raw);
            return raw;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    public FileDescriptor descriptor() {
        return socket.descriptor();
    }

    /** Receives what is sent to a group; joining twice is an error of the kernel's. */
    public void join(InetAddress group) {
        byte[] bytes = group.getAddress();
        if (ipv6) {
            socket.setOption(
                    LEVEL_IPV6,
                    IPV6_ADD_MEMBERSHIP,
                    ByteBuffer.allocate(20)
                            .order(ByteOrder.nativeOrder())
                            .put(bytes)
                            .putInt(interfaceIndex)
                            .array());
        } else {
            socket.setOption(LEVEL_IP, IP_ADD_MEMBERSHIP, membership(bytes, interfaceIndex));
        }
    }

    /** May be more than the system's limit allows others. */
    public void setReceiveBufferBytes(int bytes) {
        set(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
    }

    /**
     * Sends a packet.
     *
     * @param source IPv6: the address that it comes from; IPv4: its header says it
     * @throws io.holdfast.linux.nativecall.SystemCallException when the kernel refuses it
     */
    public void send(byte[] bytes, InetAddress source, InetAddress destination) {
        packet.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        int nameBytes = putName(destination);
        int controlBytes = ipv6 ? putPacketInfo(source) : 0;
        prepare(nameBytes, bytes.length, controlBytes);
        long sent;
        try {
            sent =
                    (long)
                            SENDMSG.invokeExact(
                                    state.segment(),
                                    socket.descriptor().number(),
                                    header,
                                    MSG_DONTWAIT);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (sent < 0) {
            throw state.errno()
                    .failure(
                            "cannot send a packet",
                            socket.descriptor().name(),
                            "look at the interface's state and at the firewall's output rules");
        }
    }

    /** The next packet that has arrived; empty: there is none now. */
    public Optional<RawPacket> receive() {
        while (true) {
            prepare(NAME_BYTES, MAX_PACKET_BYTES, CONTROL_BYTES);
            long received;
            try {
                received =
                        (long)
                                RECVMSG.invokeExact(
                                        state.segment(),
                                        socket.descriptor().number(),
                                        header,
                                        MSG_DONTWAIT | MSG_TRUNC);
            } catch (Throwable e) {
                throw LibC.unexpected(e);
            }
            if (received >= 0 && received <= MAX_PACKET_BYTES) {
                return Optional.of(read((int) received));
            }
            if (received < 0 && state.number() == Errno.EAGAIN.number()) {
                return Optional.empty();
            }
            // Too long for anything we speak; or an error of the interface (it went down) that
            // receiving has now cleared, and of which netlink tells more.
            if (received < 0 && state.number() != Errno.EINTR.number()) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private void prepare(int nameBytes, int packetBytes, int controlBytes) {
        vector.set(ADDRESS, 0, packet);
        vector.set(JAVA_LONG, 8, packetBytes);
        header.set(ADDRESS, 0, name);
        header.set(JAVA_INT, 8, nameBytes);
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1L);
        header.set(ADDRESS, 32, controlBytes == 0 ? MemorySegment.NULL : control);
        header.set(JAVA_LONG, 40, controlBytes);
        header.set(JAVA_INT, 48, 0);
    }

    // struct sockaddr_in, sockaddr_in6
    private int putName(InetAddress destination) {
        name.fill((byte) 0);
        byte[] bytes = destination.getAddress();
        name.set(java.lang.foreign.ValueLayout.JAVA_SHORT, 0, (short) (ipv6 ? AF_INET6 : AF_INET));
        name.asSlice(ipv6 ? 8 : 4, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        if (ipv6) {
            name.set(JAVA_INT, 24, interfaceIndex);
        }
        return ipv6 ? NAME_BYTES : 16;
    }

    // struct cmsghdr with struct in6_pktinfo
    private int putPacketInfo(InetAddress source) {
        control.fill((byte) 0);
        control.set(JAVA_LONG, 0, CONTROL_HEADER_BYTES + 20L);
        control.set(JAVA_INT, 8, LEVEL_IPV6);
        control.set(JAVA_INT, 12, IPV6_PKTINFO);
        control.asSlice(CONTROL_HEADER_BYTES, 16)
                .copyFrom(MemorySegment.ofArray(source.getAddress()));
        control.set(JAVA_INT, CONTROL_HEADER_BYTES + 16L, interfaceIndex);
        return CONTROL_HEADER_BYTES + 24;
    }

    private RawPacket read(int length) {
        byte[] bytes = packet.asSlice(0, length).toArray(JAVA_BYTE);
        InetAddress source = address(name.asSlice(ipv6 ? 8 : 4, ipv6 ? 16 : 4));
        if (!ipv6) {
            return new RawPacket(
                    bytes, source, length < 20 ? source : address(packet.asSlice(16, 4)), -1);
        }
        InetAddress destination = source;
        int hopLimit = -1;
        long end = Math.min(CONTROL_BYTES, header.get(JAVA_LONG, 40));
        long at = 0;
        while (at + CONTROL_HEADER_BYTES <= end) {
            long size = control.get(JAVA_LONG, at);
            if (size < CONTROL_HEADER_BYTES || at + size > end) {
                break;
            }
            int type = control.get(JAVA_INT, at + 12);
            if (type == IPV6_PKTINFO && size >= CONTROL_HEADER_BYTES + 20) {
                destination = address(control.asSlice(at + CONTROL_HEADER_BYTES, 16));
            } else if (type == IPV6_HOPLIMIT && size >= CONTROL_HEADER_BYTES + 4) {
                hopLimit = control.get(JAVA_INT, at + CONTROL_HEADER_BYTES);
            }
            at += (size + 7) / 8 * 8;
        }
        return new RawPacket(bytes, source, destination, hopLimit);
    }

    private void set(int level, int option, int value) {
        socket.setOption(
                level,
                option,
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    // struct ip_mreqn
    private static byte[] membership(byte[] group, int interfaceIndex) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .put(group)
                .putInt(0)
                .putInt(interfaceIndex)
                .array();
    }

    private static InetAddress address(MemorySegment bytes) {
        try {
            byte[] raw = bytes.toArray(JAVA_BYTE);
            return raw.length == 4
                    ? Inet4Address.getByAddress(raw)
                    : Inet6Address.getByAddress(null, raw, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
