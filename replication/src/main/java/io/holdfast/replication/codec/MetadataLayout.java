package io.holdfast.replication.codec;

import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.VolumeGeometry;

/**
 * Where metadata (format version 2) lies, in pages of 4 KiB:
 *
 * <pre>
 *  page     content
 *  0, 1     superblock, twice; both are written for each change, one after the other
 *  2, 3     activity log, written in turns
 *  4 ...    bitmaps: {@link #BITMAP_SLOTS} slots (one for each possible peer), each of as many
 *           pages as the volume's bitmap has
 * </pre>
 *
 * External metadata begin at 0 of their file; internal ones end where the backing file or device
 * ends, and the volume ends where they begin.
 *
 * @param volumeBytes the volume's size, a multiple of 4 KiB
 * @param offsetBytes where page 0 lies
 */
public record MetadataLayout(long volumeBytes, long offsetBytes) {
    public static final int PAGE_BYTES = 4096;
    public static final int FORMAT_VERSION = 2;

    /** Peers a volume may have. */
    public static final int BITMAP_SLOTS = VolumeConfig.MAX_REPLICAS - 1;

    private static final int SUPERBLOCK_PAGE = 0;
    private static final int ACTIVITY_LOG_PAGE = 2;
    private static final int FIRST_BITMAP_PAGE = 4;

    /** Metadata in a file of their own, for a backing file or device of that size. */
    public static MetadataLayout external(long backingBytes) {
        return new MetadataLayout(backingBytes / PAGE_BYTES * PAGE_BYTES, 0);
    }

    /**
     * Metadata at the end of a backing file or device; {@link #volumeBytes} is 0 or less when it is
     * too small to hold any.
     */
    public static MetadataLayout internal(long backingBytes) {
        long pages = backingBytes / PAGE_BYTES;
        long volumePages = pages - pagesFor(pages);
        return new MetadataLayout(volumePages * PAGE_BYTES, volumePages * PAGE_BYTES);
    }

    /** How long the metadata are. */
    public long sizeBytes() {
        return pagesFor(volumeBytes / VolumeGeometry.BLOCK_BYTES) * PAGE_BYTES;
    }

    private static long pagesFor(long blocks) {
        return FIRST_BITMAP_PAGE + (long) BITMAP_SLOTS * BlockBitmap.pageCount(blocks);
    }

    /**
     * Where a copy of the superblock lies.
     *
     * @param copy 0 or 1
     */
    public long superblockAt(int copy) {
        return offsetBytes + (long) (SUPERBLOCK_PAGE + copy) * PAGE_BYTES;
    }

    /**
     * Where a page of the activity log lies.
     *
     * @param copy 0 or 1
     */
    public long activityLogAt(int copy) {
        return offsetBytes + (long) (ACTIVITY_LOG_PAGE + copy) * PAGE_BYTES;
    }

    public long bitmapPageAt(int slot, int page) {
        long pagesPerSlot = BlockBitmap.pageCount(volumeBytes / VolumeGeometry.BLOCK_BYTES);
        return offsetBytes + (FIRST_BITMAP_PAGE + slot * pagesPerSlot + page) * PAGE_BYTES;
    }
}
