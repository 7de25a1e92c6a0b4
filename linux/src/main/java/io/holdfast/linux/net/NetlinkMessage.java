package io.holdfast.linux.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Builds one netlink message (RFC 3549 section 2.3.2): a header, a fixed part that its type
 * defines, and attributes, each aligned to four bytes and possibly holding others. Numbers are in
 * the machine's own byte order.
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    static final int FLAG_REQUEST = 0x1;
    static final int FLAG_ACK = 0x4;
    static final int FLAG_DUMP = 0x300;
    static final int FLAG_REPLACE = 0x100;
    static final int FLAG_EXCLUSIVE = 0x200;
    static final int FLAG_CREATE = 0x400;

    /** Far more than any request of ours has: a few names and addresses. */
    private static final int MAX_BYTES = 1024;

    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags, int sequence) {
        buffer.putInt(0) // the length, filled in by bytes()
                .putShort((short) type)
                .putShort((short) (FLAG_REQUEST | flags))
                .putInt(sequence)
                .putInt(0); // the kernel knows whose socket it is
    }

    /** The part between header and attributes; its length must be a multiple of four. */
    NetlinkMessage fixedPart(Consumer<ByteBuffer> writer) {
        writer.accept(buffer);
        pad();
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_BYTES + value.length))
                .putShort((short) type)
                .put(value);
        pad();
        return this;
    }

    NetlinkMessage attribute(int type, int value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_BYTES + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
        return this;
    }

    /** A string with its closing zero. */
    NetlinkMessage attribute(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] terminated = new byte[text.length + 1];
        System.arraycopy(text, 0, terminated, 0, text.length);
        return attribute(type, terminated);
    }

    /** An attribute that holds others. */
    NetlinkMessage nested(int type, Consumer<NetlinkMessage> content) {
        int start = buffer.position();
        buffer.putShort((short) 0).putShort((short) type);
        content.accept(this);
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    byte[] bytes() {
        buffer.putInt(0, buffer.position());
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    private void pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
    }
}
