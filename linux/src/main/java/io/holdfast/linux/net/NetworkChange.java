package io.holdfast.linux.net;

import io.holdfast.linux.nativecall.Errno;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One change for {@link Rtnetlink#apply}: all that {@code ip address, route, rule} can say. */
public sealed interface NetworkChange {
    /** For messages. */
    String describe();

    /** Whether a refusal only says that all is as wanted. */
    default boolean isHarmless(Errno errno) {
        return false;
    }

    /**
     * Puts an address on an interface; one that is there already stays.
     *
     * @param broadcast empty: none
     * @param scope {@code RT_SCOPE_*}; 0 is global
     * @param flags {@code IFA_F_*}, such as {@link AddAddress#NO_DUPLICATE_DETECTION}
     * @param preferredSeconds empty: for ever; 0: never chosen as a source
     */
    record AddAddress(
            int interfaceIndex,
            InetAddress address,
            int prefixLength,
            Optional<InetAddress> peer,
            Optional<InetAddress> broadcast,
            int scope,
            Optional<String> label,
            int flags,
            OptionalLong preferredSeconds)
            implements NetworkChange {
        public static final int NO_DUPLICATE_DETECTION = 0x02;
        public static final int HOME = 0x10;
        public static final int MANAGE_TEMPORARY = 0x100;
        public static final int NO_PREFIX_ROUTE = 0x200;
        public static final int MULTICAST_AUTOJOIN = 0x400;

        @Override
        public String describe() {
            return "address " + address.getHostAddress() + "/" + prefixLength;
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.EEXIST);
        }
    }

    record RemoveAddress(
            int interfaceIndex, InetAddress address, int prefixLength, Optional<InetAddress> peer)
            implements NetworkChange {
        @Override
        public String describe() {
            return "address " + address.getHostAddress() + "/" + prefixLength;
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.EADDRNOTAVAIL) || errno.equals(Errno.ENODEV);
        }
    }

    /**
     * A route.
     *
     * @param kind {@code RTN_*}; 1 is unicast
     * @param table 254 is the main one
     * @param scope {@code RT_SCOPE_*}
     * @param protocol {@code RTPROT_*}: who made it
     * @param metrics {@code RTAX_*} and values; {@link #lockedMetrics} has a bit for each locked
     *     one
     */
    record FullRoute(
            int kind,
            InetAddress destination,
            int prefixLength,
            List<Hop> hops,
            Optional<InetAddress> source,
            int table,
            OptionalInt priority,
            int scope,
            int typeOfService,
            int protocol,
            List<Metric> metrics,
            int lockedMetrics) {
        public FullRoute {
            hops = List.copyOf(hops);
            metrics = List.copyOf(metrics);
        }

        String text() {
            return "route " + destination.getHostAddress() + "/" + prefixLength + " table " + table;
        }
    }

    /**
     * One way of a route.
     *
     * @param weight 1 to 256
     */
    record Hop(
            Optional<InetAddress> gateway,
            OptionalInt interfaceIndex,
            int weight,
            boolean onLink) {}

    record Metric(int code, int value) {}

    /** Adds a route, or changes the one to the same destination with the same priority. */
    record AddRoute(FullRoute route) implements NetworkChange {
        @Override
        public String describe() {
            return route.text();
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.EEXIST);
        }
    }

    record RemoveRoute(FullRoute route) implements NetworkChange {
        @Override
        public String describe() {
            return route.text();
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.ESRCH) || errno.equals(Errno.ENODEV);
        }
    }

    /**
     * A rule of policy routing.
     *
     * @param ipv6 its family
     * @param action {@code FR_ACT_*}
     * @param table counts with the action to look up
     * @param goTo counts with the action to go to another rule
     */
    record FullRule(
            boolean ipv6,
            OptionalLong priority,
            Optional<InetAddress> from,
            int fromPrefixLength,
            Optional<InetAddress> to,
            int toPrefixLength,
            int typeOfService,
            OptionalLong mark,
            OptionalLong markMask,
            Optional<String> inputInterface,
            Optional<String> outputInterface,
            boolean inverted,
            int action,
            int table,
            OptionalLong goTo,
            OptionalInt suppressPrefixLength,
            OptionalInt ipProtocol) {
        String text() {
            return "rule from "
                    + from.map(f -> f.getHostAddress() + "/" + fromPrefixLength).orElse("all")
                    + to.map(t -> " to " + t.getHostAddress() + "/" + toPrefixLength).orElse("");
        }
    }

    record AddRule(FullRule rule) implements NetworkChange {
        @Override
        public String describe() {
            return rule.text();
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.EEXIST);
        }
    }

    record RemoveRule(FullRule rule) implements NetworkChange {
        @Override
        public String describe() {
            return rule.text();
        }

        @Override
        public boolean isHarmless(Errno errno) {
            return errno.equals(Errno.ENOENT);
        }
    }
}
