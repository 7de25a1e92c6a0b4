package io.holdfast.vrrp.core;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One line of {@code virtual_rules} or {@code static_rules}, as {@code ip rule} reads it.
 *
 * @param priority where in the order of rules; empty: the kernel chooses
 * @param fromPrefixLength counts only with {@link #from}; likewise {@link #toPrefixLength}
 * @param action what becomes of packets that match
 */
public record VirtualRule(
        AddressFamily family,
        OptionalLong priority,
        Optional<IpAddress> from,
        int fromPrefixLength,
        Optional<IpAddress> to,
        int toPrefixLength,
        int typeOfService,
        OptionalLong mark,
        OptionalLong markMask,
        Optional<String> inputInterface,
        Optional<String> outputInterface,
        boolean inverted,
        Action action,
        OptionalInt suppressPrefixLength,
        OptionalInt ipProtocol,
        boolean tracked) {

    /** What becomes of packets that match. */
    public sealed interface Action {
        record Lookup(int table) implements Action {}

        record GoTo(long rulePriority) implements Action {}

        record Blackhole() implements Action {}

        record Unreachable() implements Action {}

        record Prohibit() implements Action {}

        record Nop() implements Action {}
    }
}
