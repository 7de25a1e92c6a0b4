package io.holdfast.controller.codec;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a line of a file that knows whether it is whole: CRC32C of the JSON as 8 hexadecimal
 * digits, a space, the JSON, a newline. JSON escapes newlines, so a line is whole or torn.
 */
final class ChecksummedLine {
    private static final int CHECKSUM_DIGITS = 8;

    private ChecksummedLine() {}

    static byte[] bytes(String json) {
        return (checksum(json) + " " + json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The JSON of a line without its newline; null when the checksum does not fit. */
    static @Nullable String json(String line) {
        if (line.length() <= CHECKSUM_DIGITS + 1 || line.charAt(CHECKSUM_DIGITS) != ' ') {
            return null;
        }
        String json = line.substring(CHECKSUM_DIGITS + 1);
        return checksum(json).equals(line.substring(0, CHECKSUM_DIGITS)) ? json : null;
    }

    private static String checksum(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
