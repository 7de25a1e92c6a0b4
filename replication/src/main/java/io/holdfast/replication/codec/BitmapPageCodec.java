package io.holdfast.replication.codec;

import io.holdfast.replication.codec.Page.DamagedContentException;
import io.holdfast.replication.core.BlockBitmap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A page of a peer's bitmap. Content after the common head ({@link Page}): 8 metadata id, 4 slot, 4
 * page in the slot, and from byte {@value #WORDS_AT} on the words, big-endian, block 0 in the
 * lowest bit of the first. A page that was never written means that no bit is set.
 */
public final class BitmapPageCodec {
    private static final long MAGIC = 0x484f4c44424d4150L; // "HOLDBMAP"
    private static final int WORDS_AT = 64;

    private BitmapPageCodec() {}

    /**
     * Fills the first 4 KiB of {@code page}; position and limit then span them.
     *
     * @param words {@link BlockBitmap#PAGE_WORDS} of them, or null for none set
     */
    public static void encode(
            long @Nullable [] words, long metadataId, int slot, int index, ByteBuffer page) {
        Page.begin(page, MAGIC, 0);
        page.putLong(metadataId);
        page.putInt(slot);
        page.putInt(index);
        if (words != null) {
            page.position(WORDS_AT);
            for (long word : words) {
                page.putLong(word);
            }
        }
        Page.end(page);
    }

    /** A page of other metadata counts as blank: it was left by a volume that lay here before. */
    public static PageReading<long[]> decode(
            ByteBuffer page, long metadataId, int slot, int index) {
        PageReading<long[]> reading = Page.read(page, MAGIC, in -> content(in, page, slot, index));
        boolean stale =
                reading instanceof PageReading.Valid && page.getLong(Page.CONTENT_AT) != metadataId;
        return stale ? new PageReading.Blank<>() : reading;
    }

    private static long[] content(ByteBuffer in, ByteBuffer page, int slot, int index)
            throws DamagedContentException {
        in.getLong();
        int itsSlot = in.getInt();
        int itsIndex = in.getInt();
        if (itsSlot != slot || itsIndex != index) {
            throw new DamagedContentException(
                    "it is page " + itsIndex + " of slot " + itsSlot + ", misplaced");
        }
        long[] words = new long[BlockBitmap.PAGE_WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = page.getLong(WORDS_AT + i * Long.BYTES);
        }
        return words;
    }
}
