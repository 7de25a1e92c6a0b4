package io.holdfast.replication.codec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code word word …;} or {@code word word … { statements }}: the whole of the language has this
 * form.
 *
 * @param words at least one
 * @param block null when the statement ends with a semicolon
 */
record DrbdStatement(List<DrbdToken> words, @Nullable List<DrbdStatement> block) {
    DrbdStatement {
        words = List.copyOf(words);
    }

    /** The first word, which says what the statement is about; empty if that is quoted. */
    String keyword() {
        DrbdToken first = words.getFirst();
        return first.kind() == DrbdToken.Kind.WORD ? first.text() : "";
    }

    DrbdPlace place() {
        return words.getFirst().place();
    }

    /** What follows the keyword. */
    List<DrbdToken> values() {
        return words.subList(1, words.size());
    }

    /** The value at an index; the caller has checked that it is there. */
    String value(int index) {
        return words.get(index + 1).text();
    }

    /** The values from an index as one word: {@code 10.1.0.100 : 7788} is an address too. */
    String joinedValues(int from) {
        StringBuilder joined = new StringBuilder();
        for (DrbdToken token : values().subList(from, values().size())) {
            joined.append(token.text());
        }
        return joined.toString();
    }

    List<DrbdStatement> statements() {
        return block == null ? List.of() : block;
    }
}
