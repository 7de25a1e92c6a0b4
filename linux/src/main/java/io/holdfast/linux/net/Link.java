package io.holdfast.linux.net;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network interface, as {@code ip link} shows it.
 *
 * @param index unique in its namespace; a name may be reused, an index is not
 * @param macAddress empty for links without an Ethernet address (tunnels)
 * @param up set up by the administrator ({@code IFF_UP})
 * @param running up, and the other end of the wire is there ({@code IFF_LOWER_UP})
 * @param master the index of the bridge (or bond) that it is a port of
 * @param kind {@code veth}, {@code bridge}, {@code vlan} …; empty for hardware and loopback
 */
public record Link(
        int index,
        String name,
        Optional<MacAddress> macAddress,
        int mtuBytes,
        boolean up,
        boolean running,
        boolean loopback,
        OptionalInt master,
        Optional<String> kind) {}
