package io.holdfast.replication.codec;

import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.Superblock;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes of metadata into pages for a {@link Sink}, which puts each on stable storage before
 * it takes the next. A crash between any two leaves metadata that {@link MetadataReader} reads.
 */
public final class MetadataWriter {
    /** Where pages go. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Puts a page on stable storage.
         *
         * @param page 4 KiB from position to limit; only valid during the call
         */
        void write(long offsetBytes, ByteBuffer page);
    }

    private final MetadataLayout layout;
    private final long metadataId;
    private final ByteBuffer page;
    private final Sink sink;
    private long superblockSequence;
    private long activityLogSequence;

    /**
     * @param page at least 4 KiB, for the writer's own use
     */
    public MetadataWriter(MetadataLayout layout, LoadedMetadata found, ByteBuffer page, Sink sink) {
        this.layout = layout;
        this.metadataId = found.superblock().metadataId();
        this.page = page;
        this.sink = sink;
        this.superblockSequence = found.superblockSequence();
        this.activityLogSequence = found.activityLogSequence();
    }

    /** Writes metadata that were never written; the area reads as zeros. */
    public static void create(MetadataLayout layout, Superblock fresh, ByteBuffer page, Sink sink) {
        MetadataWriter writer =
                new MetadataWriter(
                        layout,
                        new LoadedMetadata(
                                fresh, 0, new int[0], 0, java.util.List.of(), java.util.List.of()),
                        page,
                        sink);
        writer.activityLog(new int[0]);
        writer.activityLog(new int[0]);
        writer.superblock(fresh);
    }

    /**
     * Both copies, so that damage to one of them later never loses what was written. They take
     * turns in being first: after a crash between the two, the older one is overwritten first, and
     * so the two are never more than one writing apart.
     */
    public void superblock(Superblock superblock) {
        superblockSequence++;
        int first = (int) (superblockSequence & 1);
        for (int copy : new int[] {first, 1 - first}) {
            SuperblockCodec.encode(superblock, superblockSequence, page);
            sink.write(layout.superblockAt(copy), page);
        }
    }

    /** In turns: should the page be torn, the one before is still there, and still true enough. */
    public void activityLog(int[] extents) {
        activityLogSequence++;
        ActivityLogCodec.encode(extents, metadataId, activityLogSequence, page);
        sink.write(layout.activityLogAt((int) (activityLogSequence & 1)), page);
    }

    /**
     * A page of a peer's bitmap.
     *
     * @param words {@link BlockBitmap#PAGE_WORDS} of them, or null for none set
     */
    public void bitmapPage(int slot, int index, long @Nullable [] words) {
        BitmapPageCodec.encode(words, metadataId, slot, index, page);
        sink.write(layout.bitmapPageAt(slot, index), page);
    }
}
