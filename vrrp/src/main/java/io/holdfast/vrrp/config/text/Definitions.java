package io.holdfast.vrrp.config.text;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code $} variables. A value is put in when it is used, not when it is defined, and what was
 * put in is looked at again.
 */
final class Definitions {
    /** {@code $NAME=value} at a line's begin. */
    static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_]\\w*)=(.*)", Pattern.DOTALL);

    // $NAME counts only before a blank or the end: 10.0.$NET.1 is left alone, as Keepalived does.
    private static final Pattern USE =
            Pattern.compile("\\$(?:([A-Za-z_]\\w*)(?=\\s|$)|\\{([A-Za-z_]\\w*)([^{}]*)})");

    private static final int MOST_REPLACEMENTS = 1000;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int DEFAULT_LARGEST_RANDOM = 32767;

    /** What {@code $NAME} stands for: one line, or several. */
    private final Map<String, List<String>> values = new HashMap<>();

    private final String configId;
    private final UnaryOperator<@Nullable String> environment;
    private Random random;

    Definitions(
            String configId, UnaryOperator<@Nullable String> environment, long defaultRandomSeed) {
        this.configId = configId;
        this.environment = environment;
        this.random = new Random(defaultRandomSeed);
    }

    void define(String name, List<String> lines) {
        values.put(name, lines);
    }

    void reseed(long seed) {
        random = new Random(seed);
    }

    /** A line with everything replaced; several when a value has several. */
    List<String> replace(String text, Path directory) throws EndlessException {
        String current = text;
        int from = 0;
        for (int count = 0; ; count++) {
            Matcher use = USE.matcher(current);
            Optional<List<String>> value = Optional.empty();
            while (value.isEmpty() && use.find(from)) {
                value = value(use, directory);
                from = use.start() + (value.isEmpty() ? 1 : 0);
            }
            if (value.isEmpty()) {
                return List.of(current);
            }
            String head = current.substring(0, use.start());
            String tail = current.substring(use.end());
            if (value.get().size() > 1) {
                return spread(head, value.get(), tail);
            }
            current = head + value.get().getFirst() + tail;
            if (count >= MOST_REPLACEMENTS || current.length() > LONGEST_LINE) {
                throw new EndlessException();
            }
        }
    }

    private static List<String> spread(String head, List<String> lines, String tail) {
        List<String> spread = new java.util.ArrayList<>(lines);
        spread.set(0, head + spread.getFirst());
        spread.set(spread.size() - 1, spread.getLast() + tail);
        return spread;
    }

    private Optional<List<String>> value(Matcher use, Path directory) {
        String bare = use.group(1);
        String name = bare != null ? bare : use.group(2);
        String[] arguments = bare != null ? new String[0] : use.group(3).strip().split("\\s+", -1);
        boolean hasArguments = arguments.length > 0 && !arguments[0].isEmpty();
        return switch (name) {
            case "_PWD" -> one(directory.toAbsolutePath().toString());
            case "_INSTANCE" -> one(configId);
            case "_HASH" -> one("#");
            case "_BANG" -> one("!");
            case "_RANDOM" -> random(hasArguments ? arguments : new String[0]);
            case "_ENV" ->
                    hasArguments
                            ? Optional.ofNullable(environment.apply(arguments[0])).map(List::of)
                            : Optional.empty();
            default -> hasArguments ? Optional.empty() : Optional.ofNullable(values.get(name));
        };
    }

    private Optional<List<String>> random(String[] bounds) {
        try {
            int least = bounds.length > 0 ? Integer.parseUnsignedInt(bounds[0]) : 0;
            int most = bounds.length > 1 ? Integer.parseUnsignedInt(bounds[1]) : 0;
            most = bounds.length > 1 ? most : DEFAULT_LARGEST_RANDOM;
            return least < 0 || most < least || most == Integer.MAX_VALUE
                    ? Optional.empty()
                    : one(String.valueOf(random.nextInt(least, most + 1)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> one(String value) {
        return Optional.of(List.of(value));
    }

    /** A variable contains itself. */
    static final class EndlessException extends Exception {}
}
