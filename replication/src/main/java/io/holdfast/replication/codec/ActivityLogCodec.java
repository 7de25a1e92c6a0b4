package io.holdfast.replication.codec;

import io.holdfast.replication.codec.Page.DamagedContentException;
import io.holdfast.replication.core.ActivityLog;
import java.nio.ByteBuffer;

/**
 * A page of the activity log. Content after the common head ({@link Page}): 8 metadata id, 4 n,
 * then n numbers of hot extents, 4 bytes each.
 */
public final class ActivityLogCodec {
    private static final long MAGIC = 0x484f4c44414c4f47L; // "HOLDALOG"

    private ActivityLogCodec() {}

    /** Fills the first 4 KiB of {@code page}; position and limit then span them. */
    public static void encode(int[] extents, long metadataId, long sequence, ByteBuffer page) {
        Page.begin(page, MAGIC, sequence);
        page.putLong(metadataId);
        page.putInt(extents.length);
        for (int extent : extents) {
            page.putInt(extent);
        }
        Page.end(page);
    }

    /** A page of other metadata counts as blank: it was left by a volume that lay here before. */
    public static PageReading<int[]> decode(ByteBuffer page, long metadataId, int extentCount) {
        PageReading<int[]> reading = Page.read(page, MAGIC, in -> content(in, extentCount));
        boolean stale =
                reading instanceof PageReading.Valid && page.getLong(Page.CONTENT_AT) != metadataId;
        return stale ? new PageReading.Blank<>() : reading;
    }

    private static int[] content(ByteBuffer in, int extentCount) throws DamagedContentException {
        in.getLong();
        int count = in.getInt();
        if (count < 0 || count > ActivityLog.MAX_SLOTS) {
            throw new DamagedContentException(count + " extents");
        }
        int[] extents = new int[count];
        for (int i = 0; i < count; i++) {
            extents[i] = in.getInt();
            if (extents[i] < 0 || extents[i] >= extentCount) {
                throw new DamagedContentException("extent " + extents[i] + " of " + extentCount);
            }
        }
        return extents;
    }
}
