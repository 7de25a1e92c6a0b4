package io.holdfast.lab;

import io.holdfast.base.ProblemException;
import io.holdfast.lab.command.DemoCommand;
import io.holdfast.lab.command.LabCommand;
import io.holdfast.lab.command.SimulateFaultsCommand;
import io.holdfast.lab.writer.WriterCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher's {@code demo}, {@code lab}, {@code lab-writer} and {@code simulate-faults}. */
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            LabCommand.class,
            WriterCommand.class,
            SimulateFaultsCommand.class
        })
public final class LabMain {
    private LabMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LabMain())
                .setExecutionExceptionHandler(
                        (exception, command, parsed) -> {
                            if (exception instanceof ProblemException problem) {
                                command.getErr()
                                        .println("holdfast: " + problem.problem().message());
                                return 1;
                            }
                            throw exception;
                        });
    }
}
