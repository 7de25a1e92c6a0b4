package io.holdfast.replication.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.codec.PeerFrameException;
import io.holdfast.replication.codec.PeerFrameHandshake;
import io.holdfast.replication.codec.PeerFrameHandshake.Cause;
import io.holdfast.replication.codec.PeerFrameHandshake.Hello;
import io.holdfast.replication.codec.PeerFrameHandshake.OtherVersion;
import io.holdfast.replication.codec.PeerFrameHandshake.Proof;
import io.holdfast.replication.codec.PeerFrameHandshake.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two nodes prove to each other, on a new connection, that they are replicas of one volume.
 *
 * <pre>
 *  connector                                acceptor
 *  Hello (names, nonce)              -&gt;     are the names right, is it wanted?
 *                                    &lt;-     Hello (names, nonce)
 *  HMAC(secret, 1, both hellos)      -&gt;     is it right?
 *  is it right?                      &lt;-     HMAC(secret, 2, both hellos)
 * </pre>
 *
 * <p>A side that is not content says why with a Refusal and closes. Both hellos are in both proofs,
 * so neither can be replayed, nor sent back to its maker. What follows on the connection is guarded
 * against accidents, not against someone who can rewrite TCP streams: the replication network must
 * be one where nobody can.
 *
 * <p>Blocks as long as the peer does; whoever calls closes the channel when it takes too long.
 */
final class PeerHandshake {
    private static final String MAC_ALGORITHM = "HmacSHA256";
    private static final byte CONNECTOR = 1;
    private static final byte ACCEPTOR = 2;

    private final VolumeId volume;
    private final NodeId self;
    private final SecretKeySpec secret;
    private final SecureRandom random = new SecureRandom();

    PeerHandshake(VolumeId volume, NodeId self, byte[] secret) {
        this.volume = volume;
        this.self = self;
        this.secret = new SecretKeySpec(secret, MAC_ALGORITHM);
    }

    /** One of the two sides will not have the connection. */
    static final class RefusedException extends Exception {
        private final Cause cause;
        private final boolean byPeer;

        private RefusedException(Cause cause, boolean byPeer, String why) {
            super(byPeer ? "the peer refused: " + why : why);
            this.cause = cause;
            this.byPeer = byPeer;
        }

        Cause refusal() {
            return cause;
        }

        boolean byPeer() {
            return byPeer;
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /** The side that made the connection. */
    void connect(SocketChannel channel, NodeId peer)
            throws IOException, PeerFrameException, RefusedException {
        ByteBuffer ownHello = PeerFrameHandshake.encode(hello(peer));
        send(channel, ownHello);
        ByteBuffer peerHello = receive(channel);
        Hello hello = expectHello(channel, peerHello);
        requireSameVolume(channel, hello);
        requireNode(channel, hello.sender().equals(peer) && hello.receiver().equals(self), hello);
        send(channel, PeerFrameHandshake.encode(proof(CONNECTOR, ownHello, peerHello)));
        requireProof(channel, proof(ACCEPTOR, ownHello, peerHello));
    }

    /**
     * The side that listens.
     *
     * @param known whether that node is one that should connect to us
     * @param wanted whether it may now
     * @return who the peer is
     */
    NodeId accept(SocketChannel channel, Predicate<NodeId> known, Predicate<NodeId> wanted)
            throws IOException, PeerFrameException, RefusedException {
        ByteBuffer peerHello = receive(channel);
        Hello hello = expectHello(channel, peerHello);
        requireSameVolume(channel, hello);
        NodeId peer = hello.sender();
        requireNode(channel, known.test(peer) && hello.receiver().equals(self), hello);
        if (!wanted.test(peer)) {
            throw refuse(channel, Cause.NOT_NOW, "node " + peer + " may not connect now");
        }
        ByteBuffer ownHello = PeerFrameHandshake.encode(hello(peer));
        send(channel, ownHello);
        requireProof(channel, proof(CONNECTOR, peerHello, ownHello));
        send(channel, PeerFrameHandshake.encode(proof(ACCEPTOR, peerHello, ownHello)));
        return peer;
    }

    private Hello hello(NodeId peer) {
        byte[] nonce = new byte[PeerFrameHandshake.NONCE_BYTES];
        random.nextBytes(nonce);
        return new Hello(volume, self, peer, nonce);
    }

    private Proof proof(byte side, ByteBuffer connectorHello, ByteBuffer acceptorHello) {
        try {
            Mac mac = Mac.getInstance(MAC_ALGORITHM);
            mac.init(secret);
            mac.update(side);
            mac.update(connectorHello.duplicate().rewind());
            mac.update(acceptorHello.duplicate().rewind());
            return new Proof(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC_ALGORITHM, e);
        }
    }

    // ---- what is required of the peer

    private static Hello expectHello(SocketChannel channel, ByteBuffer packet)
            throws IOException, PeerFrameException, RefusedException {
        PeerFrameHandshake decoded = decode(channel, packet);
        if (decoded instanceof Hello hello) {
            return hello;
        }
        throw outOfTurn();
    }

    private void requireSameVolume(SocketChannel channel, Hello hello) throws RefusedException {
        if (!hello.volume().equals(volume)) {
            throw refuse(
                    channel,
                    Cause.VOLUME,
                    "it speaks of volume " + hello.volume() + ", this port is of " + volume);
        }
    }

    private static void requireNode(SocketChannel channel, boolean right, Hello hello)
            throws RefusedException {
        if (!right) {
            throw refuse(
                    channel,
                    Cause.NODE,
                    "it is node " + hello.sender() + " and looks for node " + hello.receiver());
        }
    }

    private static void requireProof(SocketChannel channel, Proof expected)
            throws IOException, PeerFrameException, RefusedException {
        if (!(decode(channel, receive(channel)) instanceof Proof(byte[] code))) {
            throw outOfTurn();
        }
        // Takes the same time wherever the first wrong byte is.
        if (!MessageDigest.isEqual(code, expected.code())) {
            throw refuse(channel, Cause.SECRET, "it does not know this cluster's secret");
        }
    }

    private static PeerFrameHandshake decode(SocketChannel channel, ByteBuffer packet)
            throws PeerFrameException, RefusedException {
        PeerFrameHandshake decoded = PeerFrameHandshake.decode(packet);
        if (decoded instanceof OtherVersion(int version)) {
            throw refuse(
                    channel,
                    Cause.VERSION,
                    "it speaks version " + version + ", we " + PeerFrameHandshake.VERSION);
        }
        if (decoded instanceof Refusal(Cause cause)) {
            throw new RefusedException(cause, true, meaning(cause));
        }
        return decoded;
    }

    private static String meaning(Cause cause) {
        return switch (cause) {
            case VERSION -> "it speaks another version of the protocol";
            case VOLUME -> "it has another volume on this port";
            case NODE -> "it is not the node we take it for, or does not know us";
            case SECRET -> "our proof of knowing the cluster's secret is wrong";
            case NOT_NOW -> "we may not connect now";
        };
    }

    private static RefusedException refuse(SocketChannel channel, Cause cause, String why) {
        RefusedException refused = new RefusedException(cause, false, why);
        try {
            send(channel, PeerFrameHandshake.encode(new Refusal(cause)));
        } catch (IOException e) {
            // It is gone, so it need not be told.
            refused.addSuppressed(e);
        }
        return refused;
    }

    private static IOException outOfTurn() {
        return new IOException("it said something out of turn");
    }

    // ---- bytes

    private static void send(SocketChannel channel, ByteBuffer packet) throws IOException {
        ByteBuffer out = packet.duplicate();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private static ByteBuffer receive(SocketChannel channel)
            throws IOException, PeerFrameException {
        ByteBuffer packet =
                ByteBuffer.allocate(
                        PeerFrameHandshake.HEAD_BYTES + PeerFrameHandshake.MAX_BODY_BYTES);
        fill(channel, packet.limit(PeerFrameHandshake.HEAD_BYTES));
        int bodyBytes = PeerFrameHandshake.bodyBytes(packet);
        fill(channel, packet.limit(PeerFrameHandshake.HEAD_BYTES + bodyBytes));
        return packet.flip();
    }

    private static void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("it closed the connection before it had proven itself");
            }
        }
    }
}
