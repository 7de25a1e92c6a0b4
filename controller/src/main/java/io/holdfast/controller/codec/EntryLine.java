package io.holdfast.controller.codec;

import io.holdfast.base.LogPosition;
import io.holdfast.controller.core.LogEntry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One entry of the configuration log as a checksummed line of the file {@code entries.log}. */
public record EntryLine(LogPosition position, LogEntry entry) {
    public byte[] bytes() {
        return ChecksummedLine.bytes(ControllerJson.text(this));
    }

    /** The entry of a line without its newline; null when the checksum does not fit. */
    public static @Nullable EntryLine parse(String line, String source) {
        String json = ChecksummedLine.json(line);
        return json == null
                ? null
                : ControllerJson.read(
                        json.getBytes(StandardCharsets.UTF_8), EntryLine.class, source);
    }
}
