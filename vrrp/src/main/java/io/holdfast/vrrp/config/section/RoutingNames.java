package io.holdfast.vrrp.config.section;

import java.util.Map;
import java.util.OptionalInt;

/** The names that iproute2 has for numbers, where no file of the administrator changed them. */
final class RoutingNames {
    private static final Map<String, Integer> SCOPES =
            Map.of("global", 0, "site", 200, "link", 253, "host", 254, "nowhere", 255);

    private static final Map<String, Integer> TABLES =
            Map.of("default", 253, "main", 254, "local", 255);

    private static final Map<String, Integer> PROTOCOLS =
            Map.of(
                    "redirect",
                    1,
                    "kernel",
                    2,
                    "boot",
                    3,
                    "static",
                    4,
                    "ra",
                    9,
                    "zebra",
                    11,
                    "bird",
                    12,
                    "dhcp",
                    16,
                    "keepalived",
                    18,
                    "bgp",
                    186);

    private RoutingNames() {}

    static OptionalInt scope(String text) {
        return named(SCOPES, text, 255);
    }

    static OptionalInt table(String text) {
        return named(TABLES, text, Integer.MAX_VALUE);
    }

    static OptionalInt protocol(String text) {
        return named(PROTOCOLS, text, 255);
    }

    private static OptionalInt named(Map<String, Integer> names, String text, int most) {
        Integer number = names.get(text);
        if (number != null) {
            return OptionalInt.of(number);
        }
        try {
            int value = Integer.decode(text);
            return value >= 0 && value <= most ? OptionalInt.of(value) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
