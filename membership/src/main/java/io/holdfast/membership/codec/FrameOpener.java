package io.holdfast.membership.codec;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Opens frames of one cluster. One thread at a time. */
public final class FrameOpener {
    /** Keys of senders kept at hand; only those whose frames were genuine. */
    private static final int KEYS_KEPT = 256;

    private record SenderKeyId(String sender, long incarnation) {}

    /**
     * An authentic frame.
     *
     * @param namedIncarnation the receiver's, as the sender knows it
     * @param message what the sender sealed
     */
    public record Opened(FrameHeader header, long namedIncarnation, ByteBuffer message) {}

    private final FrameKey clusterKey;
    private final Cipher cipher;
    private final Map<SenderKeyId, SecretKey> genuine =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<SenderKeyId, SecretKey> eldest) {
                    return size() > KEYS_KEPT;
                }
            };

    public FrameOpener(FrameKey clusterKey) {
        this.clusterKey = clusterKey;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-GCM", e);
        }
    }

    /**
     * Checks and decrypts.
     *
     * @param header read from {@code frame}, whose position is behind it
     * @return empty when the frame is not authentic or too short
     */
    public Optional<Opened> open(FrameHeader header, ByteBuffer frame) {
        if (frame.remaining() < Long.BYTES + FrameSealer.TAG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer additional = frame.duplicate().flip();
        ByteBuffer plain = ByteBuffer.allocate(frame.remaining());
        SenderKeyId id = new SenderKeyId(header.sender().name(), header.incarnation());
        try {
            SecretKey known = genuine.get(id);
            SecretKey key =
                    known != null
                            ? known
                            : clusterKey.senderKey(header.sender(), header.incarnation());
            cipher.init(Cipher.DECRYPT_MODE, key, FrameSealer.nonce(header.number()));
            cipher.updateAAD(additional);
            cipher.doFinal(frame, plain);
            genuine.put(id, key);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
        plain.flip();
        long named = plain.getLong();
        return Optional.of(new Opened(header, named, plain.slice()));
    }
}
