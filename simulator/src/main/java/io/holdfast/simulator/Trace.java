package io.holdfast.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * What happened in a run: its last lines for a person, and a fingerprint over all of them, so that
 * two runs of one seed can be compared.
 */
public final class Trace {
    private static final int LINES_KEPT = 400;

    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CRC32C checksum = new CRC32C();
    private long lines;

    void add(long atNanos, String line) {
        String stamped = String.format(Locale.ROOT, "%12.6f %s", atNanos / 1e9, line);
        checksum.update(stamped.getBytes(StandardCharsets.UTF_8));
        lines++;
        lastLines.addLast(stamped);
        if (lastLines.size() > LINES_KEPT) {
            lastLines.removeFirst();
        }
    }

    /** Number of lines and checksum of all of them; equal for equal runs. */
    public String fingerprint() {
        return lines + "-" + Long.toHexString(checksum.getValue());
    }

    /** The last lines, oldest first; each is {@code seconds text}. */
    public List<String> tail() {
        return List.copyOf(lastLines);
    }
}
