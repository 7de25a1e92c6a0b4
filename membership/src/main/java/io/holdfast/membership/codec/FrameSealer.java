package io.holdfast.membership.codec;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals the frames of one process: AES-256-GCM, the header as additional data, the frame's number
 * as nonce (RFC 5116: never twice under one key; the key is this process's own). Thread-safe.
 *
 * <p>Sealed content: the receiver's incarnation as we know it (8), then the message.
 */
public final class FrameSealer {
    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 12;

    /** Header, named incarnation and tag of a sender with the longest name. */
    public static final int LARGEST_OVERHEAD = 4 + 1 + 8 + 8 + 8 + 64 + 8 + TAG_BYTES;

    private final FrameKey clusterKey;
    private final NodeId self;
    private final long incarnation;
    private final SecretKey key;
    private final Cipher cipher;
    private long lastNumber;

    public FrameSealer(FrameKey clusterKey, NodeId self, long incarnation) {
        Invariant.check(incarnation != 0, "incarnation 0 stands for none");
        this.clusterKey = clusterKey;
        this.self = self;
        this.incarnation = incarnation;
        try {
            this.key = clusterKey.senderKey(self, incarnation);
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-GCM", e);
        }
    }

    /**
     * A frame, ready to be sent over any number of rings.
     *
     * @param namedIncarnation the receiver's, 0 when unknown
     */
    public synchronized ByteBuffer seal(long namedIncarnation, ByteBuffer message) {
        FrameHeader header = new FrameHeader(clusterKey.id(), self, incarnation, ++lastNumber);
        ByteBuffer out = ByteBuffer.allocate(LARGEST_OVERHEAD + message.remaining());
        header.put(out);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(lastNumber));
            cipher.updateAAD(out.array(), 0, out.position());
            cipher.update(ByteBuffer.allocate(Long.BYTES).putLong(namedIncarnation).flip(), out);
            cipher.doFinal(message, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame could not be sealed", e);
        }
        return out.flip();
    }

    static GCMParameterSpec nonce(long number) {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
        return new GCMParameterSpec(TAG_BYTES * 8, nonce);
    }
}
