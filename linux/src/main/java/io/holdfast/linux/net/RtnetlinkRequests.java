package io.holdfast.linux.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The messages we send to rtnetlink, as {@code linux/rtnetlink.h}, {@code if_link.h} and {@code
 * if_addr.h} define them. Each is a function of its arguments and of the sequence number alone.
 */
final class RtnetlinkRequests {
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;

    static final int FAMILY_UNSPECIFIED = 0;
    static final int FAMILY_IPV4 = 2;
    static final int FAMILY_IPV6 = 10;

    /** {@code struct ifinfomsg}, {@code struct ifaddrmsg}. */
    static final int LINK_FIXED_BYTES = 16;

    static final int ADDRESS_FIXED_BYTES = 8;

    static final int LINK_UP = 0x1;
    static final int LINK_LOOPBACK = 0x8;
    static final int LINK_LOWER_UP = 0x10000;

    static final int LINK_MAC = 1;
    static final int LINK_NAME = 3;
    static final int LINK_MTU = 4;
    static final int LINK_MASTER = 10;
    static final int LINK_INFO = 18;
    static final int LINK_NAMESPACE_OF_PID = 19;
    static final int LINK_NAMESPACE_DESCRIPTOR = 28;
    static final int LINK_INFO_KIND = 1;
    static final int LINK_INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int BRIDGE_MULTICAST_SNOOPING = 23;

    static final int ADDRESS_ADDRESS = 1;
    static final int ADDRESS_LOCAL = 2;
    static final int ADDRESS_LABEL = 3;
    static final int ADDRESS_BROADCAST = 4;
    static final int ADDRESS_CACHE_INFO = 6;
    static final int ADDRESS_FLAGS = 8;
    static final int ADDRESS_SECONDARY = 0x01;
    private static final int ADDRESS_NO_DUPLICATE_DETECTION = 0x02;
    static final long FOREVER = 0xffff_ffffL;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_INTERFACE = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_TABLE_MAIN = 254;
    private static final int ROUTE_PROTOCOL_BOOT = 3;
    private static final int ROUTE_SCOPE_GLOBAL = 0;
    private static final int ROUTE_SCOPE_LINK = 253;
    private static final int ROUTE_TYPE_UNICAST = 1;

    private static final int ACK = NetlinkMessage.FLAG_ACK;
    private static final int CREATE =
            ACK | NetlinkMessage.FLAG_CREATE | NetlinkMessage.FLAG_EXCLUSIVE;
    private static final int REPLACE =
            ACK | NetlinkMessage.FLAG_CREATE | NetlinkMessage.FLAG_REPLACE;

    private RtnetlinkRequests() {}

    static NetlinkMessage dumpLinks(int sequence) {
        return new NetlinkMessage(GET_LINK, NetlinkMessage.FLAG_DUMP, sequence)
                .fixedPart(link(0, 0, 0));
    }

    static NetlinkMessage linkByName(int sequence, String name) {
        return new NetlinkMessage(GET_LINK, 0, sequence)
                .fixedPart(link(0, 0, 0))
                .attribute(LINK_NAME, name);
    }

    static NetlinkMessage dumpAddresses(int sequence) {
        return new NetlinkMessage(GET_ADDRESS, NetlinkMessage.FLAG_DUMP, sequence)
                .fixedPart(address(FAMILY_UNSPECIFIED, 0, 0));
    }

    static NetlinkMessage setUp(int sequence, int index, boolean up) {
        return new NetlinkMessage(NEW_LINK, ACK, sequence)
                .fixedPart(link(index, up ? LINK_UP : 0, LINK_UP));
    }

    static NetlinkMessage rename(int sequence, int index, String newName) {
        return changeLink(sequence, index).attribute(LINK_NAME, newName);
    }

    static NetlinkMessage setMac(int sequence, int index, MacAddress macAddress) {
        return changeLink(sequence, index).attribute(LINK_MAC, macAddress.bytes());
    }

    /** A master of 0 takes the link out of its bridge. */
    static NetlinkMessage setMaster(int sequence, int index, int masterIndex) {
        return changeLink(sequence, index).attribute(LINK_MASTER, masterIndex);
    }

    static NetlinkMessage moveToNamespace(int sequence, int index, int namespaceDescriptor) {
        return changeLink(sequence, index)
                .attribute(LINK_NAMESPACE_DESCRIPTOR, namespaceDescriptor);
    }

    static NetlinkMessage moveToNamespaceOf(int sequence, int index, int processId) {
        return changeLink(sequence, index).attribute(LINK_NAMESPACE_OF_PID, processId);
    }

    static NetlinkMessage deleteLink(int sequence, int index) {
        return new NetlinkMessage(DELETE_LINK, ACK, sequence).fixedPart(link(index, 0, 0));
    }

    // Snooping off: a bridge without a multicast router would forget who listens (IPv6 neighbour
    // discovery, multicast rings) after a few minutes.
    static NetlinkMessage createBridge(int sequence, String name) {
        return new NetlinkMessage(NEW_LINK, CREATE, sequence)
                .fixedPart(link(0, 0, 0))
                .attribute(LINK_NAME, name)
                .nested(
                        LINK_INFO,
                        info ->
                                info.attribute(LINK_INFO_KIND, "bridge")
                                        .nested(
                                                LINK_INFO_DATA,
                                                data ->
                                                        data.attribute(
                                                                BRIDGE_MULTICAST_SNOOPING,
                                                                new byte[] {0})));
    }

    /** Two ends of one wire; the peer may be born in another namespace. */
    static NetlinkMessage createVethPair(
            int sequence, String name, String peerName, OptionalInt peerNamespaceDescriptor) {
        return new NetlinkMessage(NEW_LINK, CREATE, sequence)
                .fixedPart(link(0, 0, 0))
                .attribute(LINK_NAME, name)
                .nested(
                        LINK_INFO,
                        info ->
                                info.attribute(LINK_INFO_KIND, "veth")
                                        .nested(
                                                LINK_INFO_DATA,
                                                data ->
                                                        vethPeer(
                                                                data,
                                                                peerName,
                                                                peerNamespaceDescriptor)));
    }

    private static void vethPeer(
            NetlinkMessage data, String peerName, OptionalInt namespaceDescriptor) {
        data.nested(
                VETH_PEER,
                peer -> {
                    peer.fixedPart(link(0, 0, 0)).attribute(LINK_NAME, peerName);
                    namespaceDescriptor.ifPresent(
                            d -> peer.attribute(LINK_NAMESPACE_DESCRIPTOR, d));
                });
    }

    /**
     * Puts an address on a link.
     *
     * @param replace whether one that is there already is changed (its lifetime begins anew)
     *     instead of refused
     */
    static NetlinkMessage addAddress(
            int sequence,
            int index,
            InetAddress address,
            int prefixLength,
            AddressOptions options,
            boolean replace) {
        NetlinkMessage message =
                new NetlinkMessage(NEW_ADDRESS, replace ? REPLACE : CREATE, sequence)
                        .fixedPart(address(family(address), prefixLength, index))
                        .attribute(ADDRESS_LOCAL, address.getAddress())
                        .attribute(ADDRESS_ADDRESS, address.getAddress());
        if (address instanceof Inet4Address v4) {
            if (prefixLength < 31) { // RFC 3021: a /31 has no broadcast address
                message.attribute(ADDRESS_BROADCAST, broadcast(v4, prefixLength));
            }
            options.label().ifPresent(label -> message.attribute(ADDRESS_LABEL, label));
        } else if (!options.detectDuplicates()) {
            message.attribute(ADDRESS_FLAGS, ADDRESS_NO_DUPLICATE_DETECTION);
        }
        options.validSeconds()
                .ifPresent(s -> message.attribute(ADDRESS_CACHE_INFO, cacheInfo((int) s)));
        return message;
    }

    static NetlinkMessage removeAddress(
            int sequence, int index, InetAddress address, int prefixLength) {
        return new NetlinkMessage(DELETE_ADDRESS, ACK, sequence)
                .fixedPart(address(family(address), prefixLength, index))
                .attribute(ADDRESS_LOCAL, address.getAddress())
                .attribute(ADDRESS_ADDRESS, address.getAddress());
    }

    static NetlinkMessage addRoute(int sequence, Route route, OptionalInt interfaceIndex) {
        return route(new NetlinkMessage(NEW_ROUTE, CREATE, sequence), route, interfaceIndex);
    }

    static NetlinkMessage removeRoute(int sequence, Route route, OptionalInt interfaceIndex) {
        return route(new NetlinkMessage(DELETE_ROUTE, ACK, sequence), route, interfaceIndex);
    }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? FAMILY_IPV4 : FAMILY_IPV6;
    }

    private static NetlinkMessage route(
            NetlinkMessage message, Route route, OptionalInt interfaceIndex) {
        int scope = route.gateway().isPresent() ? ROUTE_SCOPE_GLOBAL : ROUTE_SCOPE_LINK;
        message.fixedPart(
                // struct rtmsg
                b ->
                        b.put((byte) family(route.destination()))
                                .put((byte) route.prefixLength())
                                .put((byte) 0)
                                .put((byte) 0)
                                .put((byte) ROUTE_TABLE_MAIN)
                                .put((byte) ROUTE_PROTOCOL_BOOT)
                                .put((byte) scope)
                                .put((byte) ROUTE_TYPE_UNICAST)
                                .putInt(0));
        if (route.prefixLength() > 0) {
            message.attribute(ROUTE_DESTINATION, route.destination().getAddress());
        }
        route.gateway().ifPresent(g -> message.attribute(ROUTE_GATEWAY, g.getAddress()));
        interfaceIndex.ifPresent(i -> message.attribute(ROUTE_INTERFACE, i));
        return message;
    }

    private static NetlinkMessage changeLink(int sequence, int index) {
        return new NetlinkMessage(NEW_LINK, ACK, sequence).fixedPart(link(index, 0, 0));
    }

    // struct ifinfomsg
    private static Consumer<ByteBuffer> link(int index, int flags, int changedFlags) {
        return b ->
                b.put((byte) FAMILY_UNSPECIFIED)
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(index)
                        .putInt(flags)
                        .putInt(changedFlags);
    }

    // struct ifaddrmsg
    private static Consumer<ByteBuffer> address(int family, int prefixLength, int index) {
        return b ->
                b.put((byte) family)
                        .put((byte) prefixLength)
                        .put((byte) 0)
                        .put((byte) 0)
                        .putInt(index);
    }

    // struct ifa_cacheinfo: preferred and valid lifetime, and two stamps that the kernel ignores
    private static byte[] cacheInfo(int seconds) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(seconds)
                .putInt(seconds)
                .array();
    }

    private static byte[] broadcast(Inet4Address address, int prefixLength) {
        int hostBits = (int) ((1L << (32 - prefixLength)) - 1);
        return ByteBuffer.allocate(4)
                .putInt(ByteBuffer.wrap(address.getAddress()).getInt() | hostBits)
                .array();
    }
}
