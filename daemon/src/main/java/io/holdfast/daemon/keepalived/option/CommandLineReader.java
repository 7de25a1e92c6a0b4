package io.holdfast.daemon.keepalived.option;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.option.Option.Argument;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads words by getopt_long's rules. */
public final class CommandLineReader {
    private static final String HELP_HEAD =
            """
            Usage: holdfast keepalived [OPTION...]
                   holdfast keepalived status [--json | --metrics] [-p FILE]

            Runs VRRP by a keepalived.conf (default /etc/keepalived/keepalived.conf).

            """;
    private static final String HELP_FOOT =
            """

            Exit codes: 0 it runs (or was stopped), 1 it cannot start, 2 the configuration cannot run.
            With --config-test: 0 no mistake, 5 mistakes, 6 only unprotected scripts of root.
            """;

    private CommandLineReader() {}

    /**
     * The options of a command line, each with its value (or nothing).
     *
     * @throws ProblemException for an option that there is not
     */
    public static Map<Option, String> read(List<String> words) {
        Map<Option, String> options = new EnumMap<>(Option.class);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("--") && word.length() > 2) {
                i = longOption(words, i, options);
            } else if (word.startsWith("-") && word.length() > 1) {
                i = letters(words, i, options);
            } else {
                throw refused(word, "an argument without option", "it takes options only");
            }
        }
        return options;
    }

    public static String help() {
        return HELP_HEAD
                + Stream.of(Option.values()).map(Option::help).collect(Collectors.joining())
                + HELP_FOOT;
    }

    private static int longOption(List<String> words, int at, Map<Option, String> options) {
        String[] parts = words.get(at).substring(2).split("=", 2);
        Option option =
                Option.ofWord(parts[0])
                        .orElseThrow(() -> refused(words.get(at), "Unknown option", "no option"));
        if (parts.length == 2) {
            if (option.argument() == Argument.NONE) {
                throw refused(words.get(at), "a value too many", "the option takes no value");
            }
            options.put(option, parts[1]);
            return at;
        }
        return valueAfter(words, at, option, options);
    }

    // -lD: two options; -fFILE and -f FILE: one with its value.
    private static int letters(List<String> words, int at, Map<Option, String> options) {
        String word = words.get(at);
        for (int i = 1; i < word.length(); i++) {
            Optional<Option> found = Option.ofLetter(word.charAt(i));
            Option option = found.orElseThrow(() -> refused(word, "Unknown option", "no option"));
            if (option.argument() != Argument.NONE && i + 1 < word.length()) {
                options.put(option, word.substring(i + 1));
                return at;
            }
            if (option.argument() == Argument.NEEDED) {
                return valueAfter(words, at, option, options);
            }
            options.put(option, "");
        }
        return at;
    }

    private static int valueAfter(
            List<String> words, int at, Option option, Map<Option, String> options) {
        if (option.argument() != Argument.NEEDED) {
            options.put(option, "");
            return at;
        }
        if (at + 1 >= words.size()) {
            throw refused(words.get(at), "a value is missing", "the option takes one");
        }
        options.put(option, words.get(at + 1));
        return at + 1;
    }

    private static ProblemException refused(String word, String what, String why) {
        return new ProblemException(
                new Problem(what, word, why, "see `holdfast keepalived --help`"));
    }
}
