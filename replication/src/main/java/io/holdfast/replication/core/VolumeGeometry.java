package io.holdfast.replication.core;

import io.holdfast.base.Invariant;

/**
 * A volume counted in blocks and extents.
 *
 * <p>A <em>block</em> (4 KiB) is what one bit of the bitmap stands for and the unit of resync. An
 * <em>extent</em> (4 MiB, smaller only in tests) is what the activity log speaks of.
 *
 * @param sizeBytes a multiple of {@link #BLOCK_BYTES}
 * @param extentBlocks a multiple of 64
 */
public record VolumeGeometry(long sizeBytes, int extentBlocks) {
    public static final int BLOCK_BYTES = 4096;
    public static final int SECTOR_BYTES = 512;
    public static final int EXTENT_BLOCKS = 1024;

    public VolumeGeometry {
        Invariant.check(
                sizeBytes > 0 && sizeBytes % BLOCK_BYTES == 0,
                "a volume of %d bytes is not whole blocks",
                sizeBytes);
        Invariant.check(
                extentBlocks > 0 && extentBlocks % Long.SIZE == 0,
                "an extent of %d blocks",
                extentBlocks);
    }

    /** With extents of the usual size; what does not fill a block at the end is not used. */
    public static VolumeGeometry ofBytes(long availableBytes) {
        return new VolumeGeometry(availableBytes / BLOCK_BYTES * BLOCK_BYTES, EXTENT_BLOCKS);
    }

    public long blocks() {
        return sizeBytes / BLOCK_BYTES;
    }

    public int extents() {
        return Math.toIntExact((blocks() + extentBlocks - 1) / extentBlocks);
    }

    public int extentOf(long block) {
        return (int) (block / extentBlocks);
    }

    public long firstBlockOf(int extent) {
        return (long) extent * extentBlocks;
    }

    /** One past the extent's last block; the last extent may be short. */
    public long endBlockOf(int extent) {
        return Math.min(blocks(), (long) (extent + 1) * extentBlocks);
    }

    /** Whether a request of whole sectors lies inside. */
    public boolean contains(long offsetBytes, long lengthBytes) {
        return offsetBytes >= 0
                && lengthBytes >= 0
                && ((offsetBytes | lengthBytes) & (SECTOR_BYTES - 1)) == 0
                && offsetBytes <= sizeBytes - lengthBytes;
    }

    /** The block that a byte lies in. */
    public static long blockOf(long offsetBytes) {
        return offsetBytes / BLOCK_BYTES;
    }

    /** One past the last block that a range touches. */
    public static long endBlock(long offsetBytes, long lengthBytes) {
        return (offsetBytes + lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }
}
