package io.holdfast.replication.driver;

import io.holdfast.base.Invariant;
import io.holdfast.replication.codec.PeerFrame;
import io.holdfast.replication.core.VolumeGeometry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Digests of blocks: {@link PeerFrame#DIGEST_BYTES} bytes for each, one after the other. */
final class BlockDigests {
    private BlockDigests() {}

    /** Of each block from position to limit; the last may be short. */
    static byte[] of(ByteBuffer data) {
        MessageDigest sha256 = sha256();
        int blocks = Math.ceilDiv(data.remaining(), VolumeGeometry.BLOCK_BYTES);
        byte[] digests = new byte[blocks * PeerFrame.DIGEST_BYTES];
        int end = data.limit();
        for (int block = 0; block < blocks; block++) {
            int from = block * VolumeGeometry.BLOCK_BYTES;
            sha256.update(
                    data.duplicate()
                            .position(from)
                            .limit(Math.min(end, from + VolumeGeometry.BLOCK_BYTES)));
            System.arraycopy(
                    sha256.digest(),
                    0,
                    digests,
                    block * PeerFrame.DIGEST_BYTES,
                    PeerFrame.DIGEST_BYTES);
        }
        return digests;
    }

    /** Which blocks have not the same digest, bit by bit. */
    static long differing(byte[] own, byte[] theirs) {
        Invariant.check(own.length == theirs.length, "digests of different runs");
        long differing = 0;
        for (int at = 0; at < own.length; at += PeerFrame.DIGEST_BYTES) {
            int end = at + PeerFrame.DIGEST_BYTES;
            if (!Arrays.equals(own, at, end, theirs, at, end)) {
                differing |= 1L << (at / PeerFrame.DIGEST_BYTES);
            }
        }
        return differing;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
