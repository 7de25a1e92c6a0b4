package io.holdfast.cli;

import io.holdfast.api.control.DaemonUnreachableException;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * {@code holdfast COMMAND …}: finds the command, runs it, turns what went wrong into words and an
 * exit code. Only the command that was asked for is built, so that starting stays cheap.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        int code = run(Terminal.ofProcess(environment), environment, arguments);
        System.exit(code);
    }

    /** The whole program but for the exit. */
    public static int run(Terminal terminal, Map<String, String> environment, String... arguments) {
        try (Context context = new Context(terminal, environment)) {
            return dispatch(context, arguments);
        }
    }

    private static int dispatch(Context context, String[] arguments) {
        String first = arguments.length == 0 ? "--help" : arguments[0];
        return switch (first) {
            case "--help", "-h" -> {
                HelpPage.print(context);
                yield ExitCode.OK;
            }
            case "--version", "-V" -> {
                context.say("holdfast " + Version.text());
                yield ExitCode.OK;
            }
            case "help" ->
                    dispatch(
                            context,
                            arguments.length == 1
                                    ? new String[] {"--help"}
                                    : new String[] {arguments[1], "--help"});
            default -> {
                Optional<CommandTable.Entry> entry = CommandTable.find(first);
                String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
                yield entry.isPresent()
                        ? execute(context, entry.get(), rest)
                        : unknown(context, first);
            }
        };
    }

    private static int execute(Context context, CommandTable.Entry entry, String[] arguments) {
        CommandLine line = CommandTable.line(entry, context);
        line.setCommandName("holdfast " + entry.name());
        line.setOut(writer(context.terminal().out()));
        line.setErr(writer(context.terminal().err()));
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(
                        context.terminal().coloured()
                                ? CommandLine.Help.Ansi.ON
                                : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler(
                (thrown, command, parsed) -> failed(context, command, thrown));
        return line.execute(arguments);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(CommandLine.ParameterException thrown, String[] arguments) {
        CommandLine command = thrown.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + thrown.getMessage());
        suggest(thrown, command, err);
        err.println("  See `" + name + " --help`.");
        return ExitCode.USAGE;
    }

    private static void suggest(
            CommandLine.ParameterException thrown, CommandLine command, PrintWriter err) {
        if (thrown instanceof CommandLine.UnmatchedArgumentException unmatched) {
            List<String> words = new ArrayList<>(command.getSubcommands().keySet());
            command.getCommandSpec().optionsMap().forEach((name, _) -> words.add(name));
            NearestWord.of(unmatched.getUnmatched().getFirst(), words)
                    .ifPresent(word -> err.println("  Perhaps you mean `" + word + "`."));
        }
    }

    private static int failed(Context context, CommandLine command, Exception thrown) {
        String name = command.getCommandSpec().qualifiedName();
        return switch (thrown) {
            case DaemonUnreachableException e -> {
                context.terminal().tell(name, e.problem());
                yield ExitCode.UNAVAILABLE;
            }
            case ProblemException e -> {
                context.terminal().tell(name, e.problem());
                yield ExitCode.REFUSED;
            }
            case CommandFailure e -> {
                context.terminal().tell(name, e.problem());
                yield e.exitCode();
            }
            default -> {
                context.terminal().out().flush();
                context.terminal().err().println(name + ": a bug of Holdfast; please report it:");
                thrown.printStackTrace(context.terminal().err());
                yield ExitCode.BUG;
            }
        };
    }

    private static int unknown(Context context, String word) {
        Optional<String> nearest = NearestWord.of(word, CommandTable.names());
        context.terminal()
                .tell(
                        "holdfast",
                        new Problem(
                                "there is no such command",
                                word,
                                nearest.map(near -> "perhaps you mean `holdfast " + near + "`")
                                        .orElse("no command has a name like it"),
                                "see `holdfast --help` for all commands"));
        return ExitCode.USAGE;
    }
}
