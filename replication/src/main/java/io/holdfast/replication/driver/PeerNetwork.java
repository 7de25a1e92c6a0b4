package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.replication.codec.PeerFrame;
import io.holdfast.replication.codec.PeerFrameException;
import io.holdfast.replication.codec.PeerFrameHandshake.Cause;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.driver.PeerHandshake.RefusedException;
import io.holdfast.replication.volume.IoStatus;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one volume's replica to its peers: at most one to each.
 *
 * <p>Of two nodes the one with the lower name connects, the other listens. They try their endpoints
 * in order, first with first, second with second. A peer that connects anew has lost its old
 * connection, known or not: the new one replaces it.
 *
 * <pre>
 *  a peer is   and so
 *  wanted      connected to as often as it takes, and accepted
 *  absent      (not among the members) disconnected and refused until it is back
 *  alone       (standAlone) the same until reconnect()
 * </pre>
 *
 * <p>Threads: one for each endpoint that listens, for each peer to connect to (which then reads),
 * for each accepted connection (likewise), one writer for each connection, and one that watches for
 * silence. All platform threads: they live long and wait in system calls.
 *
 * <p>All methods may be called from any thread, {@link #close} from none that it ends.
 */
final class PeerNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);

    /** A path on which nobody answers must not keep the next one waiting. */
    private static final int CONNECT_MILLIS = 300;

    /** A connection that broke after this time was a good one. */
    private static final long LASTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** So many may be unproven at once; who comes then is closed. */
    private static final int MAX_HANDSHAKES = 16;

    private static final long REPORT_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** So many different problems are told in the time of {@link #REPORT_AGAIN_NANOS}. */
    private static final int MAX_REPORTS = 64;

    /**
     * Of the whole process, so that no session of a volume is mistaken for one before its restart.
     */
    private static final AtomicLong LAST_SESSION = new AtomicLong();

    /** A node that has a replica too. */
    private static final class Peer {
        final int index;
        final ReplicaConfig config;
        boolean present = true;
        boolean standAlone;

        /** Its addresses from which the cluster hears nothing. */
        final Set<InetAddress> silent = new HashSet<>();

        /** How many connections have proven themselves. */
        long latestProven;

        volatile @Nullable PeerConnection connection;

        Peer(int index, ReplicaConfig config) {
            this.index = index;
            this.config = config;
        }

        NodeId node() {
            return config.node();
        }

        boolean isWanted() {
            return present && !standAlone;
        }
    }

    private final VolumeConfig volume;
    private final NetOptions options;
    private final NodeId self;
    private final List<InetSocketAddress> ownAddresses;
    private final PeerEvents events;
    private final PeerHandshake handshake;

    /** By index of the node; null is this one. */
    private final List<@Nullable Peer> peers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** A peer may be wanted again, a connection or a thread has ended, or all must. */
    private final Condition changed = lock.newCondition();

    private final Set<ServerSocketChannel> listeners = new HashSet<>();

    /** Until when a channel must have proven itself. */
    private final Map<SocketChannel, Long> unproven = new HashMap<>();

    private final Map<String, Long> reportedAtNanos = new HashMap<>();
    private int threads;
    private boolean closed;

    /**
     * Prepares the network; nothing goes out before {@link #start}.
     *
     * @param secret what only the cluster's nodes know
     */
    PeerNetwork(VolumeConfig volume, NodeId self, byte[] secret, PeerEvents events) {
        this.volume = volume;
        this.options = volume.net();
        this.self = self;
        this.events = events;
        this.handshake = new PeerHandshake(volume.id(), self, secret);
        for (ReplicaConfig replica : volume.replicas()) {
            boolean own = replica.node().equals(self);
            peers.add(own ? null : new Peer(peers.size(), replica));
        }
        ReplicaConfig own = volume.replicaOn(self).orElseThrow();
        this.ownAddresses = own.endpoints().stream().map(PeerNetwork::address).toList();
    }

    private static InetSocketAddress address(Endpoint endpoint) {
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(endpoint.address()), endpoint.port());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            "an address is not usable",
                            endpoint.toString(),
                            "it is not an IP address",
                            "give the IP address in drbd.conf"),
                    e);
        }
    }

    // ---- the beginning and the end

    void start() {
        boolean listen = false;
        for (Peer peer : peers) {
            if (peer != null && connectsTo(peer)) {
                spawn("connect-" + nameOf(peer), () -> connectLoop(peer));
            } else if (peer != null) {
                listen = true;
            }
        }
        if (listen) {
            for (InetSocketAddress address : ownAddresses) {
                spawn("listen-" + volume.id(), () -> listenLoop(address));
            }
        }
        spawn("watch-" + volume.id(), this::watchLoop);
    }

    /** Ends all connections; when this returns, no event will come any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            listeners.forEach(PeerNetwork::closeQuietly);
            unproven.keySet().forEach(PeerNetwork::closeQuietly);
            forEachConnection(c -> c.close("this node takes the volume down"));
            changed.signalAll();
            while (threads > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void spawn(String name, Runnable task) {
        lock.lock();
        try {
            threads++;
        } finally {
            lock.unlock();
        }
        Thread.ofPlatform()
                .daemon()
                .name("holdfast-" + name)
                .start(
                        () -> {
                            try {
                                task.run();
                            } finally {
                                threadEnded();
                            }
                        });
    }

    private void threadEnded() {
        lock.lock();
        try {
            threads--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- who is wanted

    /** Disconnects all who are not among these, and connects to none of them. */
    void members(Set<NodeId> here) {
        lock.lock();
        try {
            for (Peer peer : peers) {
                if (peer != null) {
                    peer.present = here.contains(peer.node());
                    if (!peer.present && peer.connection != null) {
                        peer.connection.close("it is not a member of the cluster any more");
                    }
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The cluster hears the peer at that address, or does not any more. A connection from there
     * that is quiet too is given up soon, and paths that are heard are tried first. That one is
     * quiet alone is no sign: a daemon may be slow.
     */
    void heard(NodeId node, InetAddress address, boolean heard) {
        lock.lock();
        try {
            for (Peer peer : peers) {
                if (peer != null && peer.node().equals(node)) {
                    boolean _ = heard ? peer.silent.remove(address) : peer.silent.add(address);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a session, if it still is the peer's; what was sent in it before still goes out, unless
     * it is a block or comes after one. See {@link PeerConnection#finish}.
     *
     * @param standAlone stay disconnected until {@link #reconnect}
     */
    void disconnect(int peer, long session, boolean standAlone) {
        Peer to = peerAt(peer);
        PeerConnection connection;
        lock.lock();
        try {
            to.standAlone |= standAlone;
            connection = connectionOf(to, session);
        } finally {
            lock.unlock();
        }
        if (connection != null) {
            connection.finish("this node ended the connection");
        }
    }

    /** Ends standing alone. */
    void reconnect(int peer) {
        lock.lock();
        try {
            peerAt(peer).standAlone = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- sending: dropped silently when the session is over

    void send(int peer, long session, PeerMessage message) {
        PeerConnection connection = connectionOf(peerAt(peer), session);
        if (connection != null) {
            connection.send(message);
        }
    }

    /** The block's data must stay as it is until the peer acknowledged or the session is over. */
    void sendWrite(int peer, long session, IoBlock block, Epoch epoch, long confirmedSequence) {
        PeerConnection connection = connectionOf(peerAt(peer), session);
        if (connection != null) {
            connection.sendWrite(block, epoch, confirmedSequence);
        }
    }

    /** The block's data must stay as it is until the peer acknowledged or the session is over. */
    void sendResyncWrite(int peer, long session, IoBlock block) {
        PeerConnection connection = connectionOf(peerAt(peer), session);
        if (connection != null) {
            connection.sendResyncWrite(block);
        }
    }

    void sendDigests(int peer, long session, IoBlock block) {
        PeerConnection connection = connectionOf(peerAt(peer), session);
        if (connection != null) {
            connection.sendDigests(block);
        }
    }

    void sendDigestsCompared(
            int peer, long session, long sequence, long differing, IoStatus status) {
        send(peer, session, PeerFrame.digestsCompared(sequence, differing, status));
    }

    void sendReceived(int peer, long session, long sequence) {
        send(peer, session, PeerFrame.received(sequence));
    }

    void sendWritten(int peer, long session, boolean resync, long sequence, IoStatus status) {
        send(peer, session, PeerFrame.written(resync, sequence, status));
    }

    void sendFlush(int peer, long session, long round, long confirmedSequence) {
        send(peer, session, PeerFrame.flush(round, confirmedSequence));
    }

    void sendFlushed(int peer, long session, long round, IoStatus status) {
        send(peer, session, PeerFrame.flushed(round, status));
    }

    private void send(int peer, long session, PeerFrame frame) {
        PeerConnection connection = connectionOf(peerAt(peer), session);
        if (connection != null) {
            connection.send(frame);
        }
    }

    // ---- connecting

    private void connectLoop(Peer peer) {
        while (awaitWanted(peer)) {
            long begun = System.nanoTime();
            boolean served = tryPaths(peer);
            // What worked for a while and broke is worth a new attempt at once.
            boolean lasted = served && System.nanoTime() - begun > LASTED_NANOS;
            pause(lasted ? BREATH_NANOS : connectIntervalNanos());
        }
    }

    /** Best path first; when the connection it makes has ended, all begins anew. */
    private boolean tryPaths(Peer peer) {
        for (int path : pathsInOrder(peer)) {
            InetSocketAddress theirs = address(peer.config.endpoints().get(path));
            if (isWanted(peer) && connectOver(peer, ownAddresses.get(path), theirs)) {
                return true;
            }
        }
        return false;
    }

    /** As configured, but those over which the cluster hears nothing come last. */
    private List<Integer> pathsInOrder(Peer peer) {
        List<Integer> paths = new ArrayList<>();
        List<Integer> silent = new ArrayList<>();
        lock.lock();
        try {
            List<Endpoint> theirs = peer.config.endpoints();
            for (int i = 0; i < Math.min(ownAddresses.size(), theirs.size()); i++) {
                boolean heard = !peer.silent.contains(address(theirs.get(i)).getAddress());
                (heard ? paths : silent).add(i);
            }
        } finally {
            lock.unlock();
        }
        paths.addAll(silent);
        return paths;
    }

    /** Whether a connection was made; it has ended when this returns. */
    private boolean connectOver(Peer peer, InetSocketAddress from, InetSocketAddress to) {
        try (SocketChannel channel = SocketChannel.open()) {
            if (!beginProof(channel)) {
                return false;
            }
            try {
                channel.bind(new InetSocketAddress(from.getAddress(), 0));
                channel.socket().connect(to, CONNECT_MILLIS);
                prepare(channel);
                handshake.connect(channel, peer.node());
            } finally {
                endProof(channel);
            }
            serve(peer, channel);
            return true;
        } catch (RefusedException e) {
            reportRefused(to, e);
        } catch (PeerFrameException e) {
            reportStranger(to, e.why());
        } catch (BindException e) {
            reportNotOurs(from, e);
        } catch (IOException e) {
            // A peer that is down is an ordinary thing; the volume's status shows it.
            LOG.debug("{}: no connection from {} to {}", nameOf(peer), from, to, e);
        }
        return false;
    }

    // ---- listening

    private void listenLoop(InetSocketAddress address) {
        while (isOpen()) {
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                listener.bind(address);
                while (register(listener)) {
                    admit(listener.accept());
                }
            } catch (IOException e) {
                reportNotOurs(address, e);
            }
            pause();
        }
    }

    private boolean register(ServerSocketChannel listener) {
        lock.lock();
        try {
            listeners.removeIf(l -> !l.isOpen());
            return !closed && (listeners.contains(listener) || listeners.add(listener));
        } finally {
            lock.unlock();
        }
    }

    private void admit(SocketChannel channel) {
        if (beginProof(channel)) {
            spawn("peer-" + volume.id(), () -> serveAccepted(channel));
        } else {
            closeQuietly(channel);
        }
    }

    private void serveAccepted(SocketChannel channel) {
        SocketAddress from = channel.socket().getRemoteSocketAddress();
        try (channel) {
            NodeId node;
            try {
                prepare(channel);
                node = handshake.accept(channel, this::mayConnect, n -> isWanted(peerOf(n)));
            } finally {
                endProof(channel);
            }
            serve(peerOf(node), channel);
        } catch (RefusedException e) {
            reportRefused(from, e);
        } catch (PeerFrameException e) {
            reportStranger(from, e.why());
        } catch (IOException e) {
            LOG.debug("{}: a connection from {} came to nothing", volume.id(), from, e);
        }
    }

    private boolean mayConnect(NodeId node) {
        return peers.stream().anyMatch(p -> p != null && p.node().equals(node) && !connectsTo(p));
    }

    // ---- connections

    private static void prepare(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Runs the connection as the peer's only one; returns when it has ended. */
    private void serve(Peer peer, SocketChannel channel) {
        PeerConnection connection = install(peer, channel);
        if (connection != null) {
            try {
                connection.run();
            } finally {
                uninstall(peer);
            }
        }
    }

    /**
     * Waits until the peer's last session was told to have ended.
     *
     * @return null when the connection is not wanted, or a newer one is there
     */
    private @Nullable PeerConnection install(Peer peer, SocketChannel channel) {
        lock.lock();
        try {
            long number = ++peer.latestProven;
            while (peer.connection != null) {
                peer.connection.close("it has made a new connection");
                changed.awaitUninterruptibly();
            }
            if (closed || !peer.isWanted() || peer.latestProven != number) {
                return null;
            }
            PeerConnection connection =
                    new PeerConnection(
                            channel,
                            peer.index,
                            LAST_SESSION.incrementAndGet(),
                            nameOf(peer),
                            options,
                            events,
                            this::reportDamage);
            peer.connection = connection;
            return connection;
        } finally {
            lock.unlock();
        }
    }

    private void uninstall(Peer peer) {
        lock.lock();
        try {
            peer.connection = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable PeerConnection connectionOf(Peer peer, long session) {
        PeerConnection connection = peer.connection;
        return connection != null && connection.session() == session ? connection : null;
    }

    // ---- watching

    private void watchLoop() {
        long tickNanos =
                TimeUnit.MILLISECONDS.toNanos(Math.max(10, options.pingIntervalMillis() / 4));
        long lookedAt = System.nanoTime();
        while (isOpen()) {
            long now = System.nanoTime();
            // Who was stopped itself, or starved, has not yet read what came meanwhile.
            boolean wasAwake = now - lookedAt < 4 * tickNanos;
            lookedAt = now;
            lock.lock();
            try {
                if (wasAwake) {
                    closeOverdue(now);
                }
                unproven.forEach(
                        (channel, deadline) -> {
                            if (now - deadline > 0) {
                                closeQuietly(channel);
                            }
                        });
            } finally {
                lock.unlock();
            }
            pause(tickNanos);
        }
    }

    private void closeOverdue(long now) {
        for (Peer peer : peers) {
            PeerConnection connection = peer == null ? null : peer.connection;
            if (peer != null && connection != null) {
                connection.closeIfOverdue(now, isSilent(peer, connection));
            }
        }
    }

    private static boolean isSilent(Peer peer, PeerConnection connection) {
        InetAddress address = connection.peerAddress();
        return address != null && peer.silent.contains(address);
    }

    /** From now on the channel is closed when it takes too long; false: it must not even begin. */
    private boolean beginProof(SocketChannel channel) {
        lock.lock();
        try {
            if (closed || unproven.size() >= MAX_HANDSHAKES) {
                return false;
            }
            unproven.put(channel, System.nanoTime() + HANDSHAKE_NANOS);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void endProof(SocketChannel channel) {
        lock.lock();
        try {
            unproven.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    // ---- telling people

    private void reportRefused(SocketAddress address, RefusedException refused) {
        String remedy =
                switch (refused.refusal()) {
                    case VERSION -> "run the same release of Holdfast on all nodes";
                    case VOLUME -> "have the same drbd.conf on all nodes, a port for each volume";
                    case NODE -> "have the same drbd.conf on all nodes, and check host names";
                    case SECRET -> "install the same cluster key on all nodes";
                    case NOT_NOW -> "wait until the cluster has both nodes, or connect by hand";
                };
        if (refused.refusal() == Cause.NOT_NOW) {
            LOG.debug("{}: {}: {}", volume.id(), address, refused.why());
        } else {
            report("a replication connection was refused", address, refused.why(), remedy);
        }
    }

    private void reportStranger(SocketAddress address, String why) {
        report(
                "a replication connection was refused",
                address,
                why,
                "find out what speaks there; only Holdfast nodes should reach this port");
    }

    private void reportNotOurs(InetSocketAddress address, IOException e) {
        if (isOpen()) {
            report(
                    "replication cannot use this address",
                    address,
                    String.valueOf(e.getMessage()),
                    "check that the address is this node's and that nothing else uses the port");
        }
    }

    private void reportDamage(Problem problem) {
        if (mayReport(problem.object() + problem.what())) {
            events.report(problem);
        }
    }

    private void report(String what, SocketAddress address, String why, String remedy) {
        String host = address instanceof InetSocketAddress i ? i.getHostString() : "";
        if (mayReport(host + what + why)) {
            events.report(new Problem(what, volume.id() + " at " + address, why, remedy));
        }
    }

    /** Not the same every moment, and not without bound whoever comes from wherever. */
    private boolean mayReport(String key) {
        long now = System.nanoTime();
        lock.lock();
        try {
            reportedAtNanos.values().removeIf(at -> now - at > REPORT_AGAIN_NANOS);
            return reportedAtNanos.size() < MAX_REPORTS
                    && reportedAtNanos.putIfAbsent(key, now) == null;
        } finally {
            lock.unlock();
        }
    }

    // ---- small things

    private boolean connectsTo(Peer peer) {
        return self.compareTo(peer.node()) < 0;
    }

    private Peer peerAt(int index) {
        Peer peer = peers.get(index);
        Invariant.check(peer != null, "node %s is no peer of itself", self);
        return peer;
    }

    private Peer peerOf(NodeId node) {
        for (Peer peer : peers) {
            if (peer != null && peer.node().equals(node)) {
                return peer;
            }
        }
        throw new IllegalArgumentException("no peer: " + node);
    }

    private String nameOf(Peer peer) {
        return volume.id() + "-" + peer.node();
    }

    private void forEachConnection(Consumer<PeerConnection> action) {
        for (Peer peer : peers) {
            PeerConnection connection = peer == null ? null : peer.connection;
            if (connection != null) {
                action.accept(connection);
            }
        }
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWanted(Peer peer) {
        lock.lock();
        try {
            return !closed && peer.isWanted();
        } finally {
            lock.unlock();
        }
    }

    /** False when all ends. */
    private boolean awaitWanted(Peer peer) {
        lock.lock();
        try {
            while (!closed && !peer.isWanted()) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        pause(connectIntervalNanos());
    }

    private long connectIntervalNanos() {
        return TimeUnit.MILLISECONDS.toNanos(options.connectIntervalMillis());
    }

    /** Shorter when all ends. */
    private void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("only readers are interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a channel", e);
        }
    }
}
