package io.holdfast.device.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Requests as the kernel makes them. */
final class FuseMessages {
    private FuseMessages() {}

    /** A header and an empty body. */
    static ByteBuffer message(int operation, long unique, int bodyBytes) {
        ByteBuffer message = ByteBuffer.allocate(40 + bodyBytes).order(ByteOrder.nativeOrder());
        return message.putInt(0, message.capacity())
                .putInt(4, operation)
                .putLong(8, unique)
                .putLong(16, 1);
    }

    static ByteBuffer write(long unique, long offset, byte[] data) {
        ByteBuffer message = message(16, unique, 40 + data.length);
        return message.putLong(48, offset).putInt(56, data.length).put(80, data);
    }

    static ByteBuffer fallocate(long unique, long offset, long length, int mode) {
        ByteBuffer message = message(43, unique, 32);
        return message.putLong(48, offset).putLong(56, length).putInt(64, mode);
    }

    static ByteBuffer fsync(long unique) {
        return message(20, unique, 16);
    }

    static ByteBuffer init(int major, int minor, int flags, int moreFlags) {
        ByteBuffer message = message(26, 1, 64);
        return message.putInt(40, major).putInt(44, minor).putInt(52, flags).putInt(56, moreFlags);
    }

    /** Bytes as a little-endian machine has them. */
    static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replaceAll("\\s", "")))
                .order(ByteOrder.nativeOrder());
    }
}
