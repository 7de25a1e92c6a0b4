package io.holdfast.membership.driver;

import io.holdfast.base.NodeId;
import io.holdfast.membership.codec.Message;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.NoBundler;
import org.jgroups.protocols.TP;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' transport over our {@link Links}: each packet goes sealed over every ring. A node's
 * physical address is its address on its first ring; "multicast" is a copy to each configured node.
 */
final class GroupTransport extends TP {
    private final Links links;
    private final IpAddress self;
    private final Map<PhysicalAddress, NodeId> names = new ConcurrentHashMap<>();
    private final Map<NodeId, IpAddress> addresses = new TreeMap<>();

    /**
     * @param firstRingAddresses of all nodes
     */
    GroupTransport(Links links, NodeId self, Map<NodeId, InetSocketAddress> firstRingAddresses) {
        this.links = links;
        firstRingAddresses.forEach(
                (name, address) -> {
                    IpAddress physical = new IpAddress(address);
                    names.put(physical, name);
                    addresses.put(name, physical);
                });
        this.self = addressOf(self);
        setBundler(new NoBundler());
        useVirtualThreads(false);
        getThreadPool().setMinThreads(1).setMaxThreads(16).setKeepAliveTime(10_000);
        setLogDiscardMessages(false);
    }

    /** A packet from a node, already opened. */
    void received(NodeId from, ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        receive(addressOf(from), bytes, 0, bytes.length);
    }

    @Override
    public boolean supportsMulticasting() {
        return true;
    }

    @Override
    protected PhysicalAddress getPhysicalAddress() {
        return self;
    }

    @Override
    protected void sendToAll(byte[] packet, int offset, int length) {
        links.sendToNodes(new Message.GroupPacket(ByteBuffer.wrap(packet, offset, length)));
    }

    @Override
    public void sendUnicast(
            @Nullable PhysicalAddress destination, byte[] packet, int offset, int length) {
        NodeId to = destination == null ? null : names.get(destination);
        if (to != null) {
            links.send(to, new Message.GroupPacket(ByteBuffer.wrap(packet, offset, length)));
        }
    }

    private IpAddress addressOf(NodeId node) {
        IpAddress address = addresses.get(node);
        if (address == null) {
            throw new IllegalArgumentException(node + " is not configured");
        }
        return address;
    }
}
