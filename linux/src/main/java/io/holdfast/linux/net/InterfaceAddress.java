package io.holdfast.linux.net;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An address on an interface, as {@code ip address} shows it.
 *
 * @param prefixLength of the network that the address opens a way to
 * @param label IPv4 only: an alias such as {@code eth0:1}
 * @param validSeconds after which the kernel takes the address away by itself; empty: never
 * @param secondary IPv4: another address of the same network came first
 */
public record InterfaceAddress(
        int interfaceIndex,
        InetAddress address,
        int prefixLength,
        Optional<String> label,
        OptionalLong validSeconds,
        boolean secondary) {}
