package io.holdfast.cli.command;

import io.holdfast.cli.CommandTable;
import io.holdfast.cli.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code holdfast completion bash}: a script that knows every command's next words. It is made from
 * the commands themselves and asks nobody when a key is pressed.
 */
@Command(
        name = "completion",
        description = "Prints a script that completes commands: source <(holdfast completion bash)")
public final class CompletionCommand extends Subcommand {
    @Parameters(paramLabel = "bash", description = "the shell it is for")
    String shell = "";

    public CompletionCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash")) {
            throw new CommandLine.ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(),
                    "only bash is known, not " + shell);
        }
        context.terminal().out().print(script());
        return done();
    }

    private String script() {
        Map<String, List<String>> words = new TreeMap<>();
        words.put("", CommandTable.names());
        CommandTable.trees(context).forEach((name, command) -> gather(name, command, words));
        StringBuilder cases = new StringBuilder();
        words.forEach(
                (path, next) ->
                        cases.append(
                                "        \"%s\") words=\"%s\" ;;\n"
                                        .formatted(path, String.join(" ", next))));
        return """
            # Completes holdfast's commands in bash.
            _holdfast() {
                local path="" word words=""
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    case "$word" in -*) ;; *) path="${path:+$path }$word" ;; esac
                done
                case "$path" in
            %s    esac
                word="${COMP_WORDS[COMP_CWORD]}"
                # Options only where one was begun; file names where no word fits.
                [[ $word == -* ]] || words=" $words" words="${words%%%% -*}"
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
                [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
            }
            complete -o filenames -F _holdfast holdfast ./holdfast
            """
                .formatted(cases);
    }

    private static void gather(String path, CommandLine command, Map<String, List<String>> words) {
        List<String> next = new ArrayList<>(command.getSubcommands().keySet());
        for (CommandLine.Model.PositionalParamSpec word :
                command.getCommandSpec().positionalParameters()) {
            Iterable<String> candidates = word.completionCandidates();
            if (candidates != null) {
                candidates.forEach(next::add);
            }
        }
        command.getCommandSpec().options().forEach(option -> next.add(option.longestName()));
        words.put(path, next);
        command.getSubcommands().forEach((name, sub) -> gather(path + " " + name, sub, words));
    }
}
