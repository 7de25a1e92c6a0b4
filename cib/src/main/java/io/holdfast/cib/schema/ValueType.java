package io.holdfast.cib.schema;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the value of an attribute may be. */
final class ValueType {
    /** Anything. */
    static final ValueType TEXT = new ValueType("any text", null, List.of());

    static final ValueType NOT_EMPTY =
            new ValueType("some text", Pattern.compile("(?s).+"), List.of());

    /** A name that is unique in the configuration; also what refers to one. */
    static final ValueType ID =
            pattern(
                    "a letter or _, then letters, digits, '.', '-' and '_'",
                    "\\s*[\\p{L}_][\\p{L}\\p{M}\\p{Nd}._\\-\\u00b7]*\\s*");

    static final ValueType INTEGER = pattern("a whole number", "\\s*[+-]?[0-9]+\\s*");
    static final ValueType NON_NEGATIVE = pattern("a number from 0", "\\s*(\\+?[0-9]+|-0+)\\s*");
    static final ValueType POSITIVE = pattern("a number from 1", "\\s*\\+?0*[1-9][0-9]*\\s*");
    static final ValueType BOOLEAN = oneOf("true", "false", "1", "0");
    static final ValueType SCORE =
            pattern("a whole number, INFINITY or -INFINITY", "\\s*([+-]?[0-9]+|[+-]?INFINITY)\\s*");

    private final String description;
    private final @Nullable Pattern pattern;
    private final List<String> words;

    private ValueType(String description, @Nullable Pattern pattern, List<String> words) {
        this.description = description;
        this.pattern = pattern;
        this.words = words;
    }

    static ValueType oneOf(String... words) {
        return new ValueType("one of " + String.join(", ", words), null, List.of(words));
    }

    /** Patterns must not backtrack: values come from strangers. */
    static ValueType pattern(String description, String regex) {
        return new ValueType(description, Pattern.compile(regex), List.of());
    }

    boolean accepts(String value) {
        if (pattern != null) {
            return pattern.matcher(value).matches();
        }
        return words.isEmpty() || words.contains(value.strip());
    }

    /** For a message: "it must be …". */
    String description() {
        return description;
    }
}
