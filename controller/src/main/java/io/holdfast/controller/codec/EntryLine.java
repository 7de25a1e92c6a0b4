package io.holdfast.controller.codec;

import io.holdfast.base.LogPosition;
import io.holdfast.controller.core.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the configuration log as a line of the file {@code entries.log}: CRC32C of the JSON
 * as 8 hexadecimal digits, a space, the JSON, a newline. JSON escapes newlines, so a line is whole
 * or torn.
 */
public record EntryLine(LogPosition position, LogEntry entry) {
    private static final int CHECKSUM_DIGITS = 8;

    public byte[] bytes() {
        String json = ControllerJson.text(this);
        return (checksum(json) + " " + json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The entry of a line without its newline; null when the checksum does not fit. */
    public static @Nullable EntryLine parse(String line, String source) {
        if (line.length() <= CHECKSUM_DIGITS + 1 || line.charAt(CHECKSUM_DIGITS) != ' ') {
            return null;
        }
        String json = line.substring(CHECKSUM_DIGITS + 1);
        if (!checksum(json).equals(line.substring(0, CHECKSUM_DIGITS))) {
            return null;
        }
        return ControllerJson.read(json.getBytes(StandardCharsets.UTF_8), EntryLine.class, source);
    }

    private static String checksum(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
