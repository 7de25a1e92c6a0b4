package io.holdfast.cib.crm;

import io.holdfast.cib.Finding;
import io.holdfast.cib.crm.Statement.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into statements and words.
 *
 * <p>A line that ends with a backslash goes on in the next. Words are separated by white space;
 * single quotes take everything as it is, double quotes know {@code \"} and {@code \\}, a backslash
 * outside quotes takes the next character as it is. A line that begins with {@code #} is a comment,
 * between the lines of a statement too.
 */
final class Lexer {
    private final List<Statement> statements = new ArrayList<>();
    private final List<Finding> mistakes = new ArrayList<>();

    private final List<String> lines = new ArrayList<>();
    private List<String> comments = new ArrayList<>();
    private int firstLine;

    private Lexer() {}

    record Lexed(List<Statement> statements, List<Finding> mistakes) {}

    static Lexed lex(String text) {
        Lexer lexer = new Lexer();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            lexer.line(++number, line.strip());
        }
        lexer.endOfStatement();
        return new Lexed(lexer.statements, lexer.mistakes);
    }

    private void line(int number, String line) {
        if (line.startsWith("#")) {
            comments.add(line);
            if (!lines.isEmpty()) {
                lines.add(""); // keeps line numbers right
            }
            return;
        }
        if (lines.isEmpty()) {
            if (line.isEmpty()) {
                return;
            }
            firstLine = number;
        }
        boolean goesOn = line.endsWith("\\");
        lines.add(goesOn ? line.substring(0, line.length() - 1) : line);
        if (!goesOn) {
            endOfStatement();
        }
    }

    private void endOfStatement() {
        if (lines.isEmpty()) {
            return;
        }
        String raw = String.join("\n", lines);
        try {
            List<Token> tokens =
                    isXml(raw) ? List.of(new Token("xml", firstLine)) : new Words(raw).all();
            if (!tokens.isEmpty()) {
                statements.add(new Statement(firstLine, tokens, raw, comments));
                comments = new ArrayList<>();
            }
        } catch (SyntaxMistake mistake) {
            mistakes.add(mistake.finding());
        }
        lines.clear();
    }

    /** XML has quotes and apostrophes of its own, and is not split into words. */
    private static boolean isXml(String raw) {
        return raw.regionMatches(true, 0, "xml", 0, 3)
                && raw.length() > 3
                && (Character.isWhitespace(raw.charAt(3)) || raw.charAt(3) == '<');
    }

    /** Splits one statement into words. */
    private final class Words {
        private final String raw;
        private final List<Token> tokens = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        private int line = firstLine;
        private int wordLine;
        private int at;

        Words(String raw) {
            this.raw = raw;
        }

        List<Token> all() throws SyntaxMistake {
            for (at = 0; at < raw.length(); at++) {
                char c = raw.charAt(at);
                if (Character.isWhitespace(c)) {
                    endWord();
                    line += c == '\n' ? 1 : 0;
                    continue;
                }
                beginWord();
                switch (c) {
                    case '\'' -> quoted('\'');
                    case '"' -> quoted('"');
                    case '\\' -> {
                        if (at + 1 < raw.length()) {
                            word.append(raw.charAt(++at));
                        }
                    }
                    default -> word.append(c);
                }
            }
            endWord();
            return tokens;
        }

        private void quoted(char quote) throws SyntaxMistake {
            int opened = line;
            for (at++; at < raw.length(); at++) {
                char c = raw.charAt(at);
                if (c == quote) {
                    return;
                }
                line += c == '\n' ? 1 : 0;
                boolean escape = quote == '"' && c == '\\' && at + 1 < raw.length();
                if (escape && (raw.charAt(at + 1) == '"' || raw.charAt(at + 1) == '\\')) {
                    word.append(raw.charAt(++at));
                } else if (c != '\n') {
                    word.append(c);
                }
            }
            throw new SyntaxMistake(
                    "statement",
                    opened,
                    "a quotation mark " + quote + " is not closed",
                    "everything after it would belong to the value",
                    "close it, or write \\" + quote + " if it belongs to the value");
        }

        private void beginWord() {
            if (!inWord) {
                inWord = true;
                wordLine = line;
            }
        }

        private void endWord() {
            if (inWord) {
                tokens.add(new Token(word.toString(), wordLine));
                word.setLength(0);
                inWord = false;
            }
        }
    }
}
