package io.holdfast.linux.net;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A way to a network, in the main table.
 *
 * @param destination the network; all zeros with prefix length 0 is the default route
 * @param gateway who forwards; empty when the network is on the wire itself
 * @param interfaceName where to; empty when the gateway tells
 */
public record Route(
        InetAddress destination,
        int prefixLength,
        Optional<InetAddress> gateway,
        Optional<String> interfaceName) {
    public Route {
        if (gateway.isEmpty() && interfaceName.isEmpty()) {
            throw new IllegalArgumentException("a route needs a gateway or an interface");
        }
        if (gateway.isPresent()
                && gateway.get().getAddress().length != destination.getAddress().length) {
            throw new IllegalArgumentException("gateway and destination differ in family");
        }
    }

    @Override
    public String toString() {
        return destination.getHostAddress()
                + "/"
                + prefixLength
                + gateway.map(g -> " via " + g.getHostAddress()).orElse("")
                + interfaceName.map(n -> " dev " + n).orElse("");
    }
}
