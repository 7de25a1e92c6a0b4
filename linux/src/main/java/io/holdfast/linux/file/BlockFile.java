package io.holdfast.linux.file;

import java.nio.ByteBuffer;

/**
 * A file or block device read and written at offsets.
 *
 * <p>Every call blocks and returns {@link #DONE}, {@link #PAST_END}, or the errno with which the
 * kernel refused; nothing is thrown and nothing allocated for a fault of the disk, for these calls
 * are made for every request. A buffer is used from its position to its limit; both are left as
 * they are. After a failed write the content of its range is not known.
 *
 * <p>Safe for use by several threads at once; writes that overlap in time and range end in either
 * order.
 */
public interface BlockFile extends AutoCloseable {
    /** All bytes were transferred. */
    int DONE = 0;

    /** A read ran into the end of the file; negative, so that it is no errno. */
    int PAST_END = -1;

    /** The path, for messages. */
    String name();

    long sizeBytes();

    /**
     * What offsets, lengths and buffer addresses must be multiples of: a power of two, at least
     * 512; 1 where the page cache is used.
     */
    int alignmentBytes();

    int read(long offsetBytes, ByteBuffer into);

    int write(long offsetBytes, ByteBuffer from);

    /** fdatasync(2): on success everything written before the call is on stable storage. */
    int sync();

    /** Gives the range's space back; it reads as zeros. */
    int punchHole(long offsetBytes, long lengthBytes);

    /** Reserves space for the range, so that writes to it cannot meet a full disk. */
    int allocate(long offsetBytes, long lengthBytes);

    @Override
    void close();
}
