package io.holdfast.replication.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksums between a frame's head and its payload: one CRC32C of 4 bytes for each 4 KiB of the
 * payload, the last of which may be short. Stateless; the payload's position and limit are left as
 * they are.
 */
public final class PeerFrameChecksums {
    /** What one checksum stands for. */
    public static final int SPAN_BYTES = 4096;

    /** Of the longest payload. */
    public static final int MAX_BYTES = bytesFor(PeerFrame.MAX_DATA_BYTES);

    private PeerFrameChecksums() {}

    /** How many bytes the checksums of a payload take. */
    public static int bytesFor(int payloadBytes) {
        return (payloadBytes + SPAN_BYTES - 1) / SPAN_BYTES * Integer.BYTES;
    }

    /** Appends the checksums of what {@code payload} has from position to limit. */
    public static void encode(ByteBuffer payload, ByteBuffer out) {
        CRC32C crc = new CRC32C();
        int end = payload.limit();
        for (int from = payload.position(); from < end; from += SPAN_BYTES) {
            out.putInt(checksum(crc, payload, from, Math.min(end, from + SPAN_BYTES)));
        }
    }

    /** Compares, and moves {@code checksums} behind those of this payload. */
    public static void verify(ByteBuffer payload, ByteBuffer checksums) throws PeerFrameException {
        CRC32C crc = new CRC32C();
        int end = payload.limit();
        for (int from = payload.position(); from < end; from += SPAN_BYTES) {
            int found = checksum(crc, payload, from, Math.min(end, from + SPAN_BYTES));
            if (found != checksums.getInt()) {
                throw new PeerFrameException(
                        "the checksum of a payload is wrong: it was damaged on its way");
            }
        }
    }

    private static int checksum(CRC32C crc, ByteBuffer payload, int from, int to) {
        int position = payload.position();
        int limit = payload.limit();
        crc.reset();
        crc.update(payload.limit(to).position(from));
        payload.limit(limit).position(position);
        return (int) crc.getValue();
    }
}
