package io.holdfast.membership.codec;

import io.holdfast.base.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The cluster's key, from which each process of each sender has a key of its own (HKDF-SHA256, RFC
 * 5869). So a nonce is never used twice under one key, although counters begin anew at each start:
 * the sender's random incarnation is part of the derivation.
 */
public final class FrameKey {
    private static final byte[] SALT =
            "holdfast membership frames 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;

    private final SecretKey clusterKey;
    private final long id;

    private FrameKey(SecretKey clusterKey, long id) {
        this.clusterKey = clusterKey;
        this.id = id;
    }

    /** From the bytes of an authkey file. */
    public static FrameKey of(byte[] authKey) {
        try {
            SecretKey extracted =
                    KDF.getInstance("HKDF-SHA256")
                            .deriveKey(
                                    "Generic",
                                    HKDFParameterSpec.ofExtract()
                                            .addIKM(authKey)
                                            .addSalt(SALT)
                                            .extractOnly());
            byte[] id =
                    KDF.getInstance("HKDF-SHA256").deriveData(expand(extracted, bytes("id"), 8));
            return new FrameKey(extracted, ByteBuffer.wrap(id).getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HKDF-SHA256", e);
        }
    }

    /** Tells keys apart without telling anything about them. */
    public long id() {
        return id;
    }

    SecretKey senderKey(NodeId sender, long incarnation) throws GeneralSecurityException {
        byte[] name = sender.name().getBytes(StandardCharsets.UTF_8);
        byte[] info =
                ByteBuffer.allocate(6 + Long.BYTES + name.length)
                        .put(bytes("sender"))
                        .putLong(incarnation)
                        .put(name)
                        .array();
        return KDF.getInstance("HKDF-SHA256").deriveKey("AES", expand(clusterKey, info, KEY_BYTES));
    }

    private static HKDFParameterSpec expand(SecretKey key, byte[] info, int length) {
        return HKDFParameterSpec.expandOnly(key, info, length);
    }

    private static byte[] bytes(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length());
    }

    @Override
    public String toString() {
        return "FrameKey[" + Long.toHexString(id) + "]";
    }
}
