package io.holdfast.vrrp.config.text;

import java.util.Optional;

/**
 * Which missing includes are mistakes: {@code include_check}, and the keyword's variants.
 *
 * @param readable a file that was found must be readable
 * @param match a name without wildcards must exist
 * @param wildcardMatch so must something for each pattern with wildcards
 * @param braceMatch so must something for each alternative of the braces
 */
record IncludeCheck(boolean readable, boolean match, boolean wildcardMatch, boolean braceMatch) {
    static final IncludeCheck NONE = new IncludeCheck(false, false, false, false);
    static final IncludeCheck ALL = new IncludeCheck(true, true, true, true);

    /** The level for one include line; empty: the word is no include. */
    Optional<IncludeCheck> of(String keyword) {
        return switch (keyword) {
            case "include" -> Optional.of(this);
            case "includer" -> Optional.of(with("readable", true));
            case "includem" -> Optional.of(with("match", true));
            case "includew" -> Optional.of(with("wildcard_match", true));
            case "includeb" -> Optional.of(with("brace_match", true));
            case "includea" -> Optional.of(ALL);
            default -> Optional.empty();
        };
    }

    /** The level after {@code include_check WORDS}. */
    IncludeCheck after(String[] words) {
        if (words.length == 0) {
            return ALL;
        }
        boolean relative = words[0].startsWith("+") || words[0].startsWith("-");
        IncludeCheck level = relative ? this : NONE;
        boolean value = true;
        for (String word : words) {
            value = word.startsWith("-") ? false : word.startsWith("+") || value;
            level = level.with(word.replaceFirst("^[+-]", ""), value);
        }
        return level;
    }

    private IncludeCheck with(String option, boolean value) {
        return switch (option) {
            case "readable" -> new IncludeCheck(value, match, wildcardMatch, braceMatch);
            case "match" -> new IncludeCheck(readable || value, value, wildcardMatch, braceMatch);
            case "wildcard_match" -> new IncludeCheck(readable || value, match, value, braceMatch);
            case "brace_match" -> new IncludeCheck(readable || value, match, wildcardMatch, value);
            default -> this;
        };
    }
}
