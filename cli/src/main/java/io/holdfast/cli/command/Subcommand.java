package io.holdfast.cli.command;

import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** A step of a command line: it either does something or asks for the next word. */
abstract class Subcommand implements Callable<Integer> {
    final Context context;

    @CommandLine.Spec CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "shows this")
    boolean help;

    Subcommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return needsMore();
    }

    /** For a word that does nothing by itself: says which may follow. */
    private int needsMore() {
        CommandLine.Model.CommandSpec here = java.util.Objects.requireNonNull(spec);
        throw new CommandLine.ParameterException(
                here.commandLine(),
                "one of these must follow: " + String.join(", ", here.subcommands().keySet()));
    }

    /** Done, and it was a success. */
    static int done() {
        return ExitCode.OK;
    }
}
