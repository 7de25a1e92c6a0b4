package io.holdfast.vrrp.core;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How adverts travel.
 *
 * @param multicastGroup used when there are no unicast peers
 * @param sourceAddress {@code mcast_src_ip} or {@code unicast_src_ip}; empty: the interface's
 *     primary address (IPv6: its link-local one)
 * @param trackSourceAddress {@code track_src_ip}: FAULT while the interface lacks that address
 * @param unicastPeers not empty: adverts go to each of these instead of the group
 * @param unicastTtl of adverts to peers; Keepalived 2.2.7 sends 255 (IPv6: 64)
 * @param checkUnicastSource whether adverts from others than the peers are dropped
 * @param faultWithoutPeers {@code unicast_fault_no_peer}
 * @param pseudoHeader whether the checksum of version 3 over IPv4 covers a pseudo-header, as
 *     Keepalived sends it; RFC 9568 5.2.8 leaves it out. Both are accepted.
 * @param receiveBufferBytes of the socket; empty: the kernel's default
 */
public record TransportSettings(
        IpAddress multicastGroup,
        Optional<IpAddress> sourceAddress,
        boolean trackSourceAddress,
        List<UnicastPeer> unicastPeers,
        OptionalInt unicastTtl,
        boolean checkUnicastSource,
        boolean faultWithoutPeers,
        boolean pseudoHeader,
        OptionalInt receiveBufferBytes) {
    public static final IpAddress MULTICAST_GROUP_V4 = IpAddress.literal("224.0.0.18");
    public static final IpAddress MULTICAST_GROUP_V6 = IpAddress.literal("ff02::12");

    public TransportSettings {
        unicastPeers = List.copyOf(unicastPeers);
    }

    /** To the standard group, from the interface's own address. */
    public static TransportSettings multicast(AddressFamily family) {
        return new TransportSettings(
                family == AddressFamily.IPV4 ? MULTICAST_GROUP_V4 : MULTICAST_GROUP_V6,
                Optional.empty(),
                false,
                List.of(),
                OptionalInt.empty(),
                false,
                false,
                true,
                OptionalInt.empty());
    }

    public static TransportSettings unicast(IpAddress source, List<IpAddress> peers) {
        return new TransportSettings(
                multicast(source.family()).multicastGroup(),
                Optional.of(source),
                false,
                peers.stream().map(UnicastPeer::of).toList(),
                OptionalInt.empty(),
                true,
                false,
                true,
                OptionalInt.empty());
    }

    public boolean isUnicast() {
        return !unicastPeers.isEmpty();
    }

    /**
     * A peer.
     *
     * @param lowestTtl adverts from it with less are dropped; 0 to 255
     */
    public record UnicastPeer(IpAddress address, int lowestTtl, int highestTtl) {
        public static UnicastPeer of(IpAddress address) {
            return new UnicastPeer(address, 0, 255);
        }
    }
}
