package io.holdfast.scheduler.model;

import org.jspecify.annotations.Nullable;

/**
 * Scores and their arithmetic: saturating at plus and minus a million, where minus infinity wins.
 */
public final class Score {
    public static final int INFINITY = 1_000_000;

    private Score() {}

    /** The sum; minus infinity beats everything, then plus infinity. */
    public static int add(int a, int b) {
        if (a <= -INFINITY || b <= -INFINITY) {
            return -INFINITY;
        }
        if (a >= INFINITY || b >= INFINITY) {
            return INFINITY;
        }
        return Math.max(-INFINITY, Math.min(INFINITY, a + b));
    }

    /** The score as the tools print it. */
    public static String text(int score) {
        if (score >= INFINITY) {
            return "INFINITY";
        }
        return score <= -INFINITY ? "-INFINITY" : Integer.toString(score);
    }

    /** A score from its text; {@code otherwise} when there is none or it is no score. */
    public static int parse(@Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        return switch (text.strip()) {
            case "INFINITY", "+INFINITY", "infinity", "+infinity" -> INFINITY;
            case "-INFINITY", "-infinity" -> -INFINITY;
            default -> {
                Long value = Values.leadingLong(text);
                yield value == null
                        ? otherwise
                        : (int) Math.max(-INFINITY, Math.min(INFINITY, value));
            }
        };
    }

    public static int parse(@Nullable String text) {
        return parse(text, 0);
    }
}
