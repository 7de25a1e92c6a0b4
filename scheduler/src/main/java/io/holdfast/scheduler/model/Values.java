package io.holdfast.scheduler.model;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the values of attributes are read: booleans, numbers, intervals. */
public final class Values {
    /**
     * Names by letters without case, and by number where both have digits (node2 before node10).
     */
    public static final Comparator<String> NUMERIC_NAMES = Values::compareNumerically;

    private Values() {}

    /** True for true, on, yes, y and 1, in any case. */
    public static boolean isTrue(@Nullable String value) {
        return Boolean.TRUE.equals(bool(value));
    }

    /** The boolean a value stands for, or null when it is none. */
    public static @Nullable Boolean bool(@Nullable String value) {
        if (value == null) {
            return null;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "y", "1" -> Boolean.TRUE;
            case "false", "off", "no", "n", "0" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** The number a text begins with, or null. */
    public static @Nullable Long leadingLong(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int begin = at;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        int digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == digits) {
            return null;
        }
        if (at - digits > 18) {
            return text.charAt(begin) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return Long.parseLong(text, begin, at, 10);
    }

    public static long number(@Nullable String text, long otherwise) {
        Long value = leadingLong(text);
        return value == null ? otherwise : value;
    }

    public static int integer(@Nullable String text, int otherwise) {
        Long value = leadingLong(text);
        return value == null
                ? otherwise
                : (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    /** Milliseconds of a time specification such as 10, 10s, 1min, 500ms, PT30S; null when bad. */
    public static @Nullable Long millis(@Nullable String spec) {
        if (spec == null) {
            return null;
        }
        String text = spec.strip();
        if (text.startsWith("P")) {
            return isoDurationMillis(text);
        }
        Long value = leadingLong(text);
        if (value == null) {
            return null;
        }
        int at = 0;
        while (at < text.length() && "+-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String unit = text.substring(at).strip();
        return switch (unit) {
            case "", "s", "sec" -> value * 1000;
            case "ms", "msec" -> value;
            case "us", "usec" -> value / 1000;
            case "m", "min" -> value * 60_000;
            case "h", "hr" -> value * 3_600_000;
            case "d" -> value * 86_400_000;
            default -> unit.startsWith("s") ? value * 1000 : null;
        };
    }

    /** Milliseconds of an operation's interval; 0 when there is none. */
    public static long interval(@Nullable String spec) {
        Long value = millis(spec);
        return value == null || value < 0 ? 0 : value;
    }

    /** An ISO 8601 duration of days and less; the T before the time may be missing. */
    private static @Nullable Long isoDurationMillis(String text) {
        boolean hasTime = text.indexOf('T') >= 0;
        int days = text.indexOf('D');
        int split = hasTime ? -1 : days < 0 ? 1 : days + 1;
        boolean endsThere = split == text.length();
        String whole =
                split < 0 || endsThere
                        ? text
                        : text.substring(0, split) + "T" + text.substring(split);
        try {
            return Duration.parse(whole).toMillis();
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    public static boolean same(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equals(b);
    }

    public static boolean sameIgnoringCase(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equalsIgnoreCase(b);
    }

    private static int compareNumerically(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (Character.isDigit(a.charAt(i)) && Character.isDigit(b.charAt(j))) {
                int iEnd = digitsEnd(a, i);
                int jEnd = digitsEnd(b, j);
                long x = Long.parseLong(a, i, Math.min(iEnd, i + 18), 10);
                long y = Long.parseLong(b, j, Math.min(jEnd, j + 18), 10);
                if (x != y) {
                    return Long.compare(x, y);
                }
                i = iEnd;
                j = jEnd;
            } else {
                int x = Character.toLowerCase(a.charAt(i++));
                int y = Character.toLowerCase(b.charAt(j++));
                if (x != y) {
                    return Integer.compare(x, y);
                }
            }
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** An interval as people read it: {@code 10s}, {@code 1m30s}. */
    public static String readableInterval(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long rest = millis;
        long[] sizes = {86_400_000, 3_600_000, 60_000};
        String units = "dhm";
        for (int i = 0; i < sizes.length; i++) {
            if (rest >= sizes[i]) {
                text.append(rest / sizes[i]).append(units.charAt(i));
                rest %= sizes[i];
            }
        }
        if (rest >= 1000 || rest > 0) {
            text.append(rest / 1000);
            if (rest % 1000 != 0) {
                text.append('.').append(String.format(java.util.Locale.ROOT, "%03d", rest % 1000));
            }
            text.append('s');
        }
        return text.toString();
    }
}
