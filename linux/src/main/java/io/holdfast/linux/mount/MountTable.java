package io.holdfast.linux.mount;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a process sees mounted ({@code /proc/PID/mountinfo}, proc_pid_mountinfo(5)). */
public final class MountTable {
    /**
     * One mount.
     *
     * @param device major and minor number of the block device, such as {@code 7:3}
     * @param source as it was given to mount(2)
     */
    public record Entry(String device, String mountPoint, String type, String source) {}

    private static final Path OWN = Path.of("/proc/self/mountinfo");

    private MountTable() {}

    /** What this process sees, in the order of mounting. */
    public static List<Entry> read() {
        try {
            return parse(Files.readString(OWN, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the table of mounts cannot be read",
                            OWN.toString(),
                            String.valueOf(e.getMessage()),
                            "mount /proc"),
                    e);
        }
    }

    /** What another process sees, which may live in a mount namespace of its own; empty if gone. */
    public static List<Entry> of(long processId) {
        try {
            Path table = Path.of("/proc/" + processId + "/mountinfo");
            return parse(Files.readString(table, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The text of a mountinfo file; lines that do not fit are left out. */
    public static List<Entry> parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            entry(line).ifPresent(entries::add);
        }
        return List.copyOf(entries);
    }

    // 36 35 98:0 /root /mnt rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    private static Optional<Entry> entry(String line) {
        int separator = line.indexOf(" - ");
        if (separator < 0) {
            return Optional.empty();
        }
        String[] before = line.substring(0, separator).split(" ", -1);
        String[] after = line.substring(separator + 3).split(" ", -1);
        if (before.length < 6 || after.length < 2) {
            return Optional.empty();
        }
        return Optional.of(
                new Entry(before[2], unescaped(before[4]), after[0], unescaped(after[1])));
    }

    /** Blanks, tabs, line ends and backslashes are written as \ooo. */
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 3 < text.length() && isOctal(text, i + 1)) {
                result.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private static boolean isOctal(String text, int from) {
        for (int i = from; i < from + 3; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }
}
