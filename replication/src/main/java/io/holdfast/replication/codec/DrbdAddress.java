package io.holdfast.replication.codec;

import io.holdfast.replication.config.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code [ipv4|ipv6|ssocks|sdp|sci] ADDRESS:PORT}. */
final class DrbdAddress {
    /** No leading zeros: some programs take 010 for 8. */
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.(?!$)|$)){4}");

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{1,15}");
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65_535;
    private static final String EXAMPLE =
            "address 10.1.0.100:7788; or address ipv6 [fd00::1]:7788;";

    private final DrbdFindings findings;

    DrbdAddress(DrbdFindings findings) {
        this.findings = findings;
    }

    /**
     * Reads the values of a statement, from one up to another.
     *
     * @return null after telling what is wrong
     */
    @Nullable Endpoint read(DrbdStatement statement, int from, int to) {
        int at = from;
        String family = at < to ? statement.value(at) : "";
        switch (family) {
            case "ipv4", "ipv6" -> at++;
            case "ssocks", "sdp", "sci" -> {
                at++;
                findings.warning(
                        statement.place(),
                        "the address family " + family + " has no effect",
                        "peers speak TCP",
                        "write the address without it");
            }
            default -> family = "";
        }
        StringBuilder joined = new StringBuilder();
        for (; at < to; at++) {
            joined.append(statement.value(at));
        }
        return endpoint(statement.place(), family, joined.toString());
    }

    private @Nullable Endpoint endpoint(DrbdPlace place, String family, String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < bracket) {
            return wrong(place, text, "its port is missing");
        }
        boolean bracketed = text.startsWith("[") && bracket == colon - 1;
        String address = bracketed ? text.substring(1, bracket) : text.substring(0, colon);
        if (address.indexOf(':') >= 0 && !bracketed) {
            return wrong(place, text, "an IPv6 address stands in brackets");
        }
        boolean good = bracketed ? isIpv6(address) : IPV4.matcher(address).matches();
        if (!good) {
            return wrong(place, text, "it is not an IP address, and names are not looked up");
        }
        if (bracketed ? family.equals("ipv4") : family.equals("ipv6")) {
            return wrong(place, text, "it is not an address of the family " + family);
        }
        if (isNoHost(address)) {
            return wrong(place, text, "a peer cannot connect to the address of no host");
        }
        int port = port(text.substring(colon + 1));
        return port < 0
                ? wrong(place, text, "ports are 1 to " + MAX_PORT)
                : new Endpoint(address, port);
    }

    /** The port, or -1. */
    static int port(String text) {
        if (text.isEmpty() || text.length() > MAX_PORT_DIGITS) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + (c - '0');
        }
        return port >= 1 && port <= MAX_PORT ? port : -1;
    }

    /** The endpoint in one form, however an IPv6 address is written. */
    static String canonical(Endpoint endpoint) {
        String address = endpoint.address();
        if (address.indexOf(':') >= 0) {
            int zone = address.indexOf('%');
            String bare = zone < 0 ? address : address.substring(0, zone);
            String suffix = zone < 0 ? "" : address.substring(zone);
            address = InetAddress.ofLiteral(bare).getHostAddress() + suffix;
        }
        return address + " port " + endpoint.port();
    }

    private static boolean isIpv6(String address) {
        int zone = address.indexOf('%');
        if (zone >= 0 && !ZONE.matcher(address.substring(zone + 1)).matches()) {
            return false;
        }
        String bare = zone < 0 ? address : address.substring(0, zone);
        if (bare.indexOf(':') < 0 || !IPV6.matcher(bare).matches()) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(bare);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isNoHost(String address) {
        int zone = address.indexOf('%');
        InetAddress parsed = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
        return parsed.isAnyLocalAddress() || parsed.isMulticastAddress();
    }

    private @Nullable Endpoint wrong(DrbdPlace place, String text, String why) {
        findings.mistake(
                place,
                "\"" + text + "\" is not an address and port",
                why,
                "write for example: " + EXAMPLE);
        return null;
    }
}
