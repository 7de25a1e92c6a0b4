package io.holdfast.vrrp.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.RawPacket;
import io.holdfast.linux.net.RawSocket;
import io.holdfast.vrrp.codec.AdvertEncoder;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.TransportSettings;
import io.holdfast.vrrp.core.TransportSettings.UnicastPeer;
import io.holdfast.vrrp.core.VirtualMacSettings;
import io.holdfast.vrrp.core.VrrpVersion;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The raw sockets: one for each interface, family and IP protocol, however many instances share
 * them. With a virtual MAC adverts leave through the macvlan and arrive at its base.
 */
final class AdvertPorts implements AutoCloseable {
    private static final int PROTOCOL_VRRP = 112;
    private static final int PROTOCOL_AH = 51;
    private static final int TRAFFIC_CLASS = 0xc0;
    private static final int MULTICAST_TTL = 255;

    /** Where packets come in or go out. */
    record PortKey(String interfaceName, AddressFamily family, int protocol) {}

    /** An open socket and what it is for. */
    static final class Port {
        private final PortKey key;
        private final int interfaceIndex;
        private final RawSocket socket;
        private final Set<InetAddress> groups = new HashSet<>();

        Port(PortKey key, int interfaceIndex, RawSocket socket) {
            this.key = key;
            this.interfaceIndex = interfaceIndex;
            this.socket = socket;
        }

        PortKey key() {
            return key;
        }

        FileDescriptor descriptor() {
            return socket.descriptor();
        }

        Optional<RawPacket> receive() {
            return socket.receive();
        }
    }

    private final InterfacePicture picture;
    private final Map<PortKey, Port> ports = new LinkedHashMap<>();
    private final Map<IpAddress, InetAddress> javaAddresses = new HashMap<>();
    private int identification;

    AdvertPorts(InterfacePicture picture) {
        this.picture = picture;
    }

    /** All open ones; their order is that of the list of a poll. */
    List<Port> open() {
        return List.copyOf(ports.values());
    }

    /**
     * Opens what instances need and closes what nobody needs any more. An interface that is missing
     * is left out.
     *
     * @return whether the list of {@link #open} ports has changed
     * @throws ProblemException when a socket is not permitted
     */
    boolean serve(List<InstanceSettings> instances) {
        Map<PortKey, List<InstanceSettings>> needed = new LinkedHashMap<>();
        for (InstanceSettings instance : instances) {
            for (PortKey key : keys(instance)) {
                needed.computeIfAbsent(key, k -> new ArrayList<>()).add(instance);
            }
        }
        boolean changed = closeAllBut(needed.keySet());
        for (Map.Entry<PortKey, List<InstanceSettings>> need : needed.entrySet()) {
            Optional<Link> link = picture.link(need.getKey().interfaceName());
            if (link.isPresent()) {
                changed |= !ports.containsKey(need.getKey());
                Port port = ports.computeIfAbsent(need.getKey(), key -> openPort(key, link.get()));
                need.getValue().forEach(instance -> tune(port, instance));
            }
        }
        return changed;
    }

    /** Closes ports whose interface is gone, or is another one by now. */
    private boolean closeAllBut(Set<PortKey> needed) {
        return ports.values()
                .removeIf(
                        port -> {
                            boolean same =
                                    picture.link(port.key.interfaceName())
                                            .filter(l -> l.index() == port.interfaceIndex)
                                            .isPresent();
                            if (same && needed.contains(port.key)) {
                                return false;
                            }
                            port.socket.close();
                            return true;
                        });
    }

    private static Port openPort(PortKey key, Link link) {
        RawSocket socket =
                key.family() == AddressFamily.IPV4
                        ? RawSocket.openV4(link, key.protocol())
                        : RawSocket.openV6(link, key.protocol(), TRAFFIC_CLASS, MULTICAST_TTL);
        return new Port(key, link.index(), socket);
    }

    private void tune(Port port, InstanceSettings instance) {
        TransportSettings transport = instance.transport();
        transport.receiveBufferBytes().ifPresent(port.socket::setReceiveBufferBytes);
        boolean listens = port.key.interfaceName().equals(instance.interfaceName());
        InetAddress group = javaAddress(transport.multicastGroup());
        if (listens && !transport.isUnicast() && port.groups.add(group)) {
            port.socket.join(group);
        }
    }

    // Version 2 is listened to with and without AH, whichever is spoken here: a Master that speaks
    // the other way must be heard, to be named as one that cannot be agreed with.
    private static List<PortKey> keys(InstanceSettings instance) {
        AddressFamily family = instance.family();
        List<PortKey> keys = new ArrayList<>();
        keys.add(new PortKey(instance.interfaceName(), family, PROTOCOL_VRRP));
        if (instance.version() == VrrpVersion.V2) {
            keys.add(new PortKey(instance.interfaceName(), family, PROTOCOL_AH));
        }
        PortKey sending = new PortKey(sendsFrom(instance), family, protocol(instance));
        if (!keys.contains(sending)) {
            keys.add(sending);
        }
        return keys;
    }

    private static String sendsFrom(InstanceSettings instance) {
        return instance.virtualMac()
                .filter(mac -> !mac.sendFromBase() && !mac.onlyForAddresses())
                .map(VirtualMacSettings::interfaceName)
                .orElse(instance.interfaceName());
    }

    private static int protocol(InstanceSettings instance) {
        return instance.authentication().kind() == Authentication.Kind.AH
                ? PROTOCOL_AH
                : PROTOCOL_VRRP;
    }

    /**
     * Sends one advert, to the group or to each peer.
     *
     * @return what went wrong; empty: it left, or the interface is not there
     */
    Optional<Problem> send(
            InstanceSettings instance, int priority, IpAddress source, long ahSequence) {
        Port port =
                ports.get(new PortKey(sendsFrom(instance), instance.family(), protocol(instance)));
        if (port == null) {
            return Optional.empty();
        }
        Optional<Problem> trouble = Optional.empty();
        if (!instance.transport().isUnicast()) {
            return send(
                    port,
                    instance,
                    priority,
                    source,
                    instance.transport().multicastGroup(),
                    ahSequence);
        }
        for (UnicastPeer peer : instance.transport().unicastPeers()) {
            Optional<Problem> failed =
                    send(port, instance, priority, source, peer.address(), ahSequence);
            trouble = trouble.or(() -> failed);
        }
        return trouble;
    }

    private Optional<Problem> send(
            Port port,
            InstanceSettings instance,
            int priority,
            IpAddress source,
            IpAddress destination,
            long ahSequence) {
        byte[] packet =
                instance.family() == AddressFamily.IPV4
                        ? AdvertEncoder.packetV4(
                                instance,
                                priority,
                                source,
                                destination,
                                nextIdentification(),
                                ttl(instance),
                                ahSequence)
                        : AdvertEncoder.message(instance, priority, source, destination);
        try {
            port.socket.send(packet, javaAddress(source), javaAddress(destination));
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(
                    new Problem(
                            "an advert could not be sent",
                            instance.name(),
                            e.problem().why(),
                            e.problem().remedy()));
        }
    }

    private int nextIdentification() {
        identification = identification % 0xffff + 1;
        return identification;
    }

    private static int ttl(InstanceSettings instance) {
        return instance.transport().isUnicast()
                ? instance.transport().unicastTtl().orElse(MULTICAST_TTL)
                : MULTICAST_TTL;
    }

    private InetAddress javaAddress(IpAddress address) {
        return javaAddresses.computeIfAbsent(address, JavaAddress::of);
    }

    @Override
    public void close() {
        ports.values().forEach(port -> port.socket.close());
        ports.clear();
    }
}
