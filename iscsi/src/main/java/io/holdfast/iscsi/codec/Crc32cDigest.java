package io.holdfast.iscsi.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Header and data digests, RFC 7143 13.1. One instance belongs to one thread. On the wire the four
 * bytes of the CRC go least significant first (RFC 7143 appendix A: 32 zero bytes give aa 36 91
 * 8a).
 */
public final class Crc32cDigest {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer zeros = ByteBuffer.allocate(4);

    public void reset() {
        crc.reset();
    }

    /** Takes in position to limit, and leaves both where they were. */
    public void update(ByteBuffer bytes) {
        int position = bytes.position();
        crc.update(bytes);
        bytes.position(position);
    }

    public void pad(int count) {
        zeros.position(0).limit(count);
        crc.update(zeros);
    }

    /** The digest as the big-endian int that a network-order {@code putInt} writes rightly. */
    public int wireValue() {
        return Integer.reverseBytes((int) crc.getValue());
    }
}
