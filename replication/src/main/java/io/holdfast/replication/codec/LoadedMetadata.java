package io.holdfast.replication.codec;

import io.holdfast.base.Problem;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.Superblock;
import java.util.List;

/**
 * A replica's metadata as they were found.
 *
 * @param hotExtents the activity log; only meaningful when the superblock is not clean
 * @param bitmaps by slot, in the order of the superblock's peers
 * @param warnings what was mended in reading
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LoadedMetadata(
        Superblock superblock,
        long superblockSequence,
        int[] hotExtents,
        long activityLogSequence,
        List<BlockBitmap> bitmaps,
        List<Problem> warnings) {
    public LoadedMetadata {
        bitmaps = List.copyOf(bitmaps);
        warnings = List.copyOf(warnings);
    }
}
