package io.holdfast.replication.codec;

import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is said on a new connection before frames. Big-endian:
 *
 * <pre>
 *  0   8  "HOLDREPL"
 *  8   4  protocol version of the sender
 *  12  1  kind: 1 hello, 2 proof, 3 refusal
 *  13  1  0
 *  14  2  length of the rest in bytes
 *  16     hello:   volume, sending node, receiving node (each a length byte and UTF-8), 32 nonce
 *         proof:   32 HMAC-SHA256
 *         refusal: 1 cause
 * </pre>
 *
 * <p>The first 16 bytes are frozen: every version, past or to come, can read them and refuse in
 * peace. Nothing else of another version is looked at.
 */
public sealed interface PeerFrameHandshake {
    long MAGIC = 0x484f4c445245504cL; // "HOLDREPL"
    int VERSION = 2;
    byte HELLO = 1;
    byte PROOF = 2;
    byte REFUSAL = 3;
    int HEAD_BYTES = 16;
    int MAX_BODY_BYTES = 512;
    int NONCE_BYTES = 32;
    int PROOF_BYTES = 32;

    /** Who I am, and whom I believe to speak to about what. */
    // The arrays are never compared as parts of their records.
    @SuppressWarnings("ArrayRecordComponent")
    record Hello(VolumeId volume, NodeId sender, NodeId receiver, byte[] nonce)
            implements PeerFrameHandshake {}

    /** I know the secret. */
    @SuppressWarnings("ArrayRecordComponent")
    record Proof(byte[] code) implements PeerFrameHandshake {}

    /** I close the connection, because. */
    record Refusal(Cause cause) implements PeerFrameHandshake {}

    /** Something of a version that is not ours. */
    record OtherVersion(int version) implements PeerFrameHandshake {}

    /** Why a connection is refused. */
    enum Cause {
        VERSION(1),
        VOLUME(2),
        NODE(3),
        SECRET(4),
        /** The peer is not a member of the cluster now, or was told to stay alone. */
        NOT_NOW(5);

        private final byte code;

        Cause(int code) {
            this.code = (byte) code;
        }
    }

    /** A new buffer that spans the packet. */
    static ByteBuffer encode(PeerFrameHandshake packet) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + MAX_BODY_BYTES).position(HEAD_BYTES);
        byte kind =
                switch (packet) {
                    case Hello hello -> {
                        putName(out, hello.volume().name());
                        putName(out, hello.sender().name());
                        putName(out, hello.receiver().name());
                        out.put(hello.nonce());
                        yield HELLO;
                    }
                    case Proof(byte[] code) -> {
                        out.put(code);
                        yield PROOF;
                    }
                    case Refusal(Cause cause) -> {
                        out.put(cause.code);
                        yield REFUSAL;
                    }
                    case OtherVersion other ->
                            throw new IllegalArgumentException("only ever received: " + other);
                };
        int bodyBytes = out.position() - HEAD_BYTES;
        out.flip();
        out.putLong(0, MAGIC).putInt(8, VERSION);
        out.put(12, kind).put(13, (byte) 0).putShort(14, (short) bodyBytes);
        return out;
    }

    /** How many bytes follow a head. */
    static int bodyBytes(ByteBuffer head) throws PeerFrameException {
        if (head.getLong(0) != MAGIC) {
            throw new PeerFrameException("it does not speak the replication protocol");
        }
        int bytes = Short.toUnsignedInt(head.getShort(14));
        if (bytes > MAX_BODY_BYTES) {
            throw new PeerFrameException("its handshake has " + bytes + " bytes");
        }
        return bytes;
    }

    /**
     * Reads one packet.
     *
     * @param packet spans it: head and as many bytes as {@link #bodyBytes} says
     */
    static PeerFrameHandshake decode(ByteBuffer packet) throws PeerFrameException {
        ByteBuffer in = packet.duplicate().clear().limit(packet.limit());
        if (in.remaining() < HEAD_BYTES || in.remaining() != HEAD_BYTES + bodyBytes(in)) {
            throw new PeerFrameException("its handshake was cut off");
        }
        int version = in.getInt(8);
        if (version != VERSION) {
            return new OtherVersion(version);
        }
        try {
            PeerFrameHandshake decoded = body(in.get(12), in.position(HEAD_BYTES));
            if (in.hasRemaining()) {
                throw new PeerFrameException("its handshake is too long");
            }
            return decoded;
        } catch (BufferUnderflowException e) {
            throw new PeerFrameException("its handshake is too short");
        } catch (ProblemException e) {
            throw new PeerFrameException("its handshake has a bad name: " + e.getMessage());
        }
    }

    private static PeerFrameHandshake body(byte kind, ByteBuffer in) throws PeerFrameException {
        if (kind == HELLO) {
            VolumeId volume = new VolumeId(name(in));
            NodeId sender = new NodeId(name(in));
            NodeId receiver = new NodeId(name(in));
            return new Hello(volume, sender, receiver, bytes(in, NONCE_BYTES));
        }
        if (kind == PROOF) {
            return new Proof(bytes(in, PROOF_BYTES));
        }
        if (kind == REFUSAL) {
            return new Refusal(cause(in.get()));
        }
        throw new PeerFrameException("its handshake has the unknown kind " + kind);
    }

    private static Cause cause(byte code) throws PeerFrameException {
        for (Cause cause : Cause.values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        throw new PeerFrameException("its refusal has the unknown cause " + code);
    }

    private static void putName(ByteBuffer out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private static String name(ByteBuffer in) {
        return new String(bytes(in, Byte.toUnsignedInt(in.get())), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
