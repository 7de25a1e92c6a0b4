package io.holdfast.membership.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.membership.MembershipConfig;
import io.holdfast.membership.codec.FrameHeader;
import io.holdfast.membership.codec.FrameKey;
import io.holdfast.membership.codec.FrameOpener;
import io.holdfast.membership.codec.FrameSealer;
import io.holdfast.membership.codec.Message;
import io.holdfast.membership.codec.MessageCodec;
import io.holdfast.membership.core.Electorate;
import io.holdfast.membership.core.LinkId;
import io.holdfast.membership.core.PeerSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All links of a node: one UDP socket a ring, and one for each address of the witness. A message is
 * sealed once and sent over every link; the receiver takes what comes first. Heartbeats go over
 * their own link alone.
 */
final class Links implements AutoCloseable {
    /** Called on the receiving port's thread. */
    interface Handler {
        /** A heartbeat came over the link, from a process that is certainly running now. */
        void heartbeat(LinkId link, long incarnation);

        void message(NodeId from, Message message);
    }

    /** One peer as this node speaks with it. */
    private static final class Peer {
        final NodeId name;
        final NavigableMap<Integer, InetSocketAddress> addresses;
        final PeerSession session;
        volatile long provenIncarnation;
        volatile long claimedIncarnation;

        Peer(NodeId name, Map<Integer, InetSocketAddress> addresses, long ownIncarnation) {
            this.name = name;
            this.addresses = new TreeMap<>(addresses);
            this.session = new PeerSession(ownIncarnation);
        }

        long namedIncarnation() {
            return provenIncarnation != 0 ? provenIncarnation : claimedIncarnation;
        }
    }

    private record Source(int ring, InetSocketAddress address) {}

    /** A socket with what it needs to open frames; used by its thread alone. */
    private record Ring(int number, DatagramPort port, FrameOpener opener) {}

    private final FrameKey key;
    private final FrameSealer sealer;
    private final Handler handler;
    private final Consumer<Problem> problems;
    private final Map<NodeId, Peer> peers = new TreeMap<>();
    private final Map<Source, Peer> bySource = new ConcurrentHashMap<>();
    private final NavigableMap<Integer, Ring> rings = new TreeMap<>();
    private final NavigableMap<Integer, Ring> witnessLinks = new TreeMap<>();
    private final AtomicLong notOurs = new AtomicLong();
    private final AtomicLong wrongKey = new AtomicLong();
    private final AtomicLong forged = new AtomicLong();

    Links(
            MembershipConfig config,
            MembershipConfig.Node self,
            FrameKey key,
            long incarnation,
            Handler handler,
            Consumer<Problem> problems) {
        this.key = key;
        this.sealer = new FrameSealer(key, self.name(), incarnation);
        this.handler = handler;
        this.problems = problems;
        self.addresses().forEach((ring, address) -> rings.put(ring, ring(ring, "ring", address)));
        for (MembershipConfig.Node node : config.nodes()) {
            if (!node.name().equals(self.name())) {
                addPeer(new Peer(node.name(), node.addresses(), incarnation));
            }
        }
        config.witness().ifPresent(witness -> addWitness(witness, incarnation));
    }

    void start() {
        allRings().forEach(ring -> ring.port.start());
    }

    /** The peers, the witness among them, with their links. */
    List<LinkId> links() {
        List<LinkId> links = new ArrayList<>();
        for (Peer peer : peers.values()) {
            peer.addresses.keySet().forEach(ring -> links.add(new LinkId(peer.name, ring)));
        }
        return links;
    }

    /** Where a link leads, as text. */
    String addressOf(LinkId link) {
        Peer peer = peers.get(link.peer());
        InetSocketAddress address = peer == null ? null : peer.addresses.get(link.ring());
        return address == null
                ? ""
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Over every link to the peer; nothing for one that is not configured. */
    void send(NodeId to, Message message) {
        Peer peer = peers.get(to);
        if (peer == null) {
            return;
        }
        ByteBuffer frame = sealer.seal(peer.namedIncarnation(), MessageCodec.encode(message));
        peer.addresses.forEach((ring, address) -> sendOver(ring, peer, frame, address));
    }

    /** To every other node, not to the witness. */
    void sendToNodes(Message message) {
        for (Peer peer : peers.values()) {
            if (!peer.name.equals(Electorate.WITNESS)) {
                send(peer.name, message);
            }
        }
    }

    /** One over each link. */
    void sendHeartbeats() {
        for (Peer peer : peers.values()) {
            peer.addresses.keySet().forEach(ring -> sendHeartbeat(peer, ring, 0));
        }
    }

    long wrongKeyCount() {
        return wrongKey.get();
    }

    /** Loses everything on one ring, or not: a pulled cable, for tests. */
    void setCut(int ring, boolean isCut) {
        Optional.ofNullable(rings.get(ring)).ifPresent(r -> r.port.setCut(isCut));
    }

    @Override
    public void close() {
        allRings().forEach(ring -> ring.port.close());
    }

    private Collection<Ring> allRings() {
        List<Ring> all = new ArrayList<>(rings.values());
        all.addAll(witnessLinks.values());
        return all;
    }

    private Ring ring(int number, String kind, InetSocketAddress bindAddress) {
        FrameOpener opener = new FrameOpener(key);
        DatagramPort port =
                new DatagramPort(
                        kind + number,
                        bindAddress,
                        (_, from, datagram) -> received(number, opener, from, datagram));
        return new Ring(number, port, opener);
    }

    private void addPeer(Peer peer) {
        peers.put(peer.name, peer);
        peer.addresses.forEach((ring, address) -> bySource.put(new Source(ring, address), peer));
    }

    /** The witness is reached as the kernel's routes say, whatever ring that may be. */
    private void addWitness(MembershipConfig.Witness witness, long incarnation) {
        Map<Integer, InetSocketAddress> addresses = new TreeMap<>();
        for (int i = 0; i < witness.addresses().size(); i++) {
            addresses.put(i, witness.addresses().get(i));
            witnessLinks.put(i, ring(i, "witness", new InetSocketAddress(0)));
        }
        addPeer(new Peer(Electorate.WITNESS, addresses, incarnation));
    }

    private void sendHeartbeat(Peer peer, int ring, long namedIncarnation) {
        InetSocketAddress address = peer.addresses.get(ring);
        if (address != null) {
            long named = namedIncarnation != 0 ? namedIncarnation : peer.namedIncarnation();
            Message heartbeat = new Message.Heartbeat(ring);
            sendOver(ring, peer, sealer.seal(named, MessageCodec.encode(heartbeat)), address);
        }
    }

    private void sendOver(int ring, Peer peer, ByteBuffer frame, InetSocketAddress address) {
        boolean toWitness = peer.name.equals(Electorate.WITNESS);
        Ring over = (toWitness ? witnessLinks : rings).get(ring);
        if (over != null) {
            over.port.send(frame, address);
        }
    }

    private void received(
            int ring, FrameOpener opener, InetSocketAddress from, ByteBuffer datagram) {
        Optional<FrameHeader> header = FrameHeader.get(datagram);
        if (header.isEmpty()) {
            notOurs.incrementAndGet();
            return;
        }
        if (header.get().keyId() != key.id()) {
            wrongKey.incrementAndGet();
            problems.accept(wrongKeyProblem(from, header.get().sender()));
            return;
        }
        Peer peer = bySource.get(new Source(ring, from));
        if (peer == null) {
            notOurs.incrementAndGet();
            return;
        }
        open(ring, peer, opener, header.get(), datagram);
    }

    private void open(
            int ring, Peer peer, FrameOpener opener, FrameHeader header, ByteBuffer datagram) {
        synchronized (peer) {
            if (!peer.session.mayBeNew(header.incarnation(), header.number())) {
                return;
            }
        }
        FrameOpener.Opened opened = opener.open(header, datagram).orElse(null);
        if (opened == null) {
            forged.incrementAndGet();
            return;
        }
        if (!header.sender().equals(peer.name)) {
            problems.accept(wrongNameProblem(peer, header.sender(), ring));
            return;
        }
        PeerSession.Verdict verdict;
        synchronized (peer) {
            verdict =
                    peer.session.judge(
                            header.incarnation(), opened.namedIncarnation(), header.number());
            peer.provenIncarnation = peer.session.incarnation();
        }
        Message message = MessageCodec.decode(opened.message()).orElse(null);
        if (message != null) {
            act(verdict, ring, peer, header, message);
        }
    }

    private void act(
            PeerSession.Verdict verdict, int ring, Peer peer, FrameHeader header, Message message) {
        switch (verdict) {
            case UNPROVEN -> {
                peer.claimedIncarnation = header.incarnation();
                if (message instanceof Message.Heartbeat) {
                    sendHeartbeat(peer, ring, header.incarnation());
                }
            }
            case TAKE_FROM_NEW_PROCESS -> {
                // So that the peer, too, has proof at once and not at the next heartbeat.
                sendHeartbeat(peer, ring, header.incarnation());
                deliver(peer, header, message);
            }
            case TAKE -> deliver(peer, header, message);
            case SEEN, OUTDATED -> {}
        }
    }

    private void deliver(Peer peer, FrameHeader header, Message message) {
        if (message instanceof Message.Heartbeat heartbeat) {
            handler.heartbeat(new LinkId(peer.name, heartbeat.ring()), header.incarnation());
        } else {
            handler.message(peer.name, message);
        }
    }

    private static Problem wrongKeyProblem(InetSocketAddress from, NodeId claimed) {
        return new Problem(
                "a host speaks with another cluster's key",
                from.getAddress().getHostAddress(),
                "it calls itself " + claimed + " and its authkey is not ours; it is not answered",
                "copy the authkey of a node that works to it, or take its address out of"
                        + " corosync.conf");
    }

    private static Problem wrongNameProblem(Peer peer, NodeId claimed, int ring) {
        return new Problem(
                "a node has another name than configured",
                peer.name.name(),
                "the host at its address on ring " + ring + " calls itself " + claimed,
                "give both the same corosync.conf and the same hosts file");
    }

    /** The incarnation of the peer's process as last proven; 0 when never heard. */
    long incarnationOf(@Nullable NodeId name) {
        Peer peer = name == null ? null : peers.get(name);
        return peer == null ? 0 : peer.provenIncarnation;
    }
}
