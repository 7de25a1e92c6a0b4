package io.holdfast.linux.net;

import io.holdfast.linux.net.NetworkChange.AddAddress;
import io.holdfast.linux.net.NetworkChange.AddRoute;
import io.holdfast.linux.net.NetworkChange.AddRule;
import io.holdfast.linux.net.NetworkChange.FullRoute;
import io.holdfast.linux.net.NetworkChange.FullRule;
import io.holdfast.linux.net.NetworkChange.Hop;
import io.holdfast.linux.net.NetworkChange.RemoveAddress;
import io.holdfast.linux.net.NetworkChange.RemoveRoute;
import io.holdfast.linux.net.NetworkChange.RemoveRule;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages of {@link NetworkChange}s, as {@code linux/rtnetlink.h}, {@code if_addr.h} and
 * {@code fib_rules.h} define them.
 */
final class NetworkChangeRequests {
    private static final int NEW_RULE = 32;
    private static final int DELETE_RULE = 33;

    private static final int CREATE =
            NetlinkMessage.FLAG_ACK | NetlinkMessage.FLAG_CREATE | NetlinkMessage.FLAG_EXCLUSIVE;
    private static final int REPLACE =
            NetlinkMessage.FLAG_ACK | NetlinkMessage.FLAG_CREATE | NetlinkMessage.FLAG_REPLACE;
    private static final int DELETE = NetlinkMessage.FLAG_ACK;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_INTERFACE = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_PRIORITY = 6;
    private static final int ROUTE_PREFERRED_SOURCE = 7;
    private static final int ROUTE_METRICS = 8;
    private static final int ROUTE_MULTIPATH = 9;
    private static final int ROUTE_TABLE = 15;
    private static final int ROUTE_VIA = 18;
    private static final int METRICS_LOCK = 1;
    private static final int HOP_ON_LINK = 4;
    private static final int HOP_BYTES = 8;

    private static final int RULE_DESTINATION = 1;
    private static final int RULE_SOURCE = 2;
    private static final int RULE_INPUT = 3;
    private static final int RULE_GO_TO = 4;
    private static final int RULE_PRIORITY = 6;
    private static final int RULE_MARK = 10;
    private static final int RULE_SUPPRESS_PREFIX_LENGTH = 14;
    private static final int RULE_TABLE = 15;
    private static final int RULE_MARK_MASK = 16;
    private static final int RULE_OUTPUT = 17;
    private static final int RULE_IP_PROTOCOL = 22;
    private static final int RULE_INVERTED = 2;

    private static final int LINK_BASE = 5;
    private static final int MACVLAN_MODE = 1;

    // As Keepalived makes them: macvlans of one base do not speak with each other.
    private static final int MACVLAN_PRIVATE = 1;

    private NetworkChangeRequests() {}

    static NetlinkMessage request(int sequence, NetworkChange change) {
        return switch (change) {
            case AddAddress add -> addAddress(sequence, add);
            case RemoveAddress remove -> removeAddress(sequence, remove);
            case AddRoute add ->
                    route(
                            new NetlinkMessage(RtnetlinkRequests.NEW_ROUTE, REPLACE, sequence),
                            add.route());
            case RemoveRoute remove ->
                    route(
                            new NetlinkMessage(RtnetlinkRequests.DELETE_ROUTE, DELETE, sequence),
                            remove.route());
            case AddRule add -> rule(new NetlinkMessage(NEW_RULE, CREATE, sequence), add.rule());
            case RemoveRule remove ->
                    rule(new NetlinkMessage(DELETE_RULE, DELETE, sequence), remove.rule());
        };
    }

    static NetlinkMessage createMacvlan(int sequence, String name, int base, MacAddress mac) {
        return new NetlinkMessage(RtnetlinkRequests.NEW_LINK, CREATE, sequence)
                .fixedPart(b -> b.putLong(0).putLong(0))
                .attribute(LINK_BASE, base)
                .attribute(RtnetlinkRequests.LINK_MAC, mac.bytes())
                .attribute(RtnetlinkRequests.LINK_NAME, name)
                .nested(
                        RtnetlinkRequests.LINK_INFO,
                        info ->
                                info.attribute(RtnetlinkRequests.LINK_INFO_KIND, "macvlan")
                                        .nested(
                                                RtnetlinkRequests.LINK_INFO_DATA,
                                                data ->
                                                        data.attribute(
                                                                MACVLAN_MODE, MACVLAN_PRIVATE)));
    }

    // struct ifaddrmsg
    private static NetlinkMessage addAddress(int sequence, AddAddress add) {
        NetlinkMessage message =
                new NetlinkMessage(RtnetlinkRequests.NEW_ADDRESS, CREATE, sequence)
                        .fixedPart(
                                b ->
                                        b.put((byte) RtnetlinkRequests.family(add.address()))
                                                .put((byte) add.prefixLength())
                                                .put((byte) add.flags())
                                                .put((byte) add.scope())
                                                .putInt(add.interfaceIndex()))
                        .attribute(RtnetlinkRequests.ADDRESS_LOCAL, add.address().getAddress())
                        .attribute(
                                RtnetlinkRequests.ADDRESS_ADDRESS,
                                add.peer().orElse(add.address()).getAddress());
        add.broadcast()
                .ifPresent(
                        b ->
                                message.attribute(
                                        RtnetlinkRequests.ADDRESS_BROADCAST, b.getAddress()));
        add.label().ifPresent(l -> message.attribute(RtnetlinkRequests.ADDRESS_LABEL, l));
        if (add.flags() != 0) {
            message.attribute(RtnetlinkRequests.ADDRESS_FLAGS, add.flags());
        }
        add.preferredSeconds()
                .ifPresent(
                        s -> message.attribute(RtnetlinkRequests.ADDRESS_CACHE_INFO, cacheInfo(s)));
        return message;
    }

    private static NetlinkMessage removeAddress(int sequence, RemoveAddress remove) {
        return new NetlinkMessage(RtnetlinkRequests.DELETE_ADDRESS, DELETE, sequence)
                .fixedPart(
                        b ->
                                b.put((byte) RtnetlinkRequests.family(remove.address()))
                                        .put((byte) remove.prefixLength())
                                        .putShort((short) 0)
                                        .putInt(remove.interfaceIndex()))
                .attribute(RtnetlinkRequests.ADDRESS_LOCAL, remove.address().getAddress())
                .attribute(
                        RtnetlinkRequests.ADDRESS_ADDRESS,
                        remove.peer().orElse(remove.address()).getAddress());
    }

    // struct rtmsg
    private static NetlinkMessage route(NetlinkMessage message, FullRoute route) {
        message.fixedPart(
                b ->
                        b.put((byte) RtnetlinkRequests.family(route.destination()))
                                .put((byte) route.prefixLength())
                                .put((byte) 0)
                                .put((byte) route.typeOfService())
                                .put((byte) (route.table() < 256 ? route.table() : 0))
                                .put((byte) route.protocol())
                                .put((byte) route.scope())
                                .put((byte) route.kind())
                                .putInt(
                                        route.hops().size() == 1 && route.hops().getFirst().onLink()
                                                ? HOP_ON_LINK
                                                : 0));
        if (route.prefixLength() > 0) {
            message.attribute(ROUTE_DESTINATION, route.destination().getAddress());
        }
        message.attribute(ROUTE_TABLE, route.table());
        route.source().ifPresent(s -> message.attribute(ROUTE_PREFERRED_SOURCE, s.getAddress()));
        route.priority().ifPresent(p -> message.attribute(ROUTE_PRIORITY, p));
        if (route.hops().size() == 1) {
            hop(message, route, route.hops().getFirst());
        } else if (route.hops().size() > 1) {
            hops(message, route);
        }
        if (!route.metrics().isEmpty()) {
            message.nested(
                    ROUTE_METRICS,
                    metrics -> {
                        if (route.lockedMetrics() != 0) {
                            metrics.attribute(METRICS_LOCK, route.lockedMetrics());
                        }
                        route.metrics().forEach(m -> metrics.attribute(m.code(), m.value()));
                    });
        }
        return message;
    }

    private static void hops(NetlinkMessage message, FullRoute route) {
        message.nested(
                ROUTE_MULTIPATH,
                nested -> {
                    for (Hop hop : route.hops()) {
                        // struct rtnexthop; its length covers the gateway behind it
                        int gatewayBytes =
                                hop.gateway()
                                        .map(g -> gatewayBytes(route.destination(), g))
                                        .orElse(0);
                        nested.fixedPart(
                                b ->
                                        b.putShort((short) (HOP_BYTES + gatewayBytes))
                                                .put((byte) (hop.onLink() ? HOP_ON_LINK : 0))
                                                .put((byte) (hop.weight() - 1))
                                                .putInt(hop.interfaceIndex().orElse(0)));
                        hop.gateway().ifPresent(g -> gateway(nested, route.destination(), g));
                    }
                });
    }

    private static void hop(NetlinkMessage message, FullRoute route, Hop hop) {
        hop.gateway().ifPresent(g -> gateway(message, route.destination(), g));
        hop.interfaceIndex().ifPresent(i -> message.attribute(ROUTE_INTERFACE, i));
    }

    private static int gatewayBytes(InetAddress destination, InetAddress gateway) {
        int address = gateway.getAddress().length;
        boolean sameFamily = destination.getAddress().length == address;
        return NetlinkMessage.ATTRIBUTE_HEADER_BYTES
                + (sameFamily ? address : (2 + address + 3) / 4 * 4);
    }

    private static void gateway(
            NetlinkMessage message, InetAddress destination, InetAddress gateway) {
        byte[] address = gateway.getAddress();
        if (destination.getAddress().length == address.length) {
            message.attribute(ROUTE_GATEWAY, address);
            return;
        }
        message.attribute( // struct rtvia
                ROUTE_VIA,
                ByteBuffer.allocate(2 + address.length)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) RtnetlinkRequests.family(gateway))
                        .put(address)
                        .array());
    }

    // struct fib_rule_hdr
    private static NetlinkMessage rule(NetlinkMessage message, FullRule rule) {
        message.fixedPart(
                b ->
                        b.put(
                                        (byte)
                                                (rule.ipv6()
                                                        ? RtnetlinkRequests.FAMILY_IPV6
                                                        : RtnetlinkRequests.FAMILY_IPV4))
                                .put((byte) (rule.to().isPresent() ? rule.toPrefixLength() : 0))
                                .put((byte) (rule.from().isPresent() ? rule.fromPrefixLength() : 0))
                                .put((byte) rule.typeOfService())
                                .put((byte) (rule.table() < 256 ? rule.table() : 0))
                                .put((byte) 0)
                                .put((byte) 0)
                                .put((byte) rule.action())
                                .putInt(rule.inverted() ? RULE_INVERTED : 0));
        rule.to().ifPresent(a -> message.attribute(RULE_DESTINATION, a.getAddress()));
        rule.from().ifPresent(a -> message.attribute(RULE_SOURCE, a.getAddress()));
        rule.inputInterface().ifPresent(i -> message.attribute(RULE_INPUT, i));
        rule.outputInterface().ifPresent(i -> message.attribute(RULE_OUTPUT, i));
        rule.priority().ifPresent(p -> message.attribute(RULE_PRIORITY, (int) p));
        rule.mark().ifPresent(m -> message.attribute(RULE_MARK, (int) m));
        rule.markMask().ifPresent(m -> message.attribute(RULE_MARK_MASK, (int) m));
        rule.goTo().ifPresent(g -> message.attribute(RULE_GO_TO, (int) g));
        rule.suppressPrefixLength()
                .ifPresent(l -> message.attribute(RULE_SUPPRESS_PREFIX_LENGTH, l));
        rule.ipProtocol()
                .ifPresent(p -> message.attribute(RULE_IP_PROTOCOL, new byte[] {(byte) p}));
        if (rule.table() != 0) {
            message.attribute(RULE_TABLE, rule.table());
        }
        return message;
    }

    // struct ifa_cacheinfo: preferred and valid lifetime, and two stamps that the kernel ignores
    private static byte[] cacheInfo(long preferredSeconds) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt((int) preferredSeconds)
                .putInt(-1)
                .array();
    }
}
