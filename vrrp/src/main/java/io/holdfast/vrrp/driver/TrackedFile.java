package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.FileSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The number in a file. A missing or unreadable file counts as 0, as Keepalived has it. */
final class TrackedFile {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedFile.class);
    private static final int MOST_BYTES = 64;

    private final String name;
    private final Path path;
    private @Nullable Integer last;

    TrackedFile(FileSettings settings) {
        this.name = settings.name();
        this.path = Path.of(settings.path());
        settings.initialValue()
                .ifPresent(
                        value -> {
                            if (settings.overwriteInitial() || !Files.exists(path)) {
                                write(value);
                            }
                        });
    }

    String name() {
        return name;
    }

    /** What it holds, when that is another number than the last time. */
    OptionalInt changed() {
        int value = read();
        if (last != null && last == value) {
            return OptionalInt.empty();
        }
        last = value;
        return OptionalInt.of(value);
    }

    private int read() {
        try (InputStream in = Files.newInputStream(path)) {
            return number(new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return 0;
        }
    }

    /** The number that the text begins with. */
    static int number(String text) {
        String trimmed = text.strip();
        int end = trimmed.startsWith("-") || trimmed.startsWith("+") ? 1 : 0;
        while (end < trimmed.length() && Character.isDigit(trimmed.charAt(end)) && end < 11) {
            end++;
        }
        try {
            long value = Long.parseLong(trimmed.substring(0, end));
            return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void write(int value) {
        try {
            Files.writeString(path, value + "\n");
        } catch (IOException e) {
            LOG.warn("cannot write the first value of tracked file {}: {}", path, e.toString());
        }
    }
}
