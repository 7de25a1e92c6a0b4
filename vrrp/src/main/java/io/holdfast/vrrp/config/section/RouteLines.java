package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.VirtualRoute;
import io.holdfast.vrrp.core.VirtualRoute.Kind;
import io.holdfast.vrrp.core.VirtualRoute.Metric;
import io.holdfast.vrrp.core.VirtualRoute.NextHop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The lines of {@code virtual_routes} and {@code static_routes}, as {@code ip route} reads them.
 */
final class RouteLines {
    /** {@code RTAX_*} of {@code linux/rtnetlink.h}. */
    private static final Map<String, Integer> METRICS =
            Map.ofEntries(
                    Map.entry("mtu", 2),
                    Map.entry("window", 3),
                    Map.entry("rtt", 4),
                    Map.entry("rttvar", 5),
                    Map.entry("ssthresh", 6),
                    Map.entry("cwnd", 7),
                    Map.entry("advmss", 8),
                    Map.entry("reordering", 9),
                    Map.entry("hoplimit", 10),
                    Map.entry("initcwnd", 11),
                    Map.entry("rto_min", 13),
                    Map.entry("initrwnd", 14),
                    Map.entry("quickack", 15),
                    Map.entry("fastopen_no_cookie", 17));

    private RouteLines() {}

    static List<VirtualRoute> read(Statement block, Findings findings) {
        List<VirtualRoute> routes = new ArrayList<>();
        for (Statement line : block.children()) {
            new One(line, findings).read().ifPresent(routes::add);
        }
        return routes;
    }

    /** One line. */
    private static final class One {
        private final Options options;
        private Kind kind = Kind.UNICAST;
        private @Nullable Prefix destination;
        private boolean defaultRoute;
        private boolean inet6;
        private final List<NextHop> nextHops = new ArrayList<>();
        private final List<IpAddress> gateways = new ArrayList<>();
        private @Nullable String device;
        private boolean onLink;
        private @Nullable IpAddress source;
        private int table = VirtualRoute.MAIN_TABLE;
        private OptionalInt priority = OptionalInt.empty();
        private OptionalInt scope = OptionalInt.empty();
        private int typeOfService;
        private OptionalInt protocol = OptionalInt.empty();
        private final List<Metric> metrics = new ArrayList<>();
        private boolean tracked = true;

        One(Statement line, Findings findings) {
            this.options = new Options(line, "route", findings);
        }

        Optional<VirtualRoute> read() {
            while (options.hasNext()) {
                option(options.next());
            }
            Prefix to = destination();
            if (to == null) {
                options.error(
                        "a route without destination",
                        "it names no network and is left out",
                        "write NETWORK/PREFIXLENGTH via GATEWAY dev INTERFACE, or default via ...");
                return Optional.empty();
            }
            if (nextHops.isEmpty() && (!gateways.isEmpty() || device != null)) {
                addPlainHops();
            }
            if (nextHops.isEmpty() && kind == Kind.UNICAST) {
                options.error(
                        "a route that leads nowhere",
                        "it has neither a gateway nor an interface and is left out",
                        "add via GATEWAY or dev INTERFACE");
                return Optional.empty();
            }
            return Optional.of(
                    new VirtualRoute(
                            kind,
                            to.address(),
                            to.length(),
                            nextHops,
                            Optional.ofNullable(source),
                            table,
                            priority,
                            scope,
                            typeOfService,
                            protocol,
                            metrics,
                            tracked));
        }

        // `via A or B`: both, so that one that is gone does not matter.
        private void addPlainHops() {
            Optional<String> name = Optional.ofNullable(device);
            if (gateways.isEmpty()) {
                nextHops.add(new NextHop(Optional.empty(), name, 1, onLink));
            }
            gateways.forEach(g -> nextHops.add(new NextHop(Optional.of(g), name, 1, onLink)));
        }

        private @Nullable Prefix destination() {
            if (!defaultRoute) {
                return destination;
            }
            boolean six =
                    inet6
                            || (!gateways.isEmpty()
                                    && gateways.getFirst().family() == AddressFamily.IPV6);
            return new Prefix(IpAddress.literal(six ? "::" : "0.0.0.0"), 0);
        }

        private void option(String option) {
            switch (option) {
                case "blackhole",
                        "unreachable",
                        "prohibit",
                        "throw",
                        "local",
                        "broadcast",
                        "anycast",
                        "multicast",
                        "unicast" ->
                        kind = Kind.valueOf(option.toUpperCase(Locale.ROOT));
                case "to" -> options.value(option).ifPresent(this::destination);
                case "via", "gw", "or" -> gateway(option);
                case "dev", "oif" -> device = options.value(option).orElse(device);
                case "src" -> source = options.address(option).orElse(source);
                case "table" -> table = named(option, RoutingNames::table).orElse(table);
                case "metric", "priority", "preference" ->
                        priority = options.integer(option, 0, Integer.MAX_VALUE);
                case "scope" -> scope = named(option, RoutingNames::scope);
                case "tos", "dsfield" ->
                        typeOfService = options.integer(option, 0, 255).orElse(typeOfService);
                case "proto", "protocol" -> protocol = named(option, RoutingNames::protocol);
                case "onlink" -> onLink = true;
                case "no_track" -> tracked = false;
                case "nexthop" -> nextHop();
                case "inet6" -> inet6 = true;
                case "inet", "add", "append", "prepend" -> {}
                case "track_group" -> {
                    var _ = options.value(option);
                    options.notServed(option, "no instance goes to FAULT for a static route");
                }
                case "weight",
                        "realms",
                        "expires",
                        "encap",
                        "features",
                        "congctl",
                        "pref",
                        "as",
                        "vrf",
                        "ttl-propagate" -> {
                    var _ = options.value(option);
                    options.notServed(option, "the route is made without it");
                }
                default -> otherOption(option);
            }
        }

        private void otherOption(String option) {
            Integer code = METRICS.get(option);
            if (code != null) {
                metric(option, code);
            } else if (option.equals("default")) {
                defaultRoute = true;
            } else if (destination == null && !defaultRoute && Prefix.parse(option).isPresent()) {
                destination(option);
            } else {
                options.unknown(option);
            }
        }

        private void destination(String text) {
            if (text.equals("default")) {
                defaultRoute = true;
                return;
            }
            destination = Prefix.parse(text).orElse(null);
            if (destination == null) {
                options.notA("to", "network", text);
            }
        }

        private void gateway(String option) {
            // ip route's own way to say which family follows.
            if (options.hasNext() && options.peek().matches("inet6?")) {
                String _ = options.next();
            }
            options.address(option).ifPresent(gateways::add);
        }

        private void metric(String option, int code) {
            boolean locked = options.hasNext() && options.peek().equals("lock");
            if (locked) {
                String _ = options.next();
            }
            options.integer(option, 0, Integer.MAX_VALUE)
                    .ifPresent(value -> metrics.add(new Metric(code, value, locked)));
        }

        // nexthop via A dev I weight N onlink nexthop ...
        private void nextHop() {
            Optional<IpAddress> gateway = Optional.empty();
            Optional<String> name = Optional.empty();
            int weight = 1;
            boolean direct = false;
            while (options.hasNext() && !options.peek().equals("nexthop")) {
                String option = options.next();
                switch (option) {
                    case "via" -> gateway = options.address(option);
                    case "dev" -> name = options.value(option);
                    case "weight" -> weight = options.integer(option, 1, 256).orElse(1);
                    case "onlink" -> direct = true;
                    default -> options.unknown(option);
                }
            }
            if (gateway.isPresent() || name.isPresent()) {
                nextHops.add(new NextHop(gateway, name, weight, direct));
            }
        }

        private OptionalInt named(
                String option, java.util.function.Function<String, OptionalInt> names) {
            Optional<String> text = options.value(option);
            OptionalInt number = text.map(names).orElse(OptionalInt.empty());
            if (text.isPresent() && number.isEmpty()) {
                options.notA(option, option + " that is known here (numbers are)", text.get());
            }
            return number;
        }
    }
}
