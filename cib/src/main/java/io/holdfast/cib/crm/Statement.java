package io.holdfast.cib.crm;

import java.util.List;

/**
 * One logical line: a keyword and what follows it, over any number of physical lines.
 *
 * @param line the physical line it begins on, from 1
 * @param tokens its words; of an {@code xml} statement only the keyword
 * @param raw its text as written, continuation marks removed
 * @param comments the comment lines before it, with their {@code #}
 */
record Statement(int line, List<Token> tokens, String raw, List<String> comments) {
    /** A word without its quotes, and the physical line it stands on. */
    record Token(String text, int line) {}

    Statement {
        tokens = List.copyOf(tokens);
        comments = List.copyOf(comments);
    }

    String keyword() {
        return tokens.getFirst().text().toLowerCase(java.util.Locale.ROOT);
    }
}
