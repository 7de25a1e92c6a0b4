package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * {@code holdfast crm_simulate | crm_verify | explain | what-if}: runs one command, turns what went
 * wrong into words and an exit code.
 */
public final class OfflineMain {
    private OfflineMain() {}

    public static void main(String[] arguments) {
        PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false,
                        StandardCharsets.UTF_8);
        int code = run(out, System.err, System.getenv(), arguments);
        out.flush();
        System.exit(code);
    }

    /** The whole program but for the exit. */
    static int run(
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            String... arguments) {
        String word = arguments.length == 0 ? "" : arguments[0];
        if (word.equals("warm-up")) {
            return WarmUp.run(out, err);
        }
        if (word.equals("crm_simulate")) {
            SimulateCommand simulate = simulate(arguments, environment, out, err);
            if (simulate.readQuickly(Arrays.asList(arguments).subList(1, arguments.length))) {
                return quickly(simulate, out, err);
            }
        }
        Object command = command(arguments, new CibSource(environment, System.in), out, err);
        if (command == null) {
            err.println("holdfast: usage: crm_simulate | crm_verify | explain | what-if ...");
            return ExitCode.USAGE;
        }
        CommandLine line = new CommandLine(command);
        line.setCommandName("holdfast " + word);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(OfflineMain::misused);
        line.setExecutionExceptionHandler(
                (thrown, of, _) -> {
                    out.flush();
                    return failed(err, of.getCommandSpec().qualifiedName(), thrown);
                });
        return line.execute(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static SimulateCommand simulate(
            String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        CibSource source = new CibSource(environment, System.in);
        return new SimulateCommand(source, String.join(" ", arguments), out, err);
    }

    private static int quickly(SimulateCommand command, PrintStream out, PrintStream err) {
        try {
            return command.call();
        } catch (IOException | RuntimeException e) {
            out.flush();
            return failed(err, "holdfast crm_simulate", e);
        }
    }

    private static @Nullable Object command(
            String[] arguments, CibSource source, PrintStream out, PrintStream err) {
        String word = arguments.length == 0 ? "" : arguments[0];
        return switch (word) {
            case "crm_simulate" ->
                    new SimulateCommand(source, String.join(" ", arguments), out, err);
            case "crm_verify" -> new VerifyCommand(source, err);
            case "explain" -> new ExplainCommand(source, out);
            case "what-if" -> new WhatIfCommand(source, out);
            default -> null;
        };
    }

    private static int misused(CommandLine.ParameterException thrown, String[] arguments) {
        String name = thrown.getCommandLine().getCommandSpec().qualifiedName();
        PrintWriter err = thrown.getCommandLine().getErr();
        err.println(name + ": " + misuse(thrown));
        err.println("  See `" + name + " --help`.");
        return ExitCode.USAGE;
    }

    private static String misuse(CommandLine.ParameterException thrown) {
        return thrown instanceof CommandLine.UnmatchedArgumentException unmatched
                        && unmatched.isUnknownOption()
                ? "Unknown option " + unmatched.getUnmatched().getFirst()
                : String.valueOf(thrown.getMessage());
    }

    private static int failed(PrintStream err, String name, Exception thrown) {
        return switch (thrown) {
            case OfflineFailure e -> {
                tell(err, name, e.problem());
                yield e.exitCode();
            }
            case ProblemException e -> {
                tell(err, name, e.problem());
                yield ExitCode.ERROR;
            }
            default -> {
                err.println(name + ": a bug of Holdfast; please report it: " + thrown);
                if (System.getenv("HOLDFAST_TRACE") != null) {
                    thrown.printStackTrace(err);
                } else {
                    err.println("  HOLDFAST_TRACE=1 shows where.");
                }
                yield ExitCode.BUG;
            }
        };
    }

    private static void tell(PrintStream err, String name, Problem problem) {
        err.println(name + ": " + problem.object() + ": " + problem.what());
        err.println("  why:     " + problem.why());
        err.println("  to mend: " + problem.remedy());
    }
}
