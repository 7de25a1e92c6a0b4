package io.holdfast.membership.driver;

import io.holdfast.base.NodeId;
import io.holdfast.membership.Membership;
import io.holdfast.membership.codec.Message;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.ExtendedUUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group communication: views, and messages in order. JGroups decides who is in the group from what
 * {@link LinkDetector} is told; whether the group may decide anything is not its business.
 *
 * <p>A member's address carries its node's name and its process's incarnation, so that a restarted
 * node is a new member.
 */
final class GroupChannel implements AutoCloseable {
    /** A member as JGroups knows it. */
    record Member(NodeId name, long incarnation) {}

    /** Called on JGroups' threads. */
    interface Handler {
        /** The coordinator is first. */
        void viewInstalled(List<Member> members);

        void messageReceived(NodeId from, byte[] payload);
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupChannel.class);
    private static final String NAME_KEY = "n";

    /** With headers and seal below what an Ethernet frame holds. */
    private static final int FRAGMENT_BYTES = 1_100;

    private final String clusterName;
    private final JChannel channel;
    private final GroupTransport transport;
    private final LinkDetector detector = new LinkDetector();

    /**
     * JGroups changes the view on the thread that suspects, and waits for acknowledgements there.
     */
    private final ExecutorService suspicions =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("holdfast-suspect").daemon().factory());

    private volatile Map<Member, Address> members = Map.of();
    private volatile boolean closed;

    GroupChannel(
            String clusterName,
            NodeId self,
            long incarnation,
            Links links,
            Map<NodeId, InetSocketAddress> firstRingAddresses,
            Handler handler) {
        QuietLog.install();
        this.clusterName = clusterName;
        this.transport = new GroupTransport(links, self, firstRingAddresses);
        try {
            this.channel = new JChannel(protocols());
        } catch (Exception e) {
            throw new IllegalStateException("JGroups' stack cannot be built", e);
        }
        channel.setName(self.name());
        channel.setDiscardOwnMessages(true);
        channel.addAddressGenerator(() -> address(self, incarnation));
        channel.setReceiver(new Bridge(handler));
    }

    /** Blocks until this node is in a group, perhaps alone. */
    void connect() {
        try {
            channel.connect(clusterName);
        } catch (Exception e) {
            throw new IllegalStateException("cannot join the group", e);
        }
    }

    /** A packet of the group from another node. */
    void packetReceived(NodeId from, Message.GroupPacket packet) {
        if (channel.isConnected() || channel.isConnecting()) {
            transport.received(from, packet.bytes());
        }
    }

    /** Sends to the node's member; nothing happens when it is not one. */
    void send(NodeId to, byte[] payload) {
        members.forEach(
                (member, address) -> {
                    if (member.name.equals(to)) {
                        sendMessage(new BytesMessage(address, checked(payload)));
                    }
                });
    }

    void broadcast(byte[] payload) {
        sendMessage(new BytesMessage(null, checked(payload)));
    }

    /** As {@link #broadcast}, never waiting for slow receivers. */
    void broadcastAtOnce(byte[] payload) {
        sendMessage(
                new BytesMessage(null, checked(payload)).setFlag(org.jgroups.Message.Flag.NO_FC));
    }

    /** Takes members out of the group. */
    void suspect(Predicate<Member> which) {
        List<Address> suspects = new ArrayList<>();
        members.forEach(
                (member, address) -> {
                    if (which.test(member) && !address.equals(channel.getAddress())) {
                        suspects.add(address);
                    }
                });
        if (!suspects.isEmpty() && !closed) {
            suspicions.execute(() -> detector.suspect(suspects));
        }
    }

    /** Leaves the group, so that the others need not miss us. */
    @Override
    public void close() {
        closed = true;
        channel.close();
        suspicions.shutdown();
    }

    private org.jgroups.stack.Protocol[] protocols() {
        MERGE3 merge = new MERGE3();
        merge.setMinInterval(200).setMaxInterval(500).setCheckInterval(500);
        NAKACK2 multicast = new NAKACK2();
        multicast.setXmitInterval(150);
        UNICAST3 unicast = new UNICAST3();
        unicast.setXmitInterval(150);
        GMS membership = new GMS();
        membership
                .setJoinTimeout(250)
                .setLeaveTimeout(500)
                .setMergeTimeout(1_000)
                .setViewAckCollectionTimeout(300)
                .setMaxJoinAttempts(10)
                .setLogCollectMessages(false)
                .printLocalAddress(false);
        FRAG4 fragmentation = new FRAG4();
        fragmentation.setFragSize(FRAGMENT_BYTES);
        return new org.jgroups.stack.Protocol[] {
            transport,
            new PING(),
            merge,
            detector,
            multicast,
            unicast,
            new STABLE().setDesiredAverageGossip(20_000).setMaxBytes(2_000_000),
            membership,
            new UFC(),
            new MFC(),
            fragmentation
        };
    }

    private void sendMessage(org.jgroups.Message message) {
        try {
            channel.send(message);
        } catch (Exception e) {
            // Leaving or left: the receiver is going to miss us anyway.
            LOG.debug("a message of {} bytes was not sent", message.getLength(), e);
        }
    }

    private static byte[] checked(byte[] payload) {
        // With the byte that says what follows.
        if (payload.length > Membership.LARGEST_MESSAGE_BYTES + 1) {
            throw new IllegalArgumentException(
                    payload.length
                            + " bytes in one message; at most "
                            + Membership.LARGEST_MESSAGE_BYTES);
        }
        return payload;
    }

    private static Address address(NodeId self, long incarnation) {
        byte[] name = self.name().getBytes(StandardCharsets.UTF_8);
        return new ExtendedUUID(incarnation, self.name().hashCode()).put(NAME_KEY, name);
    }

    private static Member member(Address address) {
        ExtendedUUID id = (ExtendedUUID) address;
        return new Member(
                new NodeId(new String(id.get(NAME_KEY), StandardCharsets.UTF_8)),
                id.getMostSignificantBits());
    }

    /** Turns JGroups' callbacks into ours. */
    private final class Bridge implements Receiver {
        private final Handler handler;

        Bridge(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void viewAccepted(View view) {
            Map<Member, Address> now = new LinkedHashMap<>();
            view.getMembers().forEach(address -> now.put(member(address), address));
            members = now;
            handler.viewInstalled(List.copyOf(now.keySet()));
        }

        @Override
        public void receive(org.jgroups.Message message) {
            byte[] payload = new byte[message.getLength()];
            System.arraycopy(message.getArray(), message.getOffset(), payload, 0, payload.length);
            handler.messageReceived(member(message.getSrc()).name(), payload);
        }
    }

    /** What {@code bytes} begin with, and the rest. */
    static byte[] prefixed(byte kind, ByteBuffer bytes) {
        byte[] all = new byte[1 + bytes.remaining()];
        all[0] = kind;
        bytes.get(all, 1, all.length - 1);
        return all;
    }
}
