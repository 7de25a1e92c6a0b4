/**
 * The network of this machine, as {@code ip} and {@code arping} show and change it, without either:
 * links, addresses, routes and namespaces through rtnetlink, announcements of addresses through
 * packet sockets.
 *
 * <p>Read {@link io.holdfast.linux.net.Rtnetlink} (what can be asked), then {@link
 * io.holdfast.linux.net.NetworkNamespace} (where), then {@link
 * io.holdfast.linux.net.AddressAnnouncement} (telling the neighbours who has an address). The
 * codecs are {@code NetlinkMessage} and {@code NetlinkReply} (frames), {@code RtnetlinkRequests}
 * and {@code RtnetlinkReplies} (what is in them), {@link io.holdfast.linux.net.ArpPacket} and
 * {@link io.holdfast.linux.net.NeighborAdvertisement}.
 */
package io.holdfast.linux.net;
