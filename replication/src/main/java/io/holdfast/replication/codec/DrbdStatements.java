package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts words together to statements, and goes on after a mistake so that one run finds them all.
 * What is marked {@code skip} is left out.
 */
final class DrbdStatements {
    /** The language needs 7: resource, connection, path, host, proxy, options, plugin. */
    static final int MAX_DEPTH = 16;

    private final List<DrbdToken> tokens;
    private final DrbdFindings findings;
    private int at;

    private DrbdStatements(List<DrbdToken> tokens, DrbdFindings findings) {
        this.tokens = tokens;
        this.findings = findings;
    }

    static List<DrbdStatement> of(String text, String file, DrbdFindings findings) {
        DrbdStatements parser = new DrbdStatements(DrbdLexer.lex(text, file, findings), findings);
        List<DrbdStatement> all = new ArrayList<>();
        while (parser.at < parser.tokens.size()) {
            parser.statementsInto(all, 0);
            if (parser.at < parser.tokens.size()) {
                parser.strayBrace();
            }
        }
        return all;
    }

    /** Reads up to the end or a closing brace, which is left. */
    private void statementsInto(List<DrbdStatement> statements, int depth) {
        List<DrbdToken> words = new ArrayList<>();
        while (at < tokens.size()) {
            DrbdToken token = tokens.get(at);
            switch (token.kind()) {
                case WORD, QUOTED -> {
                    if (semicolonIsMissing(words, token)) {
                        finish(words, null, statements);
                    }
                    words.add(token);
                    at++;
                }
                case SEMICOLON -> {
                    finish(words, null, statements);
                    at++;
                }
                case OPEN -> finish(words, block(token, depth), statements);
                case CLOSE -> {
                    unfinished(words, statements);
                    return;
                }
            }
        }
        unfinished(words, statements);
    }

    private List<DrbdStatement> block(DrbdToken open, int depth) {
        at++;
        List<DrbdStatement> block = new ArrayList<>();
        if (depth >= MAX_DEPTH) {
            findings.mistake(
                    open.place(),
                    "sections are nested deeper than " + MAX_DEPTH,
                    "no section of drbd.conf is that deep, so a brace must be wrong",
                    "look for a missing '}' above this line");
            skipBlock();
            return block;
        }
        statementsInto(block, depth + 1);
        if (at < tokens.size()) {
            at++;
        } else {
            findings.mistake(
                    open.place(),
                    "the section that begins here is not closed",
                    "the file ends before its '}'",
                    "add the missing '}'");
        }
        return block;
    }

    private void skipBlock() {
        for (int open = 1; at < tokens.size() && open > 0; at++) {
            switch (tokens.get(at).kind()) {
                case OPEN -> open++;
                case CLOSE -> open--;
                case WORD, QUOTED, SEMICOLON -> {}
            }
        }
    }

    private void finish(
            List<DrbdToken> words,
            @org.jspecify.annotations.Nullable List<DrbdStatement> block,
            List<DrbdStatement> statements) {
        if (words.isEmpty()) {
            if (block != null) {
                findings.mistake(
                        tokens.get(at - 1).place(),
                        "a section has no name",
                        "nothing stands before its '{'",
                        "write what it is, such as \"net {\"");
            }
            return; // a semicolon alone does no harm
        }
        if (!words.getFirst().isKeyword("skip")) {
            statements.add(new DrbdStatement(words, block));
        }
        words.clear();
    }

    private void unfinished(List<DrbdToken> words, List<DrbdStatement> statements) {
        if (!words.isEmpty()) {
            missingSemicolon(words);
            finish(words, null, statements);
        }
    }

    /**
     * A statement may go on in the next line, but a line that begins with the name of a parameter
     * is another statement, and taking it for more values would make a riddle of the message.
     */
    private boolean semicolonIsMissing(List<DrbdToken> words, DrbdToken next) {
        if (words.size() < 2
                || next.kind() != Kind.WORD
                || next.place().line() == words.getLast().place().line()
                || TAKES_NAMES.contains(words.getFirst().text())
                || !DrbdOptions.isParameter(next.text())) {
            return false;
        }
        missingSemicolon(words);
        return true;
    }

    /** A node may be called as it likes, and {@code host} goes on with {@code address}. */
    private static final Set<String> TAKES_NAMES =
            Set.of("on", "host", "hosts", "become-primary-on", "ignore-on", "resource");

    private void missingSemicolon(List<DrbdToken> words) {
        findings.mistake(
                words.getLast().place(),
                "the ';' after \"" + words.getFirst().text() + "\" is missing",
                "every parameter ends with one",
                "add a ';' at the end of the line");
    }

    private void strayBrace() {
        findings.mistake(
                tokens.get(at).place(),
                "a '}' closes nothing",
                "every section was closed already",
                "remove it, or look for a missing '{' above this line");
        at++;
    }
}
