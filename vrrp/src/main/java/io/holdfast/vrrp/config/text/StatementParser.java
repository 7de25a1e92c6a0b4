package io.holdfast.vrrp.config.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of statements. A statement ends with its line or where a brace begins; braces
 * count wherever no quote protects them, also several on one line (of which Keepalived understands
 * only some).
 */
public final class StatementParser {
    private static final int DEEPEST = 16;

    /** An open block, and the statements in it so far. */
    private static final class Level {
        final @Nullable Open opener;
        final List<Open> statements = new ArrayList<>();

        Level(@Nullable Open opener) {
            this.opener = opener;
        }
    }

    /** A statement whose block may still come. */
    private static final class Open {
        final List<String> words;
        final String text;
        final Place place;
        @Nullable List<Statement> block;

        Open(List<String> words, String text, Place place) {
            this.words = words;
            this.text = text;
            this.place = place;
        }

        Statement done() {
            return new Statement(words, text, place, Optional.ofNullable(block));
        }
    }

    private final Findings findings;
    private final Deque<Level> levels = new ArrayDeque<>();
    private int tooDeep;

    private StatementParser(Findings findings) {
        this.findings = findings;
        levels.push(new Level(null));
    }

    /** The statements outside any block, with all that is in them. */
    public static List<Statement> parse(List<Line> lines, Findings findings) {
        StatementParser parser = new StatementParser(findings);
        lines.forEach(parser::line);
        return parser.finish();
    }

    private void line(Line line) {
        String text = line.text();
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && text.startsWith("${", i)) {
                // A variable that is not defined, left as it is: its braces are no block.
                int end = text.indexOf('}', i);
                i = end < 0 ? i : end;
            } else if (!quoted && (c == '{' || c == '}')) {
                statement(text.substring(from, i), line.place());
                if (c == '{') {
                    open(line.place());
                } else {
                    close(line.place());
                }
                from = i + 1;
            }
        }
        statement(text.substring(Math.min(from, text.length())), line.place());
    }

    private void statement(String text, Place place) {
        if (text.isBlank()) {
            return;
        }
        try {
            List<String> words = WordSplitter.words(text);
            if (!words.isEmpty()) {
                here().statements.add(new Open(words, text.strip(), place));
            }
        } catch (WordSplitter.UnclosedQuoteException e) {
            findings.error(
                    place,
                    "the line is left out",
                    e.getMessage() + "; Keepalived drops such a line too",
                    "close the quote before the end of the line");
        }
    }

    private void open(Place place) {
        List<Open> statements = here().statements;
        Open opener = statements.isEmpty() ? null : statements.getLast();
        if (opener == null || opener.block != null) {
            findings.error(
                    place,
                    "a { without a keyword before it",
                    "a block belongs to the keyword before it; this one is read and left out",
                    "write the block's keyword before the {, or remove the block");
            opener = new Open(List.of("{"), "{", place);
        }
        opener.block = new ArrayList<>();
        if (levels.size() > DEEPEST) {
            if (tooDeep++ == 0) {
                findings.fatal(
                        place,
                        "blocks are nested more than " + DEEPEST + " deep",
                        "no section of this language goes deeper than 5",
                        "look for missing } before this line");
            }
        }
        levels.push(new Level(opener));
    }

    private void close(Place place) {
        if (levels.size() == 1) {
            findings.error(
                    place,
                    "a } too many",
                    "no block is open here; it is left out, as Keepalived does",
                    "remove it, or look for a { that is missing before it");
            return;
        }
        closeInnermost();
    }

    private void closeInnermost() {
        Level closed = levels.pop();
        Open opener = closed.opener;
        if (opener != null) {
            opener.block = closed.statements.stream().map(Open::done).toList();
        }
    }

    private List<Statement> finish() {
        while (levels.size() > 1) {
            Open opener = here().opener;
            if (opener != null) {
                findings.error(
                        opener.place,
                        "the block of `" + opener.text + "` is not closed",
                        "its } is missing at the end; Keepalived says only \"There are missing"
                                + " '}'s\", without a line",
                        "add the } where the block shall end");
            }
            closeInnermost();
        }
        return here().statements.stream().map(Open::done).toList();
    }

    private Level here() {
        return levels.getFirst();
    }
}
