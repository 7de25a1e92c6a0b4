package io.holdfast.vrrp.driver;

import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.NetworkChange;
import io.holdfast.linux.net.NetworkChange.AddAddress;
import io.holdfast.linux.net.NetworkChange.AddRoute;
import io.holdfast.linux.net.NetworkChange.AddRule;
import io.holdfast.linux.net.NetworkChange.FullRoute;
import io.holdfast.linux.net.NetworkChange.FullRule;
import io.holdfast.linux.net.NetworkChange.Hop;
import io.holdfast.linux.net.NetworkChange.Metric;
import io.holdfast.linux.net.NetworkChange.RemoveAddress;
import io.holdfast.linux.net.NetworkChange.RemoveRoute;
import io.holdfast.linux.net.NetworkChange.RemoveRule;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRoute;
import io.holdfast.vrrp.core.VirtualRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Addresses, routes and rules of the configuration as changes to the kernel's. */
final class AddressChanges {
    /** {@code RTPROT_KEEPALIVED}: whose they are, so that other programs leave them alone. */
    private static final int ROUTE_PROTOCOL = 18;

    private static final int SCOPE_GLOBAL = 0;
    private static final int SCOPE_LINK = 253;

    private static final int ACTION_LOOKUP = 1;
    private static final int ACTION_GO_TO = 2;
    private static final int ACTION_NOP = 3;
    private static final int ACTION_BLACKHOLE = 6;
    private static final int ACTION_UNREACHABLE = 7;
    private static final int ACTION_PROHIBIT = 8;

    private AddressChanges() {}

    /** An address and the name of the interface that it belongs on. */
    record Placed(VirtualAddress address, String interfaceName) {}

    /** All addresses of an instance, in the order of the file, the excluded ones last. */
    static List<Placed> addresses(InstanceSettings instance) {
        List<Placed> placed = new ArrayList<>();
        instance.addresses().forEach(a -> placed.add(place(instance, a)));
        instance.excludedAddresses().forEach(a -> placed.add(place(instance, a)));
        return placed;
    }

    private static Placed place(InstanceSettings instance, VirtualAddress address) {
        String ownInterface =
                instance.virtualMac()
                        .map(mac -> mac.interfaceName())
                        .orElse(instance.interfaceName());
        String named = address.interfaceName().orElse(ownInterface);
        boolean moved = named.equals(instance.interfaceName()) && instance.virtualMac().isPresent();
        return new Placed(address, moved || address.onVirtualMac() ? ownInterface : named);
    }

    /** Nothing when the interface is not there. */
    static Optional<NetworkChange> add(Placed placed, InterfacePicture picture) {
        VirtualAddress address = placed.address();
        return picture.link(placed.interfaceName())
                .map(
                        link ->
                                new AddAddress(
                                        link.index(),
                                        JavaAddress.of(address.address()),
                                        address.prefixLength(),
                                        address.peer().map(JavaAddress::of),
                                        address.broadcast().map(JavaAddress::of),
                                        address.scope(),
                                        address.label(),
                                        flags(address),
                                        preferredSeconds(address.preferredLifetime())));
    }

    static Optional<NetworkChange> remove(Placed placed, InterfacePicture picture) {
        VirtualAddress address = placed.address();
        return picture.link(placed.interfaceName())
                .map(
                        link ->
                                new RemoveAddress(
                                        link.index(),
                                        JavaAddress.of(address.address()),
                                        address.prefixLength(),
                                        address.peer().map(JavaAddress::of)));
    }

    static NetworkChange add(VirtualRoute route, InterfacePicture picture) {
        return new AddRoute(full(route, picture));
    }

    static NetworkChange remove(VirtualRoute route, InterfacePicture picture) {
        return new RemoveRoute(full(route, picture));
    }

    static NetworkChange add(VirtualRule rule) {
        return new AddRule(full(rule));
    }

    static NetworkChange remove(VirtualRule rule) {
        return new RemoveRule(full(rule));
    }

    private static int flags(VirtualAddress address) {
        int flags = 0;
        if (address.address().family() == AddressFamily.IPV6 && !address.detectDuplicates()) {
            flags |= AddAddress.NO_DUPLICATE_DETECTION;
        }
        flags |= address.home() ? AddAddress.HOME : 0;
        flags |= address.manageTemporary() ? AddAddress.MANAGE_TEMPORARY : 0;
        flags |= address.noPrefixRoute() ? AddAddress.NO_PREFIX_ROUTE : 0;
        flags |= address.autojoin() ? AddAddress.MULTICAST_AUTOJOIN : 0;
        return flags;
    }

    private static OptionalLong preferredSeconds(Optional<Duration> lifetime) {
        return lifetime.map(d -> OptionalLong.of(d.toSeconds())).orElse(OptionalLong.empty());
    }

    private static FullRoute full(VirtualRoute route, InterfacePicture picture) {
        boolean viaGateway = route.nextHops().stream().anyMatch(h -> h.gateway().isPresent());
        boolean unicast = route.kind() == VirtualRoute.Kind.UNICAST;
        boolean linkScope =
                unicast
                        && !viaGateway
                        && !route.nextHops().isEmpty()
                        && route.destination().family() == AddressFamily.IPV4;
        int locked = 0;
        for (VirtualRoute.Metric metric : route.metrics()) {
            locked |= metric.locked() ? 1 << metric.code() : 0;
        }
        return new FullRoute(
                route.kind().code(),
                JavaAddress.of(route.destination()),
                route.prefixLength(),
                route.nextHops().stream().map(h -> hop(h, picture)).toList(),
                route.source().map(JavaAddress::of),
                route.table(),
                route.priority(),
                route.scope().orElse(linkScope ? SCOPE_LINK : SCOPE_GLOBAL),
                route.typeOfService(),
                route.protocol().orElse(ROUTE_PROTOCOL),
                route.metrics().stream().map(m -> new Metric(m.code(), m.value())).toList(),
                locked);
    }

    private static Hop hop(VirtualRoute.NextHop hop, InterfacePicture picture) {
        Optional<Link> link = hop.interfaceName().flatMap(picture::link);
        return new Hop(
                hop.gateway().map(JavaAddress::of),
                link.map(l -> OptionalInt.of(l.index())).orElse(OptionalInt.empty()),
                hop.weight(),
                hop.onLink());
    }

    private static FullRule full(VirtualRule rule) {
        int table = 0;
        OptionalLong goTo = OptionalLong.empty();
        int action =
                switch (rule.action()) {
                    case VirtualRule.Action.Lookup ignored -> ACTION_LOOKUP;
                    case VirtualRule.Action.GoTo ignored -> ACTION_GO_TO;
                    case VirtualRule.Action.Nop ignored -> ACTION_NOP;
                    case VirtualRule.Action.Blackhole ignored -> ACTION_BLACKHOLE;
                    case VirtualRule.Action.Unreachable ignored -> ACTION_UNREACHABLE;
                    case VirtualRule.Action.Prohibit ignored -> ACTION_PROHIBIT;
                };
        if (rule.action() instanceof VirtualRule.Action.Lookup lookup) {
            table = lookup.table();
        } else if (rule.action() instanceof VirtualRule.Action.GoTo other) {
            goTo = OptionalLong.of(other.rulePriority());
        }
        return new FullRule(
                rule.family() == AddressFamily.IPV6,
                rule.priority(),
                rule.from().map(JavaAddress::of),
                rule.fromPrefixLength(),
                rule.to().map(JavaAddress::of),
                rule.toPrefixLength(),
                rule.typeOfService(),
                rule.mark(),
                rule.markMask(),
                rule.inputInterface(),
                rule.outputInterface(),
                rule.inverted(),
                action,
                table,
                goTo,
                rule.suppressPrefixLength(),
                rule.ipProtocol());
    }
}
