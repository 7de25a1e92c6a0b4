package io.holdfast.membership.codec;

import io.holdfast.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A section of a corosync.conf: {@code name { key: value … section { … } }}, one thing a line,
 * {@code #} begins a comment (corosync.conf(5)).
 */
final class ConfSection {
    /** A line {@code key: value}. */
    record Setting(int line, String key, String value) {}

    private static final Pattern OPENING = Pattern.compile("([A-Za-z_][A-Za-z0-9_.]*)\\s*\\{");
    private static final Pattern SETTING =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_.]*)\\s*:\\s*(.*)");
    private static final int MAX_DEPTH = 8;
    private static final int MAX_LINES = 10_000;

    private final String name;
    private final int line;
    private final List<Setting> settings = new ArrayList<>();
    private final List<ConfSection> sections = new ArrayList<>();

    private ConfSection(String name, int line) {
        this.name = name;
        this.line = line;
    }

    String name() {
        return name;
    }

    int line() {
        return line;
    }

    List<Setting> settings() {
        return settings;
    }

    List<ConfSection> sections() {
        return sections;
    }

    List<ConfSection> sections(String wanted) {
        return sections.stream().filter(s -> s.name.equals(wanted)).toList();
    }

    Optional<ConfSection> section(String wanted) {
        return sections(wanted).stream().findFirst();
    }

    Optional<Setting> setting(String key) {
        return settings.stream().filter(s -> s.key().equals(key)).reduce((first, last) -> last);
    }

    /**
     * Reads a file's text into a nameless outermost section.
     *
     * @param problems where mistakes of form go; what is read around them is kept
     */
    static ConfSection parse(String text, String source, List<Problem> problems) {
        List<ConfSection> open = new ArrayList<>();
        ConfSection file = new ConfSection("", 0);
        open.add(file);
        List<String> lines = text.lines().limit(MAX_LINES + 1L).toList();
        if (lines.size() > MAX_LINES) {
            problems.add(
                    new Problem(
                            "the file is too long",
                            source,
                            "a corosync.conf has at most " + MAX_LINES + " lines",
                            "see whether this is the right file"));
            return file;
        }
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                readLine(line, number, source, open, problems);
            }
        }
        if (open.size() > 1) {
            ConfSection unclosed = open.getLast();
            problems.add(
                    new Problem(
                            "section " + unclosed.name + " is not closed",
                            source + " line " + unclosed.line,
                            "the file ends before its }",
                            "add the missing }"));
        }
        return file;
    }

    private static void readLine(
            String line,
            int number,
            String source,
            List<ConfSection> open,
            List<Problem> problems) {
        Matcher opening = OPENING.matcher(line);
        Matcher setting = SETTING.matcher(line);
        if (opening.matches() && open.size() < MAX_DEPTH) {
            ConfSection section = new ConfSection(opening.group(1), number);
            open.getLast().sections.add(section);
            open.add(section);
        } else if (line.equals("}") && open.size() > 1) {
            open.removeLast();
        } else if (setting.matches()) {
            open.getLast()
                    .settings
                    .add(new Setting(number, setting.group(1), setting.group(2).strip()));
        } else {
            problems.add(
                    new Problem(
                            "the line is not understood",
                            source + " line " + number,
                            "\""
                                    + shortened(line)
                                    + "\" is no \"key: value\", \"section {\" or \"}\"",
                            "write one setting or bracket a line"));
        }
    }

    private static String shortened(String line) {
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }
}
