package io.holdfast.replication.config;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;

/**
 * An address and port, {@code 10.1.0.100:7788}.
 *
 * @param address an IP address, never a name that would have to be looked up
 */
public record Endpoint(String address, int port) {
    public Endpoint {
        if (port < 1 || port > 65_535) {
            throw new ProblemException(
                    new Problem(
                            "a port is not usable",
                            address + ":" + port,
                            "ports are 1 to 65535",
                            "give a port in that range"));
        }
    }

    @Override
    public String toString() {
        return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }
}
