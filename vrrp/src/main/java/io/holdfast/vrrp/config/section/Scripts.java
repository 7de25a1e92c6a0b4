package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.config.text.WordSplitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program in a setting: {@code KEYWORD PATH}, {@code KEYWORD "PATH ARGUMENTS"}, and after it, for
 * most keywords, whom it runs as.
 */
final class Scripts {
    private Scripts() {}

    /** A program, then perhaps a user and a group; empty and told when there is none. */
    static Optional<ScriptCommand> withUser(Setting setting) {
        List<String> words = words(setting);
        if (words.isEmpty()) {
            return Optional.empty();
        }
        if (words.size() > 3) {
            setting.error(
                    "`"
                            + String.join(" ", words.subList(3, words.size()))
                            + "` after `"
                            + setting.keyword()
                            + "` has no meaning",
                    "after the script come a user and a group, nothing more",
                    "put the script and its arguments in quotes: "
                            + setting.keyword()
                            + " \"PATH ARGUMENT ...\"");
        }
        Optional<ScriptUser> user =
                words.size() > 1
                        ? Optional.of(
                                new ScriptUser(
                                        words.get(1),
                                        words.size() > 2
                                                ? Optional.of(words.get(2))
                                                : Optional.empty()))
                        : Optional.empty();
        return command(setting, words.getFirst(), user);
    }

    /**
     * {@code script} of a {@code vrrp_script}: it has a keyword of its own for the user, so further
     * words can only be arguments.
     */
    static Optional<ScriptCommand> withArguments(Setting setting) {
        List<String> words = words(setting);
        if (words.isEmpty()) {
            return Optional.empty();
        }
        Optional<ScriptCommand> command = command(setting, words.getFirst(), Optional.empty());
        if (words.size() == 1 || command.isEmpty()) {
            return command;
        }
        List<String> rest = words.subList(1, words.size());
        setting.warning(
                "the script of " + setting.owner() + " has arguments outside of quotes",
                "Keepalived runs it without `"
                        + String.join(" ", rest)
                        + "`, in silence; Holdfast gives them to it",
                "write: script \"" + String.join(" ", words) + "\"");
        List<String> whole = new ArrayList<>(command.get().command());
        whole.addAll(rest);
        return Optional.of(new ScriptCommand(whole, Optional.empty(), setting.place()));
    }

    private static List<String> words(Setting setting) {
        List<String> words = split(setting, setting.statement().text());
        if (words.size() < 2 || words.get(1).isBlank()) {
            setting.error(
                    "`" + setting.keyword() + "` of " + setting.owner() + " names no script",
                    "nothing follows the keyword; Keepalived ends with exit code 2 at such a line",
                    "write `" + setting.keyword() + " PATH`, or remove the line");
            return List.of();
        }
        return words.subList(1, words.size());
    }

    private static Optional<ScriptCommand> command(
            Setting setting, String text, Optional<ScriptUser> user) {
        List<String> command = split(setting, text);
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new ScriptCommand(command, user, setting.place()));
    }

    private static List<String> split(Setting setting, String text) {
        try {
            return WordSplitter.script(text);
        } catch (WordSplitter.UnclosedQuoteException e) {
            setting.error(
                    "the script of `" + setting.keyword() + "` is left out",
                    String.valueOf(e.getMessage()),
                    "close the quote");
            return List.of();
        }
    }
}
