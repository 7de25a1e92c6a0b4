package io.holdfast.vrrp.config.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes from a line what is not meant for the parser: comments ({@code #}, {@code !}), remarks of
 * other languages ({@code //}), and blanks that only look like blanks.
 *
 * <p>The last two are how-to articles' most frequent gifts. Keepalived understands neither, and
 * says so hardly or not at all; here they are understood, with a warning that tells what Keepalived
 * would have done, because the file may also be in use there.
 */
final class LineCleaner {
    /** A comment that holds a setting of Holdfast's own; to Keepalived it is a comment. */
    private static final String PRAGMA = "#holdfast:";

    /** Keywords whose first value is a path, which may well begin with two slashes. */
    private static final Set<String> TAKE_PATHS =
            Set.of("script", "file", "notify", "process", "misc_path", "include");

    // No-break space and its narrow and figure kin, ideographic space, byte order mark.
    private static final String FALSE_BLANKS = "\u00a0\u202f\u2007\u3000\ufeff";

    private final Findings findings;
    private final Place file;
    private int falseBlankLines;
    private int firstFalseBlank;
    private String firstKeyword = "";

    LineCleaner(String file, Findings findings) {
        this.file = new Place(file, 0);
        this.findings = findings;
    }

    /** What remains, without blanks at its ends; often nothing. */
    String clean(String raw, int number) {
        String blanked = withTrueBlanks(raw, number);
        String text = blanked.strip();
        if (text.startsWith(PRAGMA)) {
            return withoutComment(text.substring(PRAGMA.length())).strip();
        }
        return withoutRemark(withoutComment(text), new Place(file.file(), number)).strip();
    }

    /** Tells of the file's false blanks, once; a file has them on every line. */
    void finish() {
        if (falseBlankLines > 0) {
            findings.warning(
                    new Place(file.file(), firstFalseBlank),
                    falseBlankLines + " lines are indented or divided by no-break spaces",
                    "they came with copying from a web page. Keepalived takes them for a part of the"
                            + " word (\"Unknown keyword '\u00a0"
                            + firstKeyword
                            + "'\"), and runs on with these lines dropped, most often with nothing"
                            + " configured. Holdfast reads them as spaces",
                    "before Keepalived reads it too, run: sed -i 's/\\xc2\\xa0/ /g' "
                            + file.file());
        }
    }

    private String withTrueBlanks(String raw, int number) {
        StringBuilder text = null;
        for (int i = 0; i < raw.length(); i++) {
            if (FALSE_BLANKS.indexOf(raw.charAt(i)) >= 0) {
                text = text == null ? new StringBuilder(raw) : text;
                text.setCharAt(i, ' ');
            }
        }
        if (text == null) {
            return raw;
        }
        String blanked = text.toString();
        String statement = withoutComment(blanked.strip());
        if (!statement.isEmpty() && falseBlankLines++ == 0) {
            firstFalseBlank = number;
            firstKeyword = statement.split("\\s+", 2)[0];
        }
        return blanked;
    }

    private static String withoutComment(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '#' || c == '!')) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private String withoutRemark(String text, Place place) {
        int at = remark(text);
        if (at < 0) {
            return text;
        }
        String statement = text.substring(0, at);
        List<String> words = List.of(statement.strip().split("\\s+", -1));
        findings.warning(
                place,
                "the remark \"" + shortened(text.substring(at)) + "\" is left out",
                fateOfRemark(words.getFirst()),
                "begin remarks with #");
        return statement;
    }

    private static String fateOfRemark(String keyword) {
        if (keyword.isEmpty()) {
            return "// begins no comment in this language; Keepalived calls it an unknown keyword";
        }
        if (keyword.startsWith("notify") || keyword.equals("script")) {
            return "// begins no comment in this language; Keepalived takes it for the name of the"
                    + " user to run the script as, finds no such user and drops the script: it"
                    + " would never run, while `keepalived -t` finds nothing wrong";
        }
        return "// begins no comment in this language; Keepalived takes it for a further value of `"
                + keyword
                + "`";
    }

    /** Where a remark begins; −1: nowhere. */
    private static int remark(String text) {
        boolean quoted = false;
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            boolean blank = !quoted && Character.isWhitespace(c);
            if (!blank && !inWord && text.startsWith("//", i) && isRemark(text, i, words)) {
                return i;
            }
            if (!blank && !inWord) {
                words++;
            }
            inWord = !blank;
        }
        return -1;
    }

    private static boolean isRemark(String text, int at, int wordsBefore) {
        if (wordsBefore != 1) {
            return true;
        }
        String keyword = text.substring(0, at).strip().toLowerCase(Locale.ROOT);
        boolean takesPath =
                TAKE_PATHS.contains(keyword)
                        || keyword.startsWith("notify_")
                        || keyword.startsWith("include")
                        || keyword.endsWith("_script")
                        || keyword.endsWith("_file");
        char next = at + 2 < text.length() ? text.charAt(at + 2) : ' ';
        return !takesPath || Character.isWhitespace(next) || next > 0x7f;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "\u2026";
    }
}
