package io.holdfast.iscsi.codec;

import java.nio.ByteBuffer;

/**
 * The Basic Header Segment of RFC 7143 chapter 11, read and written in place: absolute accessors on
 * a big-endian buffer whose byte 0 is the header's byte 0, so that the data path allocates nothing.
 *
 * <pre>
 * byte  0      opcode, 0x40 immediate     1  flags
 *       4      AHS length in words        5  data segment length (3 bytes)
 *       8-15   LUN                       16  initiator task tag
 *      20      TTT, or EDTL              24  CmdSN, or StatSN
 *      28      ExpStatSN, or ExpCmdSN    32  CDB, or MaxCmdSN
 *      36      DataSN, R2TSN             40  buffer offset         44  residual, desired length
 * </pre>
 */
public final class Bhs {
    public static final int BYTES = 48;
    public static final int DIGEST_BYTES = 4;
    public static final int RESERVED_TAG = 0xffff_ffff;

    public static final int IMMEDIATE = 0x40;
    public static final int FINAL = 0x80;
    public static final int CONTINUE = 0x40;

    /** SCSI Command flags. */
    public static final int READ = 0x40;

    public static final int WRITE = 0x20;

    /** SCSI Response and Data-In flags. */
    public static final int OVERFLOW = 0x04;

    public static final int UNDERFLOW = 0x02;
    public static final int STATUS = 0x01;

    public static final int CDB_OFFSET = 32;

    private Bhs() {}

    public static int opcode(ByteBuffer bhs) {
        return bhs.get(0) & 0x3f;
    }

    public static boolean immediate(ByteBuffer bhs) {
        return (bhs.get(0) & IMMEDIATE) != 0;
    }

    public static int flags(ByteBuffer bhs) {
        return bhs.get(1) & 0xff;
    }

    public static int byteAt(ByteBuffer bhs, int index) {
        return bhs.get(index) & 0xff;
    }

    public static int ahsBytes(ByteBuffer bhs) {
        return (bhs.get(4) & 0xff) * 4;
    }

    public static int dataLength(ByteBuffer bhs) {
        return bhs.getInt(4) & 0xff_ffff;
    }

    public static long lun(ByteBuffer bhs) {
        return bhs.getLong(8);
    }

    public static int initiatorTaskTag(ByteBuffer bhs) {
        return bhs.getInt(16);
    }

    /** Target transfer tag; in a SCSI Command the expected data transfer length. */
    public static int word20(ByteBuffer bhs) {
        return bhs.getInt(20);
    }

    /** CmdSN of a request, StatSN of a response. */
    public static int word24(ByteBuffer bhs) {
        return bhs.getInt(24);
    }

    /** ExpStatSN of a request, ExpCmdSN of a response. */
    public static int word28(ByteBuffer bhs) {
        return bhs.getInt(28);
    }

    /** MaxCmdSN of a response, RefCmdSN of a task management request. */
    public static int word32(ByteBuffer bhs) {
        return bhs.getInt(32);
    }

    /** DataSN or R2TSN. */
    public static int word36(ByteBuffer bhs) {
        return bhs.getInt(36);
    }

    /** Buffer offset. */
    public static int word40(ByteBuffer bhs) {
        return bhs.getInt(40);
    }

    /** Residual count, or desired data transfer length. */
    public static int word44(ByteBuffer bhs) {
        return bhs.getInt(44);
    }

    /** Starts a header: clears it and writes what every PDU has. */
    public static void begin(ByteBuffer bhs, int opcode, int flags, int dataLength) {
        for (int i = 0; i < BYTES; i += 8) {
            bhs.putLong(i, 0);
        }
        bhs.put(0, (byte) opcode);
        bhs.put(1, (byte) flags);
        bhs.putInt(4, dataLength & 0xff_ffff);
    }

    /** Bytes that pad a segment of this length to a multiple of four. */
    public static int padding(int length) {
        return -length & 3;
    }
}
