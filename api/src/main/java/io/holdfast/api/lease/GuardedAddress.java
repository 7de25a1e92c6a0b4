package io.holdfast.api.lease;

import io.holdfast.base.Invariant;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * A floating address that is up on this node and must go when the lease is over.
 *
 * @param networkInterface its interface, at most 15 bytes as Linux has it
 * @param prefixLength 0 to 32, or to 128 for IPv6
 */
public record GuardedAddress(String networkInterface, InetAddress address, int prefixLength) {
    /** IFNAMSIZ less the closing NUL. */
    static final int MAX_INTERFACE_BYTES = 15;

    public GuardedAddress {
        int nameBytes = networkInterface.getBytes(StandardCharsets.UTF_8).length;
        Invariant.check(
                nameBytes >= 1 && nameBytes <= MAX_INTERFACE_BYTES,
                "an interface name has 1 to 15 bytes: %s",
                networkInterface);
        int bits = address.getAddress().length * 8;
        Invariant.check(
                prefixLength >= 0 && prefixLength <= bits,
                "a prefix of %s has 0 to %d bits: %d",
                address,
                bits,
                prefixLength);
    }
}
