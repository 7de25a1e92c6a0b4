package io.holdfast.executor.builtin;

import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Parameters that hold several words, or several options. */
final class Options {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Options() {}

    /** Words between blanks or commas. */
    static List<String> words(String text) {
        return blankSeparated(text.replace(',', ' '));
    }

    /** {@code NAME=VALUE} words; the last of a name counts. */
    static SortedMap<String, String> of(AgentCall call, String parameter) {
        TreeMap<String, String> options = new TreeMap<>();
        for (String word : blankSeparated(call.parameter(parameter).orElse(""))) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw AgentException.notConfigured(
                        "parameter " + parameter + ": \"" + word + "\" is not NAME=VALUE");
            }
            options.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return options;
    }

    private static List<String> blankSeparated(String text) {
        return BLANKS.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }
}
