package io.holdfast.device.codec;

import java.nio.ByteBuffer;

/**
 * Writes answers: {@code struct fuse_out_header}, then a body of fixed length or the data of a
 * READ. Each function writes from {@code at} on, in the machine's byte order, and returns the
 * length.
 */
public final class FuseReplyCodec {
    public static final int HEADER_BYTES = 16;

    /** The longest answer but for that to a READ. */
    public static final int LONGEST_BYTES = HEADER_BYTES + 104;

    private static final int NOTIFY_RESEND = 7;
    private static final int REGULAR_FILE = 0100000;
    private static final int OWNER_READS_AND_WRITES = 0600;
    private static final long ROOT_INODE = 1;
    private static final int OPEN_DIRECT_IO = 1;
    private static final int OPEN_NO_FLUSH = 1 << 5;
    private static final int OPEN_PARALLEL_DIRECT_WRITES = 1 << 6;
    private static final int SECTOR_BYTES = 512;
    private static final int BLOCK_BYTES = 4096;

    /** Attributes change by our word alone, so the kernel need not ask again. */
    private static final long ATTRIBUTES_VALID_SECONDS = 1L << 31;

    private FuseReplyCodec() {}

    /** Success without a body, or an error (a positive errno). */
    public static int empty(ByteBuffer into, int at, long unique, int errno) {
        return header(into, at, HEADER_BYTES, -errno, unique);
    }

    /** The header that goes before the data of a READ. */
    public static int data(ByteBuffer into, int at, long unique, int dataBytes) {
        return header(into, at, HEADER_BYTES + dataBytes, 0, unique);
    }

    /** The answer to WRITE: how much was written. */
    public static int written(ByteBuffer into, int at, long unique, int bytes) {
        int body = at + HEADER_BYTES;
        into.putInt(body, bytes);
        into.putInt(body + 4, 0);
        return header(into, at, HEADER_BYTES + 8, 0, unique);
    }

    /**
     * The answer to OPEN: past the page cache, writes at the same time, and no message when a
     * descriptor is closed: whoever closes the last one of a mount without a server would wait for
     * its answer for good, and the connection with it.
     */
    public static int opened(ByteBuffer into, int at, long unique) {
        int body = at + HEADER_BYTES;
        into.putLong(body, 0);
        into.putInt(body + 8, OPEN_DIRECT_IO | OPEN_NO_FLUSH | OPEN_PARALLEL_DIRECT_WRITES);
        into.putInt(body + 12, 0);
        return header(into, at, HEADER_BYTES + 16, 0, unique);
    }

    /** The answer to GETATTR: a regular file of root's. */
    public static int attributes(ByteBuffer into, int at, long unique, long sizeBytes) {
        int body = at + HEADER_BYTES;
        zero(into, body, 104);
        into.putLong(body, ATTRIBUTES_VALID_SECONDS);
        int attributes = body + 16;
        into.putLong(attributes, ROOT_INODE);
        into.putLong(attributes + 8, sizeBytes);
        into.putLong(attributes + 16, sizeBytes / SECTOR_BYTES);
        into.putInt(attributes + 60, REGULAR_FILE | OWNER_READS_AND_WRITES);
        into.putInt(attributes + 64, 1);
        into.putInt(attributes + 80, BLOCK_BYTES);
        return header(into, at, HEADER_BYTES + 104, 0, unique);
    }

    /** The answer to STATFS: as large as the file, and full. */
    public static int fileSystem(ByteBuffer into, int at, long unique, long sizeBytes) {
        int body = at + HEADER_BYTES;
        zero(into, body, 80);
        into.putLong(body, sizeBytes / BLOCK_BYTES);
        into.putLong(body + 24, 1);
        into.putInt(body + 40, BLOCK_BYTES);
        into.putInt(body + 44, 255);
        into.putInt(body + 48, BLOCK_BYTES);
        return header(into, at, HEADER_BYTES + 80, 0, unique);
    }

    /**
     * The answer to INIT.
     *
     * @param minor the lower of both sides' minor versions
     * @param capabilities {@link FuseInit#agreed}
     * @param longestBytes of a read or write
     * @param inFlight how many requests the kernel may have sent that nobody waits for alone
     */
    public static int init(
            ByteBuffer into,
            int at,
            long unique,
            int minor,
            long capabilities,
            int longestBytes,
            int inFlight) {
        int body = at + HEADER_BYTES;
        zero(into, body, 64);
        into.putInt(body, FuseInit.MAJOR);
        into.putInt(body + 4, minor);
        into.putInt(body + 12, (int) capabilities);
        into.putShort(body + 16, (short) inFlight);
        // Congestion is for the page cache, which is not used: never.
        into.putShort(body + 18, (short) inFlight);
        into.putInt(body + 20, longestBytes);
        into.putInt(body + 24, 1);
        into.putShort(body + 28, (short) (longestBytes / BLOCK_BYTES));
        into.putInt(body + 32, (int) (capabilities >>> 32));
        return header(into, at, HEADER_BYTES + 64, 0, unique);
    }

    /** Not an answer: asks for all requests again that were read and not answered. */
    public static int resend(ByteBuffer into, int at) {
        return header(into, at, HEADER_BYTES, NOTIFY_RESEND, 0);
    }

    private static int header(ByteBuffer into, int at, int length, int error, long unique) {
        into.putInt(at, length);
        into.putInt(at + 4, error);
        into.putLong(at + 8, unique);
        return length;
    }

    private static void zero(ByteBuffer into, int at, int length) {
        for (int i = 0; i < length; i += 8) {
            into.putLong(at + i, 0);
        }
    }
}
