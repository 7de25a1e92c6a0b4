package io.holdfast.replication.simulation;

import io.holdfast.base.NodeId;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One node's connections over a network that loses, doubles and reorders: what TCP gives, with its
 * failures. Messages arrive once and in order or the connection breaks; a broken connection is
 * noticed by each side at its own time.
 *
 * <p>The node with the lower name connects; the other accepts, which ends an earlier connection.
 */
final class SimulatedConnections<M> {
    /** Told of connections, inside the node. */
    interface Listener<M> {
        void connected(NodeId peer, long session);

        void disconnected(NodeId peer, long session);

        void received(NodeId peer, long session, M message);
    }

    /**
     * What travels.
     *
     * @param connection drawn by the connecting side
     * @param kind as in TCP: SYN, ACK of it, data, acknowledgement of data, reset
     * @param number of a data message, from 0; of an acknowledgement: the next one wanted
     */
    record Segment<M>(long connection, Kind kind, long number, @Nullable M message) {
        @Override
        public String toString() {
            return kind
                    + " "
                    + Long.toHexString(connection & 0xffff)
                    + "#"
                    + number
                    + (message == null ? "" : " " + message);
        }
    }

    enum Kind {
        CONNECT,
        ACCEPT,
        DATA,
        ACKNOWLEDGE,
        RESET
    }

    private static final long MILLI = 1_000_000;
    private static final long TICK_NANOS = 10 * MILLI;
    private static final long SILENCE_NANOS = 250 * MILLI;
    private static final long RETRY_NANOS = 30 * MILLI;

    private static final class Connection<M> {
        final long number;
        final boolean initiator;
        boolean open;
        long nextToSend;
        long nextWanted;
        long lastHeardNanos;
        final Deque<Segment<M>> unacknowledged = new ArrayDeque<>();
        final TreeMap<Long, M> early = new TreeMap<>();

        Connection(long number, boolean initiator, long nowNanos) {
            this.number = number;
            this.initiator = initiator;
            this.lastHeardNanos = nowNanos;
        }
    }

    private final SimulatedNode node;
    private final SimulatedNetwork<Segment<M>> network;
    private final java.util.function.LongSupplier random;
    private final Listener<M> listener;
    private final Map<NodeId, @Nullable Connection<M>> connections = new TreeMap<>();
    private final Map<NodeId, Boolean> wanted = new TreeMap<>();

    SimulatedConnections(
            SimulatedNode node,
            SimulatedNetwork<Segment<M>> network,
            Iterable<NodeId> peers,
            java.util.function.LongSupplier random,
            Listener<M> listener) {
        this.node = node;
        this.network = network;
        this.random = random;
        this.listener = listener;
        for (NodeId peer : peers) {
            if (!peer.equals(node.id())) {
                wanted.put(peer, true);
            }
        }
        network.bind(node, this::segmentReceived);
        node.after(TICK_NANOS, this::tick);
    }

    void send(NodeId peer, M message) {
        Connection<M> connection = connections.get(peer);
        if (connection == null || !connection.open) {
            return;
        }
        Segment<M> segment =
                new Segment<>(connection.number, Kind.DATA, connection.nextToSend++, message);
        connection.unacknowledged.addLast(segment);
        network.send(node.id(), peer, segment);
    }

    /** Ends a connection from this side, without telling the listener. */
    void disconnect(NodeId peer, long session, boolean standAlone) {
        if (standAlone) {
            wanted.put(peer, false);
        }
        Connection<M> connection = connections.get(peer);
        if (connection != null && connection.number == session) {
            connections.remove(peer);
            network.send(node.id(), peer, new Segment<>(session, Kind.RESET, 0, null));
        }
    }

    private void tick() {
        for (NodeId peer : wanted.keySet()) {
            Connection<M> connection = connections.get(peer);
            long now = node.nanoTime();
            if (connection == null) {
                connectIfOurTurn(peer);
            } else if (now - connection.lastHeardNanos > SILENCE_NANOS) {
                lose(peer, connection);
            } else if (!connection.open) {
                if (connection.initiator && now - connection.lastHeardNanos > RETRY_NANOS) {
                    connections.remove(peer);
                    connectIfOurTurn(peer);
                }
            } else {
                connection.unacknowledged.forEach(s -> network.send(node.id(), peer, s));
                acknowledge(peer, connection);
            }
        }
        node.after(TICK_NANOS, this::tick);
    }

    private void connectIfOurTurn(NodeId peer) {
        if (node.id().compareTo(peer) < 0 && Boolean.TRUE.equals(wanted.get(peer))) {
            Connection<M> connection = new Connection<>(random.getAsLong(), true, node.nanoTime());
            connections.put(peer, connection);
            network.send(node.id(), peer, new Segment<>(connection.number, Kind.CONNECT, 0, null));
        }
    }

    private void lose(NodeId peer, Connection<M> connection) {
        connections.remove(peer);
        if (connection.open) {
            listener.disconnected(peer, connection.number);
        }
    }

    private void segmentReceived(NodeId peer, Segment<M> segment) {
        Connection<M> connection = connections.get(peer);
        boolean ours = connection != null && connection.number == segment.connection();
        if (segment.kind() == Kind.CONNECT) {
            if (!ours && Boolean.TRUE.equals(wanted.get(peer))) {
                accept(peer, connection, segment.connection());
            }
            return;
        }
        if (!ours || connection == null) {
            if (segment.kind() != Kind.RESET) {
                network.send(
                        node.id(), peer, new Segment<>(segment.connection(), Kind.RESET, 0, null));
            }
            return;
        }
        connection.lastHeardNanos = node.nanoTime();
        switch (segment.kind()) {
            case ACCEPT -> {
                if (!connection.open) {
                    connection.open = true;
                    listener.connected(peer, connection.number);
                }
            }
            case DATA -> dataReceived(peer, connection, segment);
            case ACKNOWLEDGE -> {
                while (!connection.unacknowledged.isEmpty()
                        && connection.unacknowledged.getFirst().number() < segment.number()) {
                    connection.unacknowledged.removeFirst();
                }
            }
            case RESET -> lose(peer, connection);
            default -> throw new AssertionError(segment);
        }
    }

    private void accept(NodeId peer, @Nullable Connection<M> old, long number) {
        if (old != null) {
            lose(peer, old);
        }
        Connection<M> connection = new Connection<>(number, false, node.nanoTime());
        connection.open = true;
        connections.put(peer, connection);
        network.send(node.id(), peer, new Segment<>(number, Kind.ACCEPT, 0, null));
        listener.connected(peer, number);
    }

    private void dataReceived(NodeId peer, Connection<M> connection, Segment<M> segment) {
        M message = segment.message();
        if (!connection.open || message == null) {
            // The acceptance was lost or overtaken; data says the same.
            connection.open = true;
            listener.connected(peer, connection.number);
        }
        if (message != null && segment.number() >= connection.nextWanted) {
            connection.early.put(segment.number(), message);
        }
        while (connections.get(peer) == connection
                && connection.early.containsKey(connection.nextWanted)) {
            M next =
                    java.util.Objects.requireNonNull(
                            connection.early.remove(connection.nextWanted));
            connection.nextWanted++;
            listener.received(peer, connection.number, next);
        }
        if (connections.get(peer) == connection) {
            acknowledge(peer, connection);
        }
    }

    private void acknowledge(NodeId peer, Connection<M> connection) {
        network.send(
                node.id(),
                peer,
                new Segment<>(connection.number, Kind.ACKNOWLEDGE, connection.nextWanted, null));
    }
}
