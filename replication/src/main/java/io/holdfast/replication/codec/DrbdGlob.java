package io.holdfast.replication.codec;

/**
 * A file name pattern of {@code include}: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} (glob
 * (7)). A name that begins with a dot is matched only by a pattern that does. Takes at most pattern
 * times name steps, whatever the pattern.
 */
final class DrbdGlob {
    private DrbdGlob() {}

    static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    static boolean matches(String pattern, String name) {
        if (name.startsWith(".") && !pattern.startsWith(".")) {
            return false;
        }
        int p = 0;
        int n = 0;
        int star = -1;
        int afterStar = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                afterStar = n;
                continue;
            }
            int next = p < pattern.length() ? matchOne(pattern, p, name.charAt(n)) : -1;
            if (next >= 0) {
                p = next;
                n++;
            } else if (star >= 0) {
                p = star + 1; // let the last star take one more
                n = ++afterStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on after matching one character, or -1. */
    private static int matchOne(String pattern, int p, char c) {
        return switch (pattern.charAt(p)) {
            case '?' -> p + 1;
            case '[' -> {
                int close = pattern.indexOf(']', p + 2);
                if (close < 0) {
                    yield c == '[' ? p + 1 : -1;
                }
                yield inSet(pattern.substring(p + 1, close), c) ? close + 1 : -1;
            }
            default -> pattern.charAt(p) == c ? p + 1 : -1;
        };
    }

    private static boolean inSet(String set, char c) {
        boolean negated = set.length() > 1 && (set.charAt(0) == '!' || set.charAt(0) == '^');
        boolean in = false;
        for (int i = negated ? 1 : 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                in |= c >= set.charAt(i) && c <= set.charAt(i + 2);
                i += 2;
            } else {
                in |= c == set.charAt(i);
            }
        }
        return in != negated;
    }
}
