package io.holdfast.linux.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One message of the kernel's answer. Every length is checked against the bytes that are there,
 * kernel or not.
 *
 * @param payload what follows the header
 */
record NetlinkReply(int type, int flags, int sequence, ByteBuffer payload) {
    static final int TYPE_ERROR = 2;
    static final int TYPE_DONE = 3;

    /** {@code NLMSG_ERROR} carries the request's header only ({@code NETLINK_CAP_ACK}). */
    private static final int FLAG_CAPPED = 0x100;

    /** {@code NLMSG_ERROR} carries attributes, among them a sentence ({@code NETLINK_EXT_ACK}). */
    private static final int FLAG_EXTENDED_ACK = 0x200;

    private static final int EXTENDED_ACK_TEXT = 1;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;

    /** Splits what one receive call returned. */
    static List<NetlinkReply> parse(ByteBuffer received) {
        ByteBuffer rest = received.slice().order(ByteOrder.nativeOrder());
        List<NetlinkReply> replies = new ArrayList<>();
        while (rest.remaining() >= NetlinkMessage.HEADER_BYTES) {
            int start = rest.position();
            int length = rest.getInt(start);
            if (length < NetlinkMessage.HEADER_BYTES || length > rest.remaining()) {
                throw new MalformedNetlinkException(
                        "a message of " + length + " bytes where " + rest.remaining() + " are");
            }
            replies.add(
                    new NetlinkReply(
                            rest.getShort(start + 4) & 0xffff,
                            rest.getShort(start + 6) & 0xffff,
                            rest.getInt(start + 8),
                            slice(
                                    rest,
                                    start + NetlinkMessage.HEADER_BYTES,
                                    length - NetlinkMessage.HEADER_BYTES)));
            rest.position(start + Math.min(align(length), rest.remaining()));
        }
        if (rest.hasRemaining()) {
            throw new MalformedNetlinkException(
                    rest.remaining() + " bytes behind the last message");
        }
        return replies;
    }

    /** For {@link #TYPE_ERROR}: the errno, 0 when all is well. */
    int errorNumber() {
        requireBytes(Integer.BYTES);
        return -payload.getInt(0);
    }

    /** For {@link #TYPE_ERROR}: the kernel's own sentence about what is wrong. */
    Optional<String> errorText() {
        if ((flags & FLAG_EXTENDED_ACK) == 0) {
            return Optional.empty();
        }
        requireBytes(Integer.BYTES + NetlinkMessage.HEADER_BYTES);
        int requestBytes =
                (flags & FLAG_CAPPED) != 0
                        ? NetlinkMessage.HEADER_BYTES
                        : payload.getInt(Integer.BYTES);
        if (requestBytes < NetlinkMessage.HEADER_BYTES
                || requestBytes > payload.limit() - Integer.BYTES) {
            throw new MalformedNetlinkException("an error about " + requestBytes + " bytes");
        }
        return Optional.ofNullable(
                        attributes(payload, Integer.BYTES + align(requestBytes))
                                .get(EXTENDED_ACK_TEXT))
                .map(NetlinkReply::string);
    }

    /** The attributes behind a fixed part of this length, by type. */
    Map<Integer, ByteBuffer> attributes(int fixedBytes) {
        requireBytes(fixedBytes);
        return attributes(payload, fixedBytes);
    }

    /** Attributes in the buffer from {@code start} on; the last of a type counts. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer buffer, int start) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        int position = start;
        while (position + NetlinkMessage.ATTRIBUTE_HEADER_BYTES <= buffer.limit()) {
            int length = buffer.getShort(position) & 0xffff;
            if (length < NetlinkMessage.ATTRIBUTE_HEADER_BYTES
                    || length > buffer.limit() - position) {
                throw new MalformedNetlinkException(
                        "an attribute of "
                                + length
                                + " bytes where "
                                + (buffer.limit() - position)
                                + " are");
            }
            attributes.put(
                    buffer.getShort(position + 2) & ATTRIBUTE_TYPE_MASK,
                    slice(
                            buffer,
                            position + NetlinkMessage.ATTRIBUTE_HEADER_BYTES,
                            length - NetlinkMessage.ATTRIBUTE_HEADER_BYTES));
            position += align(length);
        }
        return attributes;
    }

    static byte[] bytes(ByteBuffer attribute) {
        byte[] bytes = new byte[attribute.limit()];
        attribute.get(0, bytes);
        return bytes;
    }

    /** A string, with or without its closing zero. */
    static String string(ByteBuffer attribute) {
        byte[] bytes = bytes(attribute);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static OptionalInt number(Map<Integer, ByteBuffer> attributes, int type) {
        ByteBuffer attribute = attributes.get(type);
        return attribute == null || attribute.limit() < Integer.BYTES
                ? OptionalInt.empty()
                : OptionalInt.of(attribute.getInt(0));
    }

    private void requireBytes(int needed) {
        if (payload.limit() < needed) {
            throw new MalformedNetlinkException(
                    "type " + type + " with " + payload.limit() + " bytes, not " + needed);
        }
    }

    private static ByteBuffer slice(ByteBuffer buffer, int start, int length) {
        return buffer.slice(start, length).order(ByteOrder.nativeOrder());
    }

    private static int align(int length) {
        return (length + 3) & ~3;
    }
}
