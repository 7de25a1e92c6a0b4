package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Crc32cDigest;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.core.login.SessionParameters;
import io.holdfast.iscsi.core.session.CommandWindow;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The PDUs a session sends, RFC 7143 chapter 11, with their sequence numbers. Everything is called
 * with the connection's lock held.
 */
final class ResponseWriter {
    private final Outbox outbox;
    private final SessionParameters parameters;
    private final CommandWindow window;
    private final Crc32cDigest dataCrc = new Crc32cDigest();
    private int statSn;

    ResponseWriter(
            Outbox outbox, SessionParameters parameters, CommandWindow window, int firstStatSn) {
        this.outbox = outbox;
        this.parameters = parameters;
        this.window = window;
        this.statSn = firstStatSn;
    }

    /** R2T for one burst; it tells the next StatSN without using it up, RFC 7143 11.8. */
    void readyToTransfer(ScsiTask task, long lunField, int burst, int start, int end) {
        Outbox.Pdu pdu = outbox.take();
        Bhs.begin(pdu.header, Opcode.READY_TO_TRANSFER, Bhs.FINAL, 0);
        pdu.header.putLong(8, lunField);
        pdu.header.putInt(16, task.initiatorTaskTag);
        pdu.header.putInt(20, task.slot << 16 | burst);
        pdu.header.putInt(24, statSn);
        putWindow(pdu.header);
        pdu.header.putInt(36, burst);
        pdu.header.putInt(40, start);
        pdu.header.putInt(44, end - start);
        outbox.add(pdu, null, null);
    }

    /** What was read, the status with the last segment (phase collapse). */
    void dataIn(ScsiTask task, int sent, int available) {
        BufferPool.Buffer buffer = task.buffer;
        if (buffer == null) {
            throw new IllegalStateException("data-in without a buffer");
        }
        int dataSn = 0;
        int burst = parameters.maxBurstLength();
        for (int offset = 0; offset < sent; ) {
            int burstEnd = Math.min(sent, (offset / burst + 1) * burst);
            int length = Math.min(burstEnd - offset, parameters.maxTransmit());
            boolean last = offset + length == sent;
            int flags = offset + length == burstEnd ? Bhs.FINAL : 0;
            Outbox.Pdu pdu = outbox.take();
            if (last) {
                flags |= Bhs.STATUS | residualFlags(available, task.expectedBytes);
            }
            Bhs.begin(pdu.header, Opcode.DATA_IN, flags, length);
            pdu.header.putInt(16, task.initiatorTaskTag);
            pdu.header.putInt(20, Bhs.RESERVED_TAG);
            if (last) {
                pdu.header.putInt(24, statSn++);
                pdu.header.putInt(44, residual(available, task.expectedBytes));
            }
            putWindow(pdu.header);
            pdu.header.putInt(36, dataSn++);
            pdu.header.putInt(40, offset);
            boolean whole = length == sent;
            ByteBuffer data =
                    whole
                            ? buffer.bytes.position(0).limit(length)
                            : buffer.bytes.slice(offset, length);
            finishData(pdu, data);
            outbox.add(pdu, data, last ? task : null);
            offset += length;
        }
    }

    private void finishData(Outbox.Pdu pdu, ByteBuffer data) {
        int padding = Bhs.padding(data.remaining());
        pdu.trailer.clear().putInt(0, 0).limit(padding);
        if (parameters.dataDigest()) {
            dataCrc.reset();
            dataCrc.update(data);
            dataCrc.pad(padding);
            pdu.trailer.limit(padding + Bhs.DIGEST_BYTES).putInt(padding, dataCrc.wireValue());
        }
    }

    /** Overflow when the initiator expected less than there is, underflow when more. */
    private static int residualFlags(int available, int expected) {
        return available > expected ? Bhs.OVERFLOW : available < expected ? Bhs.UNDERFLOW : 0;
    }

    private static int residual(int available, int expected) {
        return Math.abs(available - expected);
    }

    /** A SCSI response; {@code available} is what the command would have moved. */
    void scsiResponse(ScsiTask task, int status, int available, byte @Nullable [] senseBytes) {
        int expected = task.reads || task.writes ? task.expectedBytes : 0;
        int dataLength = senseBytes == null ? 0 : senseBytes.length + 2;
        int flags = Bhs.FINAL | residualFlags(available, expected);
        Outbox.Pdu pdu = begin(Opcode.SCSI_RESPONSE, flags, dataLength, task.initiatorTaskTag);
        pdu.header.put(3, (byte) status);
        pdu.header.putInt(36, task.burstsAsked);
        pdu.header.putInt(44, residual(available, expected));
        ByteBuffer data = null;
        if (senseBytes != null) {
            data = ByteBuffer.allocate(dataLength).putShort((short) senseBytes.length);
            data.put(senseBytes).flip();
        }
        add(pdu, data);
    }

    /** The answer to a NOP-Out, with its data. */
    void nopIn(int tag, long lunField, @Nullable ByteBuffer data) {
        int length = data == null ? 0 : Math.min(data.remaining(), parameters.maxTransmit());
        Outbox.Pdu pdu = begin(Opcode.NOP_IN, Bhs.FINAL, length, tag);
        pdu.header.putLong(8, lunField);
        pdu.header.putInt(20, Bhs.RESERVED_TAG);
        add(pdu, data == null || length == 0 ? null : data.slice(0, length));
    }

    /** "Are you there"; it tells the next StatSN without using it up, RFC 7143 11.19. */
    void ping() {
        Outbox.Pdu pdu = outbox.take();
        Bhs.begin(pdu.header, Opcode.NOP_IN, Bhs.FINAL, 0);
        pdu.header.putInt(16, Bhs.RESERVED_TAG);
        pdu.header.putInt(20, 1);
        pdu.header.putInt(24, statSn);
        putWindow(pdu.header);
        outbox.add(pdu, null, null);
    }

    void taskManagementResponse(int tag, int response) {
        Outbox.Pdu pdu = begin(Opcode.TASK_MANAGEMENT_RESPONSE, Bhs.FINAL, 0, tag);
        pdu.header.put(2, (byte) response);
        add(pdu, null);
    }

    /** One part of a text answer. */
    void textResponse(int tag, byte[] part, boolean last) {
        Outbox.Pdu pdu =
                begin(Opcode.TEXT_RESPONSE, last ? Bhs.FINAL : Bhs.CONTINUE, part.length, tag);
        pdu.header.putInt(20, last ? Bhs.RESERVED_TAG : 1);
        add(pdu, part.length == 0 ? null : ByteBuffer.wrap(part));
    }

    void logoutResponse(int tag, int response) {
        Outbox.Pdu pdu = begin(Opcode.LOGOUT_RESPONSE, Bhs.FINAL, 0, tag);
        pdu.header.put(2, (byte) response);
        add(pdu, null);
    }

    /** Gives the refused header back. */
    void reject(ByteBuffer bhs, int reason) {
        ByteBuffer copy = ByteBuffer.allocate(Bhs.BYTES);
        copy.put(0, bhs, 0, Bhs.BYTES);
        Outbox.Pdu pdu = begin(Opcode.REJECT, Bhs.FINAL, Bhs.BYTES, Bhs.RESERVED_TAG);
        pdu.header.put(2, (byte) reason);
        add(pdu, copy);
    }

    /** Event 3 of RFC 7143 11.9.1: the target drops all connections, with no time to wait. */
    void droppingAllConnections() {
        Outbox.Pdu pdu = begin(Opcode.ASYNC_MESSAGE, Bhs.FINAL, 0, Bhs.RESERVED_TAG);
        pdu.header.put(36, (byte) 3);
        add(pdu, null);
    }

    /** Event 1 of RFC 7143 11.9.1: the initiator is to log out within these seconds. */
    void logoutRequest(int seconds) {
        Outbox.Pdu pdu = begin(Opcode.ASYNC_MESSAGE, Bhs.FINAL, 0, Bhs.RESERVED_TAG);
        pdu.header.put(36, (byte) 1);
        // Parameter3; a logout is awaited at once, so Parameter1 and 2 say nothing.
        pdu.header.putShort(42, (short) seconds);
        add(pdu, null);
    }

    /** A response that uses up a StatSN. */
    private Outbox.Pdu begin(int opcode, int flags, int dataLength, int tag) {
        Outbox.Pdu pdu = outbox.take();
        Bhs.begin(pdu.header, opcode, flags, dataLength);
        pdu.header.putInt(16, tag);
        pdu.header.putInt(24, statSn++);
        putWindow(pdu.header);
        return pdu;
    }

    private void add(Outbox.Pdu pdu, @Nullable ByteBuffer data) {
        if (data != null) {
            finishData(pdu, data);
        }
        outbox.add(pdu, data, null);
        if (outbox.overfull()) {
            throw new MalformedPduException("the initiator asks without reading the answers");
        }
    }

    private void putWindow(ByteBuffer header) {
        header.putInt(28, window.expectedCmdSn());
        header.putInt(32, window.maxCmdSn());
    }
}
