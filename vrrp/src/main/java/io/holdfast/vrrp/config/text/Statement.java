package io.holdfast.vrrp.config.text;

import java.util.List;
import java.util.Optional;

/**
 * A keyword with its values, and with its block when it has one.
 *
 * @param words at least one; the first is the keyword
 * @param text the same as it was written, quotes and all: scripts are split by other rules
 * @param block empty: no braces followed
 */
public record Statement(
        List<String> words, String text, Place place, Optional<List<Statement>> block) {
    public Statement {
        words = List.copyOf(words);
        block = block.map(List::copyOf);
    }

    public String keyword() {
        return words.getFirst();
    }

    /** What follows the keyword. */
    public List<String> values() {
        return words.subList(1, words.size());
    }

    public List<Statement> children() {
        return block.orElse(List.of());
    }
}
