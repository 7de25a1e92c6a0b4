package io.holdfast.vrrp.core;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One line of {@code virtual_routes} or {@code static_routes}, as {@code ip route} reads it.
 *
 * @param kind what becomes of packets; {@code RTN_*}
 * @param destination with {@link #prefixLength} 0: the default route
 * @param source the address that this machine's own packets get ({@code src})
 * @param table 254 is the main table
 * @param scope {@code RT_SCOPE_*}; empty: link without a gateway, else global
 * @param nextHops more than one: packets are spread over them
 * @param metrics numbers that {@code ip route} sets by name: {@code mtu}, {@code advmss}, {@code
 *     window}, {@code initcwnd} …; {@code RTAX_*}
 */
public record VirtualRoute(
        Kind kind,
        IpAddress destination,
        int prefixLength,
        List<NextHop> nextHops,
        Optional<IpAddress> source,
        int table,
        OptionalInt priority,
        OptionalInt scope,
        int typeOfService,
        OptionalInt protocol,
        List<Metric> metrics,
        boolean tracked) {
    /** The main table. */
    public static final int MAIN_TABLE = 254;

    public VirtualRoute {
        nextHops = List.copyOf(nextHops);
        metrics = List.copyOf(metrics);
    }

    /** {@code RTN_*}, with its number. */
    public enum Kind {
        UNICAST(1),
        LOCAL(2),
        BROADCAST(3),
        ANYCAST(4),
        MULTICAST(5),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8),
        THROW(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /**
     * One way.
     *
     * @param weight 1 to 256
     */
    public record NextHop(
            Optional<IpAddress> gateway,
            Optional<String> interfaceName,
            int weight,
            boolean onLink) {}

    /** An {@code RTAX_*} number and its value. */
    public record Metric(int code, int value, boolean locked) {}

    @Override
    public String toString() {
        String way =
                nextHops.isEmpty()
                        ? ""
                        : nextHops.getFirst().gateway().map(g -> " via " + g).orElse("")
                                + nextHops.getFirst()
                                        .interfaceName()
                                        .map(i -> " dev " + i)
                                        .orElse("");
        return (kind == Kind.UNICAST ? "" : kind.name().toLowerCase(java.util.Locale.ROOT) + " ")
                + destination
                + "/"
                + prefixLength
                + way
                + (table == MAIN_TABLE ? "" : " table " + table);
    }
}
