package io.holdfast.replication.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What all pages of metadata have in common, big-endian:
 *
 * <pre>
 *  0     8  magic
 *  8     4  format version
 *  12    4  0
 *  16    8  sequence
 *  24       content
 *  4092  4  CRC32C of all bytes before
 * </pre>
 */
final class Page {
    static final int CONTENT_AT = 24;
    static final int CHECKSUM_AT = MetadataLayout.PAGE_BYTES - 4;

    private Page() {}

    /** Clears the page and writes its head; position is then at the content. */
    static void begin(ByteBuffer page, long magic, long sequence) {
        page.clear();
        for (int i = 0; i < MetadataLayout.PAGE_BYTES; i += 8) {
            page.putLong(i, 0);
        }
        page.putLong(magic);
        page.putInt(MetadataLayout.FORMAT_VERSION);
        page.putInt(0);
        page.putLong(sequence);
    }

    /** Writes the checksum; position and limit then span the page. */
    static void end(ByteBuffer page) {
        page.putInt(CHECKSUM_AT, checksum(page));
        page.clear().limit(MetadataLayout.PAGE_BYTES);
    }

    /** Reads the content of a page whose head and checksum are right. */
    interface ContentReader<T> {
        T read(ByteBuffer content) throws DamagedContentException;
    }

    /** Content that contradicts itself under a right checksum: a bug, or made by hand. */
    static final class DamagedContentException extends Exception {
        DamagedContentException(String why) {
            super(why);
        }
    }

    static <T> PageReading<T> read(ByteBuffer page, long magic, ContentReader<T> reader) {
        if (page.getLong(0) != magic) {
            return isBlank(page) ? new PageReading.Blank<>() : new PageReading.Foreign<>();
        }
        if (page.getInt(CHECKSUM_AT) != checksum(page)) {
            return new PageReading.Damaged<>("its checksum is wrong");
        }
        int version = page.getInt(8);
        if (version != MetadataLayout.FORMAT_VERSION) {
            return new PageReading.OtherVersion<>(version);
        }
        ByteBuffer content = page.duplicate().clear().limit(CHECKSUM_AT).position(CONTENT_AT);
        try {
            return new PageReading.Valid<>(page.getLong(16), reader.read(content));
        } catch (DamagedContentException e) {
            return new PageReading.Damaged<>(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isBlank(ByteBuffer page) {
        for (int i = 0; i < MetadataLayout.PAGE_BYTES; i += 8) {
            if (page.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.duplicate().clear().limit(CHECKSUM_AT));
        return (int) crc.getValue();
    }
}
