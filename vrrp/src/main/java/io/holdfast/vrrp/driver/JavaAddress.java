package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The core's addresses as Java's, and back. */
final class JavaAddress {
    private JavaAddress() {}

    static InetAddress of(IpAddress address) {
        try {
            return InetAddress.getByAddress(address.bytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    static IpAddress back(InetAddress address) {
        return IpAddress.of(address.getAddress());
    }
}
