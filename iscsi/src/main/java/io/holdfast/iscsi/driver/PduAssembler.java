package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Crc32cDigest;
import io.holdfast.iscsi.codec.MalformedPduException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one connection to PDUs. Headers gather here; a data segment goes straight to where its
 * PDU wants it. Owned by the event loop's thread.
 *
 * <pre>
 * HEADER -> AHS -> HEADER_DIGEST -> (destination asked) -> DATA -> PADDING -> DATA_DIGEST -> (PDU told)
 *           each step is passed over when it has no bytes
 * </pre>
 */
final class PduAssembler {
    /** Extended CDBs are not supported, so an AHS is small and only skipped. */
    private static final int MAX_AHS_BYTES = 64;

    /** Segments from this size on are read from the socket without the staging buffer. */
    private static final int DIRECT_READ_BYTES = 16 * 1024;

    /** What a phase of the connection does with PDUs. */
    interface Sink {
        /**
         * Where the data segment of this header goes: a buffer with exactly that many bytes from
         * position to limit, or null to drop it.
         */
        @Nullable ByteBuffer destination(ByteBuffer bhs, int dataLength);

        /** The PDU is complete. */
        void pdu(ByteBuffer bhs, boolean dataDigestGood);
    }

    private enum Step {
        HEADER,
        AHS,
        HEADER_DIGEST,
        DATA,
        PADDING,
        DATA_DIGEST
    }

    private final ByteBuffer header =
            ByteBuffer.allocateDirect(Bhs.BYTES + MAX_AHS_BYTES + Bhs.DIGEST_BYTES);
    private final ByteBuffer small = ByteBuffer.allocateDirect(Bhs.DIGEST_BYTES);
    private final Crc32cDigest crc = new Crc32cDigest();
    private Sink sink;
    private Step step = Step.HEADER;
    private int maxDataBytes;
    private boolean headerDigest;
    private boolean dataDigest;
    private @Nullable ByteBuffer data;
    private int dataRemaining;
    private boolean more;

    PduAssembler(Sink sink, int maxDataBytes) {
        this.sink = sink;
        this.maxDataBytes = maxDataBytes;
        header.limit(Bhs.BYTES);
    }

    /** The rules of the next phase, from the next PDU on. */
    void become(Sink newSink, int newMaxDataBytes, boolean newHeaderDigest, boolean newDataDigest) {
        this.sink = newSink;
        this.maxDataBytes = newMaxDataBytes;
        this.headerDigest = newHeaderDigest;
        this.dataDigest = newDataDigest;
    }

    /** Where the socket may be read into directly, or null when the staging buffer is better. */
    @Nullable ByteBuffer directDestination() {
        return step == Step.DATA && data != null && dataRemaining >= DIRECT_READ_BYTES
                ? data
                : null;
    }

    /** Bytes went straight into {@link #directDestination}. */
    void directRead(int count) {
        dataRemaining -= count;
        if (dataDigest) {
            digestLast(count);
        }
        if (dataRemaining == 0) {
            endOfData();
        }
    }

    /** Takes everything from the buffer. */
    void feed(ByteBuffer in) {
        more = true;
        while (in.hasRemaining() || more) {
            more = false;
            switch (step) {
                case HEADER -> {
                    if (fill(header, in)) {
                        headerCame();
                    }
                }
                case AHS -> {
                    if (fill(header, in)) {
                        begin(Step.HEADER_DIGEST);
                    }
                }
                case HEADER_DIGEST -> {
                    if (!headerDigest) {
                        headerComplete();
                    } else if (fill(small, in)) {
                        checkHeaderDigest();
                        headerComplete();
                    }
                }
                case DATA -> takeData(in);
                case PADDING -> {
                    if (fill(small, in)) {
                        if (dataDigest) {
                            small.flip();
                            crc.update(small);
                        }
                        begin(Step.DATA_DIGEST);
                    }
                }
                case DATA_DIGEST -> {
                    if (!dataDigest) {
                        complete(true);
                    } else if (fill(small, in)) {
                        complete(small.getInt(0) == crc.wireValue());
                    }
                }
            }
        }
    }

    private void headerCame() {
        int ahs = Bhs.ahsBytes(header);
        if (ahs > MAX_AHS_BYTES) {
            throw new MalformedPduException("additional headers of " + ahs + " bytes");
        }
        int length = Bhs.dataLength(header);
        if (length > maxDataBytes) {
            throw new MalformedPduException(
                    "a data segment of "
                            + length
                            + " bytes, more than the "
                            + maxDataBytes
                            + " that were declared");
        }
        header.limit(Bhs.BYTES + ahs);
        begin(ahs == 0 ? Step.HEADER_DIGEST : Step.AHS);
    }

    private void checkHeaderDigest() {
        header.flip();
        crc.reset();
        crc.update(header);
        if (small.getInt(0) != crc.wireValue()) {
            // RFC 7143 7.7: nothing in the header can be believed, not even its length.
            throw new MalformedPduException("wrong header digest");
        }
    }

    private void headerComplete() {
        dataRemaining = Bhs.dataLength(header);
        if (dataRemaining == 0) {
            complete(true);
            return;
        }
        data = sink.destination(header, dataRemaining);
        crc.reset();
        begin(Step.DATA);
    }

    private void takeData(ByteBuffer in) {
        int count = Math.min(in.remaining(), dataRemaining);
        if (dataDigest) {
            int limit = in.limit();
            in.limit(in.position() + count);
            crc.update(in);
            in.limit(limit);
        }
        ByteBuffer into = data;
        if (into != null) {
            into.put(into.position(), in, in.position(), count);
            into.position(into.position() + count);
        }
        in.position(in.position() + count);
        dataRemaining -= count;
        if (dataRemaining == 0) {
            endOfData();
        }
    }

    private void digestLast(int count) {
        ByteBuffer into = data;
        if (into != null) {
            int end = into.position();
            int limit = into.limit();
            into.position(end - count).limit(end);
            crc.update(into);
            into.limit(limit).position(end);
        }
    }

    private void endOfData() {
        int padding = Bhs.padding(Bhs.dataLength(header));
        begin(padding == 0 ? Step.DATA_DIGEST : Step.PADDING);
        small.limit(padding == 0 ? Bhs.DIGEST_BYTES : padding);
        if (padding == 0 && !dataDigest) {
            complete(true);
        }
    }

    private void complete(boolean dataDigestGood) {
        data = null;
        begin(Step.HEADER);
        sink.pdu(header, dataDigestGood);
        header.clear().limit(Bhs.BYTES);
    }

    /** A step without bytes must be taken although the input is used up. */
    private void begin(Step next) {
        step = next;
        small.clear();
        more =
                (next == Step.HEADER_DIGEST && !headerDigest)
                        || (next == Step.DATA_DIGEST && !dataDigest);
    }

    private static boolean fill(ByteBuffer into, ByteBuffer from) {
        int count = Math.min(into.remaining(), from.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
        return !into.hasRemaining();
    }
}
