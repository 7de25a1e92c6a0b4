package io.holdfast.linux.net;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells the neighbours on a link that this machine now has an address: gratuitous ARP for IPv4 (RFC
 * 5227; as request and as reply, for neighbours that heed only one of them), unsolicited neighbour
 * advertisement for IPv6.
 *
 * <p>A single frame may be lost, so announcements are repeated; when and how often is the caller's
 * plan. <b>Never send one for an address that this machine has given up</b>: close the announcement
 * before the address is removed.
 *
 * <pre>{@code
 * try (AddressAnnouncement announcement = AddressAnnouncement.of(rtnetlink.requireLink("eth0"), address)) {
 *     announcement.send();
 * }
 * }</pre>
 */
public final class AddressAnnouncement implements AutoCloseable {
    private final PacketSocket socket;
    private final List<byte[]> frames;

    private AddressAnnouncement(PacketSocket socket, List<byte[]> frames) {
        this.socket = socket;
        this.frames = frames;
    }

    /**
     * Prepares the frames. The interface must be in the network namespace of the calling thread.
     *
     * @throws ProblemException for an interface without an Ethernet address
     */
    public static AddressAnnouncement of(Link link, InetAddress address) {
        MacAddress owner =
                link.macAddress()
                        .orElseThrow(
                                () ->
                                        new ProblemException(
                                                new Problem(
                                                        "an address cannot be announced here",
                                                        link.name(),
                                                        "the interface has no Ethernet address",
                                                        "put the floating address on an Ethernet"
                                                                + " interface")));
        return switch (address) {
            case Inet4Address v4 ->
                    new AddressAnnouncement(
                            PacketSocket.openForSending(link, ArpPacket.ETHERTYPE),
                            List.of(
                                    ArpPacket.announcement(owner, v4).encode(),
                                    ArpPacket.gratuitousReply(owner, v4).encode()));
            case Inet6Address v6 ->
                    new AddressAnnouncement(
                            PacketSocket.openForSending(link, NeighborAdvertisement.ETHERTYPE),
                            List.of(new NeighborAdvertisement(owner, v6).encode()));
            default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
        };
    }

    /** Announces once, now. */
    public synchronized void send() {
        frames.forEach(socket::send);
    }

    @Override
    public synchronized void close() {
        socket.close();
    }
}
