package io.holdfast.iscsi.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The text format of RFC 7143 6.1: {@code key=value} pairs, each ended by a zero byte. */
public final class TextKeys {
    /** Joined over all continuation PDUs; RFC 7143 6.1 asks for 8192 at least. */
    public static final int MAX_BYTES = 32_768;

    private static final int MAX_KEYS = 256;
    private static final int MAX_KEY_NAME = 63;

    private TextKeys() {}

    /**
     * Decodes position to limit.
     *
     * @throws MalformedPduException on a pair without '=', a repeated key, or too much of either
     */
    public static SequencedMap<String, String> decode(ByteBuffer text) {
        if (text.remaining() > MAX_BYTES) {
            throw new MalformedPduException("text of more than " + MAX_BYTES + " bytes");
        }
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        String all = StandardCharsets.UTF_8.decode(text.duplicate()).toString();
        int start = 0;
        while (start < all.length()) {
            int end = all.indexOf('\0', start);
            int stop = end < 0 ? all.length() : end;
            if (stop > start) {
                putPair(all.substring(start, stop), keys);
            }
            start = stop + 1;
        }
        return keys;
    }

    private static void putPair(String pair, SequencedMap<String, String> keys) {
        int equals = pair.indexOf('=');
        if (equals <= 0 || equals > MAX_KEY_NAME) {
            throw new MalformedPduException("a text key without name or '='");
        }
        String key = pair.substring(0, equals);
        if (keys.size() >= MAX_KEYS) {
            throw new MalformedPduException("more than " + MAX_KEYS + " text keys");
        }
        if (keys.putIfAbsent(key, pair.substring(equals + 1)) != null) {
            throw new MalformedPduException("text key sent twice");
        }
    }

    public static byte[] encode(SequencedMap<String, String> keys) {
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same key may repeat here, as TargetName and TargetAddress do in SendTargets. */
    public static byte[] encodePairs(List<String> pairs) {
        StringBuilder text = new StringBuilder();
        pairs.forEach(pair -> text.append(pair).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Pairs in order, repeats allowed: an initiator reading a SendTargets answer. */
    public static List<String> decodePairs(ByteBuffer text) {
        if (text.remaining() > MAX_BYTES * 8) {
            throw new MalformedPduException("text of more than " + MAX_BYTES * 8 + " bytes");
        }
        String all = StandardCharsets.UTF_8.decode(text.duplicate()).toString();
        return java.util.Arrays.stream(all.split("\0", -1)).filter(p -> !p.isEmpty()).toList();
    }
}
