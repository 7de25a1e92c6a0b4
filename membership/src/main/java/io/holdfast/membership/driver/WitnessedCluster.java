package io.holdfast.membership.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.membership.codec.FrameHeader;
import io.holdfast.membership.codec.FrameKey;
import io.holdfast.membership.codec.FrameOpener;
import io.holdfast.membership.codec.FrameSealer;
import io.holdfast.membership.codec.Message;
import io.holdfast.membership.codec.MessageCodec;
import io.holdfast.membership.core.Electorate;
import io.holdfast.membership.core.PeerSession;
import io.holdfast.membership.core.VoterAnswer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One cluster as its witness sees it: a key, a voter, and where its nodes were last heard from. */
final class WitnessedCluster implements AutoCloseable {
    /** More nodes or paths than any cluster has; a guard against a member gone mad. */
    private static final int MOST_NODES = 256;

    private static final int MOST_PATHS = 16;
    private static final long PATH_KEPT_NANOS = 3_000_000_000L;

    private record Path(DatagramPort port, InetSocketAddress address) {}

    private static final class Node {
        final PeerSession session;
        final Map<Path, Long> heardAtNanos = new LinkedHashMap<>();

        Node(long ownIncarnation) {
            session = new PeerSession(ownIncarnation);
        }
    }

    private final FrameSealer sealer;
    private final FrameOpener opener;
    private final VoterLoop voter;
    private final long incarnation = new SecureRandom().nextLong(1, Long.MAX_VALUE);
    private final Map<NodeId, Node> nodes = new TreeMap<>();

    WitnessedCluster(
            FrameKey key, VoterStateFile state, long lockedAtNanos, Consumer<Problem> problems) {
        this.sealer = new FrameSealer(key, Electorate.WITNESS, incarnation);
        this.opener = new FrameOpener(key);
        this.voter =
                new VoterLoop(
                        "vote-" + Long.toHexString(key.id()),
                        state,
                        LogPosition.NONE,
                        false,
                        lockedAtNanos,
                        this::answer,
                        problems);
        voter.start();
    }

    synchronized void received(
            DatagramPort port, InetSocketAddress from, FrameHeader header, ByteBuffer datagram) {
        Node node = nodes.get(header.sender());
        if (node != null && !node.session.mayBeNew(header.incarnation(), header.number())) {
            return;
        }
        FrameOpener.Opened opened = opener.open(header, datagram).orElse(null);
        if (opened == null || (node == null && nodes.size() >= MOST_NODES)) {
            return;
        }
        if (node == null) {
            node = new Node(incarnation);
            nodes.put(header.sender(), node);
        }
        Message message = MessageCodec.decode(opened.message()).orElse(null);
        if (message == null) {
            return;
        }
        Path path = new Path(port, from);
        switch (node.session.judge(
                header.incarnation(), opened.namedIncarnation(), header.number())) {
            case TAKE, TAKE_FROM_NEW_PROCESS -> take(node, path, header, message);
            case UNPROVEN -> answerHeartbeat(path, header, message);
            case SEEN, OUTDATED -> {}
        }
    }

    @Override
    public void close() {
        voter.close();
    }

    private void take(Node node, Path path, FrameHeader header, Message message) {
        remember(node, path);
        answerHeartbeat(path, header, message);
        if (message instanceof Message.Request request) {
            voter.request(header.sender(), request.request());
        }
    }

    private void remember(Node node, Path path) {
        long now = System.nanoTime();
        node.heardAtNanos.put(path, now);
        node.heardAtNanos.values().removeIf(heard -> now - heard > PATH_KEPT_NANOS);
        if (node.heardAtNanos.size() > MOST_PATHS) {
            node.heardAtNanos.remove(node.heardAtNanos.keySet().iterator().next());
        }
    }

    /** The witness never speaks first: its heartbeats are answers. */
    private void answerHeartbeat(Path path, FrameHeader header, Message message) {
        if (message instanceof Message.Heartbeat) {
            path.port.send(
                    sealer.seal(header.incarnation(), MessageCodec.encode(message)), path.address);
        }
    }

    private synchronized void answer(NodeId to, VoterAnswer answer) {
        Node node = nodes.get(to);
        if (node == null) {
            return;
        }
        ByteBuffer frame =
                sealer.seal(
                        node.session.incarnation(),
                        MessageCodec.encode(new Message.Answer(answer)));
        node.heardAtNanos.keySet().forEach(path -> path.port.send(frame, path.address));
    }
}
