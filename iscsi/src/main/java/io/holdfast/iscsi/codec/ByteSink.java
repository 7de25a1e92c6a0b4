package io.holdfast.iscsi.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Big-endian fields one after the other; for replies that are not on the data path. */
final class ByteSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    ByteSink u8(int value) {
        out.write(value);
        return this;
    }

    ByteSink u16(int value) {
        return u8(value >> 8).u8(value);
    }

    ByteSink u32(long value) {
        return u16((int) (value >> 16)).u16((int) value);
    }

    ByteSink u64(long value) {
        return u32(value >> 32).u32(value);
    }

    ByteSink zeros(int count) {
        out.writeBytes(new byte[count]);
        return this;
    }

    ByteSink put(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    ByteSink ascii(String text) {
        return put(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Left-aligned ASCII, filled with spaces or cut. */
    ByteSink padded(String text, int length) {
        String filled = text + " ".repeat(length);
        return ascii(filled.substring(0, length));
    }
}
