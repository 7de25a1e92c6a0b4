package io.holdfast.replication.codec;

import static io.holdfast.replication.core.VolumeGeometry.SECTOR_BYTES;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.replication.core.VolumeGeometry;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of a frame, which is all of it for acknowledgements. On the wire, big-endian:
 *
 * <pre>
 *  0   1  type ({@link PeerFrameType})
 *  1   1  status (index in {@link #STATUSES}); 0 where there is none
 *  2   2  0
 *  4   4  length of the payload in bytes
 *  8   8  sequence of a write or of digests, or round of a flush
 *  16  8  offset in the volume, in bytes
 *  24  8  epoch
 *  32  8  confirmed sequence; of compared digests: which blocks differ, bit by bit
 *  40  4  which replicas lack this write, bit by index of the node
 *  44  4  CRC32C of the 44 bytes before
 *  48     with a payload: its checksums ({@link PeerFrameChecksums}), then the payload
 * </pre>
 *
 * <p>Fields that a type does not use are 0.
 *
 * @param payloadBytes of digests: {@link #DIGEST_BYTES} for each block, at most {@link
 *     #MAX_DIGESTS}; of a write: whole sectors, at most {@link #MAX_DATA_BYTES}; of a message: at
 *     most {@link #MAX_MESSAGE_BYTES}; else 0
 * @param sequence of a flush: its round
 */
public record PeerFrame(
        PeerFrameType type,
        IoStatus status,
        int payloadBytes,
        long sequence,
        long offsetBytes,
        Epoch epoch,
        long confirmedSequence,
        int missing) {
    public static final int HEAD_BYTES = 48;
    public static final int MAX_DATA_BYTES = 1 << 20;
    public static final int MAX_MESSAGE_BYTES = 64 << 10;

    /** Half of a SHA-256: blocks that differ must never be taken for equal. */
    public static final int DIGEST_BYTES = 16;

    /** In one frame: the bits of the answer. */
    public static final int MAX_DIGESTS = 32;

    private static final int CHECKSUM_AT = 44;

    /** The index is the code on the wire: only append. */
    private static final List<IoStatus> STATUSES =
            List.of(
                    IoStatus.OK,
                    IoStatus.NOT_PRIMARY,
                    IoStatus.OUT_OF_RANGE,
                    IoStatus.MEDIUM_ERROR,
                    IoStatus.NO_SPACE);

    public static PeerFrame ping() {
        return plain(PeerFrameType.PING, IoStatus.OK, 0, 0);
    }

    public static PeerFrame message(int payloadBytes) {
        return new PeerFrame(
                PeerFrameType.MESSAGE, IoStatus.OK, payloadBytes, 0, 0, Epoch.NONE, 0, 0);
    }

    public static PeerFrame write(
            long sequence,
            long offsetBytes,
            int lengthBytes,
            int missing,
            Epoch epoch,
            long confirmedSequence) {
        return new PeerFrame(
                PeerFrameType.WRITE,
                IoStatus.OK,
                lengthBytes,
                sequence,
                offsetBytes,
                epoch,
                confirmedSequence,
                missing);
    }

    public static PeerFrame resyncWrite(
            long sequence, long offsetBytes, int lengthBytes, int missing) {
        return new PeerFrame(
                PeerFrameType.RESYNC_WRITE,
                IoStatus.OK,
                lengthBytes,
                sequence,
                offsetBytes,
                Epoch.NONE,
                0,
                missing);
    }

    public static PeerFrame received(long sequence) {
        return plain(PeerFrameType.RECEIVED, IoStatus.OK, sequence, 0);
    }

    public static PeerFrame written(boolean resync, long sequence, IoStatus status) {
        return plain(
                resync ? PeerFrameType.RESYNC_WRITTEN : PeerFrameType.WRITTEN, status, sequence, 0);
    }

    public static PeerFrame flush(long round, long confirmedSequence) {
        return plain(PeerFrameType.FLUSH, IoStatus.OK, round, confirmedSequence);
    }

    public static PeerFrame flushed(long round, IoStatus status) {
        return plain(PeerFrameType.FLUSHED, status, round, 0);
    }

    public static PeerFrame digests(long sequence, long offsetBytes, int blocks) {
        return new PeerFrame(
                PeerFrameType.DIGESTS,
                IoStatus.OK,
                blocks * DIGEST_BYTES,
                sequence,
                offsetBytes,
                Epoch.NONE,
                0,
                0);
    }

    public static PeerFrame digestsCompared(long sequence, long differing, IoStatus status) {
        return plain(PeerFrameType.DIGESTS_COMPARED, status, sequence, differing);
    }

    private static PeerFrame plain(
            PeerFrameType type, IoStatus status, long sequence, long confirmedSequence) {
        return new PeerFrame(type, status, 0, sequence, 0, Epoch.NONE, confirmedSequence, 0);
    }

    /** Appends the head to {@code out}. */
    public void encode(ByteBuffer out) {
        String fault = fault(type, payloadBytes, offsetBytes);
        Invariant.check(fault == null, "no peer would take a frame as this: %s", this);
        int start = out.position();
        out.put(type.code());
        out.put((byte) STATUSES.indexOf(status));
        out.putShort((short) 0);
        out.putInt(payloadBytes);
        out.putLong(sequence);
        out.putLong(offsetBytes);
        out.putLong(epoch.number());
        out.putLong(confirmedSequence);
        out.putInt(missing);
        out.putInt(checksum(out, start));
    }

    /**
     * Reads a head and moves {@code in} behind it.
     *
     * @param in at least {@link #HEAD_BYTES}
     */
    public static PeerFrame decode(ByteBuffer in) throws PeerFrameException {
        int start = in.position();
        if (in.remaining() < HEAD_BYTES) {
            throw new PeerFrameException("it sent a head of " + in.remaining() + " bytes");
        }
        if (in.getInt(start + CHECKSUM_AT) != checksum(in, start)) {
            throw new PeerFrameException("the checksum of a frame's head is wrong");
        }
        byte typeCode = in.get();
        int statusCode = in.get();
        int reserved = in.getShort();
        int payloadBytes = in.getInt();
        long sequence = in.getLong();
        long offsetBytes = in.getLong();
        long epoch = in.getLong();
        long confirmedSequence = in.getLong();
        int missing = in.getInt();
        in.position(start + HEAD_BYTES);

        PeerFrameType type = PeerFrameType.of(typeCode);
        if (type == null) {
            throw new PeerFrameException("it sent a frame of the unknown type " + typeCode);
        }
        if (statusCode < 0 || statusCode >= STATUSES.size() || reserved != 0 || epoch < 0) {
            throw new PeerFrameException("it sent a " + type + " frame with impossible fields");
        }
        String fault = fault(type, payloadBytes, offsetBytes);
        if (fault != null) {
            throw new PeerFrameException("it sent " + fault);
        }
        return new PeerFrame(
                type,
                STATUSES.get(statusCode),
                payloadBytes,
                sequence,
                offsetBytes,
                new Epoch(epoch),
                confirmedSequence,
                missing);
    }

    private static @Nullable String fault(PeerFrameType type, int payloadBytes, long offsetBytes) {
        boolean possible =
                switch (type) {
                    case WRITE, RESYNC_WRITE ->
                            payloadBytes > 0
                                    && payloadBytes <= MAX_DATA_BYTES
                                    && payloadBytes % SECTOR_BYTES == 0
                                    && offsetBytes >= 0
                                    && offsetBytes % SECTOR_BYTES == 0;
                    case MESSAGE -> payloadBytes > 0 && payloadBytes <= MAX_MESSAGE_BYTES;
                    case DIGESTS ->
                            payloadBytes > 0
                                    && payloadBytes <= MAX_DIGESTS * DIGEST_BYTES
                                    && payloadBytes % DIGEST_BYTES == 0
                                    && offsetBytes >= 0
                                    && offsetBytes % VolumeGeometry.BLOCK_BYTES == 0;
                    case PING,
                            RECEIVED,
                            WRITTEN,
                            RESYNC_WRITTEN,
                            FLUSH,
                            FLUSHED,
                            DIGESTS_COMPARED ->
                            payloadBytes == 0;
                };
        return possible
                ? null
                : "a " + type + " frame of " + payloadBytes + " bytes at " + offsetBytes;
    }

    private static int checksum(ByteBuffer buffer, int start) {
        int position = buffer.position();
        int limit = buffer.limit();
        CRC32C crc = new CRC32C();
        crc.update(buffer.limit(start + CHECKSUM_AT).position(start));
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }
}
