package io.holdfast.replication.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One slot of {@link SlottedNotes}, little endian:
 *
 * <pre>
 *  0   8   magic "HFNOTES\0"
 *  8   4   format version, 1
 * 12   4   length of the record in bytes
 * 16   8   number of the record, from 1
 * 24   4   CRC32C of the record
 * 28   4   CRC32C of bytes 0 to 27
 * 64   …   the record
 * </pre>
 *
 * @param sequence counts stores, from 1; the higher one is the newer
 * @param notes the record, empty unless it is whole
 */
record NotesSlot(Content content, long sequence, ByteBuffer notes) {
    enum Content {
        NONE,
        DAMAGED,
        WHOLE
    }

    static final int SLOT_BYTES = 128 << 10;
    static final int HEAD_BYTES = 64;

    private static final long MAGIC = 0x0053_4554_4f4e_4648L;
    private static final int VERSION = 1;
    private static final int CHECKED_BYTES = 28;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final NotesSlot EMPTY = new NotesSlot(Content.NONE, 0, NOTHING);
    private static final NotesSlot BROKEN = new NotesSlot(Content.DAMAGED, 0, NOTHING);

    static NotesSlot newer(NotesSlot one, NotesSlot other) {
        return one.sequence() > other.sequence() ? one : other;
    }

    static void encode(long sequence, byte[] notes, ByteBuffer slot) {
        slot.clear().order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(0, MAGIC)
                .putInt(8, VERSION)
                .putInt(12, notes.length)
                .putLong(16, sequence)
                .putInt(24, checksum(ByteBuffer.wrap(notes)))
                .putInt(CHECKED_BYTES, checksum(slot.slice(0, CHECKED_BYTES)))
                .put(HEAD_BYTES, notes);
    }

    /** How many bytes of the slot are in use, to be read before {@link #decode}; 0 when none. */
    static int lengthBytes(ByteBuffer page) {
        page.order(ByteOrder.LITTLE_ENDIAN);
        boolean readable = page.getLong(0) == MAGIC && headIsWhole(page);
        return readable ? HEAD_BYTES + page.getInt(12) : 0;
    }

    static NotesSlot decode(ByteBuffer slot) {
        slot.order(ByteOrder.LITTLE_ENDIAN);
        if (slot.getLong(0) != MAGIC) {
            return EMPTY;
        }
        if (!headIsWhole(slot) || slot.getInt(12) > slot.capacity() - HEAD_BYTES) {
            return BROKEN;
        }
        ByteBuffer notes = slot.slice(HEAD_BYTES, slot.getInt(12)).asReadOnlyBuffer();
        return checksum(notes.duplicate()) == slot.getInt(24)
                ? new NotesSlot(Content.WHOLE, slot.getLong(16), notes)
                : BROKEN;
    }

    private static boolean headIsWhole(ByteBuffer slot) {
        int length = slot.getInt(12);
        return checksum(slot.slice(0, CHECKED_BYTES)) == slot.getInt(CHECKED_BYTES)
                && slot.getInt(8) == VERSION
                && length >= 0
                && length <= VolumeNotes.MAX_BYTES;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
