package io.holdfast.iscsi.initiator;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Portals as targets and people write them: {@code address[:port][,tag]}, IPv6 in brackets. */
public final class PortalText {
    private static final int DEFAULT_PORT = 3260;

    private PortalText() {}

    /**
     * The portal's address; only literals are understood.
     *
     * @throws IscsiException when it is none
     */
    public static InetSocketAddress parse(String text) throws IscsiException {
        String portal = text.contains(",") ? text.substring(0, text.indexOf(',')) : text;
        int bracket = portal.lastIndexOf(']');
        int colon = portal.lastIndexOf(':');
        boolean bareIpv6 = bracket < 0 && portal.indexOf(':') != colon;
        boolean hasPort = colon > bracket && !bareIpv6;
        String host = hasPort ? portal.substring(0, colon) : portal;
        String port = hasPort ? portal.substring(colon + 1) : Integer.toString(DEFAULT_PORT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IscsiException("\"" + text + "\" is no portal: the port is no number");
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            throw new IscsiException("\"" + text + "\" is no portal: ADDRESS[:PORT] is", e);
        }
    }

    /** {@code address:port}, with brackets around IPv6. */
    public static String format(InetSocketAddress portal) {
        String host = portal.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + portal.getPort();
    }
}
