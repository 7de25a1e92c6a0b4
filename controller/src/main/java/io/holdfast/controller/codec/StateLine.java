package io.holdfast.controller.codec;

import io.holdfast.controller.core.ClusterState;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The whole agreed state as the one checksummed line of the file {@code state.log}. */
public final class StateLine {
    private StateLine() {}

    public static byte[] bytes(ClusterState state) {
        return ChecksummedLine.bytes(ControllerJson.text(state));
    }

    /** The state of a file; null when it is not one whole line that fits its checksum. */
    public static @Nullable ClusterState parse(byte[] file, String source) {
        String text = new String(file, StandardCharsets.UTF_8);
        String json =
                text.endsWith("\n")
                        ? ChecksummedLine.json(text.substring(0, text.length() - 1))
                        : null;
        return json == null
                ? null
                : ControllerJson.read(
                        json.getBytes(StandardCharsets.UTF_8), ClusterState.class, source);
    }
}
