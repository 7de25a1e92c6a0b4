package io.holdfast.vrrp.config.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * File names from a pattern, as glob(3) makes them: {@code *}, {@code ?}, {@code [a-z]} within one
 * path component, and braces, which stand for alternatives whether or not such a file exists.
 */
final class Glob {
    private static final int MOST_ALTERNATIVES = 1000;

    private Glob() {}

    /** The alternatives of the braces, without looking at any disk. */
    static List<String> alternatives(String pattern) {
        List<String> done = new ArrayList<>();
        List<String> open = new ArrayList<>(List.of(pattern));
        while (!open.isEmpty() && done.size() + open.size() <= MOST_ALTERNATIVES) {
            String next = open.removeFirst();
            int begin = next.indexOf('{');
            int end = begin < 0 ? -1 : matching(next, begin);
            if (end < 0) {
                done.add(next);
                continue;
            }
            String head = next.substring(0, begin);
            String tail = next.substring(end + 1);
            for (String middle : splitAtCommas(next.substring(begin + 1, end))) {
                open.add(head + middle + tail);
            }
        }
        return done;
    }

    static boolean hasWildcard(String pattern) {
        return pattern.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** The files that match one alternative, sorted; the name itself when it has no wildcard. */
    static List<Path> matches(ConfigFiles files, Path directory, String alternative) {
        Path pattern = directory.resolve(alternative);
        if (!hasWildcard(alternative)) {
            return files.exists(pattern) ? List.of(pattern) : List.of();
        }
        TreeSet<Path> reached = new TreeSet<>();
        Path root = pattern.getRoot();
        reached.add(root == null ? Path.of("") : root);
        for (Path component : pattern) {
            TreeSet<Path> next = new TreeSet<>();
            for (Path from : reached) {
                next.addAll(step(files, from, component.toString()));
            }
            reached = next;
        }
        return List.copyOf(reached);
    }

    private static List<Path> step(ConfigFiles files, Path from, String component) {
        if (!hasWildcard(component)) {
            Path child = from.resolve(component);
            return files.exists(child) ? List.of(child) : List.of();
        }
        return files.list(from).stream()
                .filter(name -> !name.startsWith(".") || component.startsWith("."))
                .filter(name -> matches(component, 0, name, 0))
                .map(from::resolve)
                .toList();
    }

    // By hand: a regular expression made from a stranger's pattern may take for ever.
    private static boolean matches(String pattern, int p, String name, int n) {
        int star = -1;
        int afterStar = 0;
        while (n < name.length()) {
            int next = p < pattern.length() ? matchOne(pattern, p, name.charAt(n)) : -1;
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                afterStar = n;
            } else if (next >= 0) {
                p = next;
                n++;
            } else if (star >= 0) {
                p = star + 1;
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

    /** Where the pattern goes on when it matches the character at {@code p}; else −1. */
    private static int matchOne(String pattern, int p, char c) {
        char wanted = pattern.charAt(p);
        if (wanted == '?') {
            return p + 1;
        }
        int end = wanted == '[' ? pattern.indexOf(']', p + 2) : -1;
        if (end < 0) {
            return wanted == c ? p + 1 : -1;
        }
        boolean inverted = pattern.charAt(p + 1) == '!' || pattern.charAt(p + 1) == '^';
        boolean inside = false;
        for (int i = p + (inverted ? 2 : 1); i < end; i++) {
            if (i + 2 < end && pattern.charAt(i + 1) == '-') {
                inside |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
                i += 2;
            } else {
                inside |= pattern.charAt(i) == c;
            }
        }
        return inside != inverted ? end + 1 : -1;
    }

    private static int matching(String text, int begin) {
        int depth = 0;
        for (int i = begin; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> splitAtCommas(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '{' -> depth++;
                case '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(from, i));
                        from = i + 1;
                    }
                }
                default -> {}
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
