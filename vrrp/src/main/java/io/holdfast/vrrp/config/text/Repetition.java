package io.holdfast.vrrp.config.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code ~SEQ(var, start, step, end) rest} and {@code ~LST(var, a, b) rest}: the rest of the line
 * once for each value.
 *
 * @param rounds the variables' values of each round
 */
record Repetition(List<Map<String, String>> rounds, String rest) {
    private static final int MOST_ROUNDS = 1 << 16;

    /** What a line that begins so means; empty: it is malformed. */
    static Optional<Repetition> parse(String line) {
        int open = line.indexOf('(');
        int close = line.indexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String kind = line.substring(0, open).strip();
        List<String> arguments = split(line.substring(open + 1, close));
        Optional<List<Map<String, String>>> rounds =
                switch (kind) {
                    case "~SEQ" -> sequence(arguments, 10);
                    case "~SEQx" -> sequence(arguments, 16);
                    case "~LST" -> list(arguments);
                    default -> Optional.empty();
                };
        return rounds.map(all -> new Repetition(all, line.substring(close + 1).strip()));
    }

    private static Optional<List<Map<String, String>>> sequence(List<String> arguments, int radix) {
        if (arguments.size() < 2 || arguments.size() > 4 || !isName(arguments.getFirst())) {
            return Optional.empty();
        }
        long[] numbers = new long[arguments.size() - 1];
        try {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Integer.decode(arguments.get(i + 1));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        long end = numbers[numbers.length - 1];
        long start = numbers.length > 1 ? numbers[0] : end > 0 ? 1 : -1;
        long step = numbers.length > 2 ? numbers[1] : end >= start ? 1 : -1;
        // A step that leads away from the end gives no round, which nobody can have meant.
        boolean possible = step > 0 ? end >= start : step < 0 && end <= start;
        if (!possible || (end - start) / step >= MOST_ROUNDS) {
            return Optional.empty();
        }
        List<Map<String, String>> rounds = new ArrayList<>();
        for (long value = start; step > 0 ? value <= end : value >= end; value += step) {
            String text = radix == 16 ? Long.toHexString(value) : Long.toString(value);
            rounds.add(Map.of(arguments.getFirst(), text.toLowerCase(Locale.ROOT)));
        }
        return Optional.of(rounds);
    }

    private static Optional<List<Map<String, String>>> list(List<String> arguments) {
        if (arguments.size() < 2) {
            return Optional.empty();
        }
        List<String> names = group(arguments.getFirst());
        List<Map<String, String>> rounds = new ArrayList<>();
        for (String argument : arguments.subList(1, arguments.size())) {
            List<String> values = names.size() == 1 ? List.of(argument) : group(argument);
            if (values.size() != names.size() || !names.stream().allMatch(Repetition::isName)) {
                return Optional.empty();
            }
            Map<String, String> round = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                round.put(names.get(i), values.get(i));
            }
            rounds.add(round);
        }
        return Optional.of(rounds);
    }

    private static List<String> group(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? split(text.substring(1, text.length() - 1))
                : List.of(text);
    }

    private static boolean isName(String text) {
        return text.matches("[A-Za-z_]\\w*");
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.length())) {
                parts.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        return parts;
    }
}
