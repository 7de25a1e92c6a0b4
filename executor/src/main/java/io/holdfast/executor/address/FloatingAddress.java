package io.holdfast.executor.address;

import io.holdfast.api.lease.GuardedAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address that moves between nodes.
 *
 * @param label an alias such as {@code eth0:1}, IPv4 only
 */
public record FloatingAddress(
        String networkInterface, InetAddress address, int prefixLength, Optional<String> label) {
    GuardedAddress guarded() {
        return new GuardedAddress(networkInterface, address, prefixLength);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength + " on " + networkInterface;
    }
}
