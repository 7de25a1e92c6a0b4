package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits the text of one file into words and signs.
 *
 * <p>{@code #} begins a comment anywhere outside quotation marks; a quoted string ends on its line
 * and takes a character after a backslash as it is. {@code :} and {@code []} belong to words here
 * (drbdadm has them as signs of their own), so that an address is a word; who reads an address or
 * {@code meta-disk x [0]} joins words first.
 */
final class DrbdLexer {
    /** drbdadm takes 128, and 255 in quotation marks; paths may be longer. */
    static final int MAX_WORD_LENGTH = 1024;

    private static final String OTHER_WORD_SIGNS = "/._-:[]%*?+,@=~!^";

    private final String text;
    private final String file;
    private final DrbdFindings findings;
    private final List<DrbdToken> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private DrbdLexer(String text, String file, DrbdFindings findings) {
        this.text = text;
        this.file = file;
        this.findings = findings;
    }

    static List<DrbdToken> lex(String text, String file, DrbdFindings findings) {
        DrbdLexer lexer = new DrbdLexer(text, file, findings);
        lexer.all();
        return lexer.tokens;
    }

    private void all() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '\n' -> {
                    line++;
                    at++;
                }
                case ' ', '\t', '\r' -> at++;
                case '#' -> comment();
                case '{' -> sign(Kind.OPEN);
                case '}' -> sign(Kind.CLOSE);
                case ';' -> sign(Kind.SEMICOLON);
                case '"' -> quoted();
                default -> {
                    if (isWordSign(c)) {
                        word();
                    } else {
                        stranger(c);
                    }
                }
            }
        }
    }

    private void comment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void sign(Kind kind) {
        tokens.add(new DrbdToken(kind, text.substring(at, at + 1), here()));
        at++;
    }

    private void word() {
        int begin = at;
        while (at < text.length() && isWordSign(text.charAt(at))) {
            at++;
        }
        add(Kind.WORD, text.substring(begin, at));
    }

    private void quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '\n'; at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                add(Kind.QUOTED, value.toString());
                return;
            }
            boolean escape = c == '\\' && at + 1 < text.length() && text.charAt(at + 1) != '\n';
            if (escape) {
                at++;
            }
            value.append(text.charAt(at));
        }
        // The text is not shown: it could be the shared secret.
        findings.mistake(
                here(),
                "a quotation mark is not closed",
                "a quoted string ends on the line on which it begins",
                "close it with a second \"");
        tokens.add(new DrbdToken(Kind.QUOTED, "", here()));
    }

    private void add(Kind kind, String value) {
        if (value.length() > MAX_WORD_LENGTH) {
            findings.mistake(
                    here(),
                    "a word has " + value.length() + " characters",
                    "words and quoted strings have at most " + MAX_WORD_LENGTH,
                    "shorten it; perhaps a quotation mark or semicolon is missing");
            value = value.substring(0, MAX_WORD_LENGTH);
        }
        if (value.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
            findings.mistake(
                    here(),
                    "a quoted string has a control character in it",
                    "names, paths and commands have none",
                    "remove it, or write the line anew");
            value = "";
        }
        tokens.add(new DrbdToken(kind, value, here()));
    }

    private void stranger(char c) {
        int begin = at;
        while (at < text.length() && !belongs(text.charAt(at))) {
            at++;
        }
        String shown =
                c > ' ' && c < 0x7f ? "'" + c + "'" : "with the code " + Integer.toHexString(c);
        findings.mistake(
                here(),
                "the character " + shown + " is not understood",
                at - begin == 1
                        ? "outside comments and quotation marks it means nothing"
                        : "outside comments and quotation marks it and those after it mean nothing",
                "remove it, or put the value in quotation marks");
    }

    private static boolean belongs(char c) {
        return isWordSign(c) || " \t\r\n#{};\"".indexOf(c) >= 0;
    }

    private static boolean isWordSign(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || OTHER_WORD_SIGNS.indexOf(c) >= 0;
    }

    private DrbdPlace here() {
        return new DrbdPlace(file, line);
    }
}
