package io.holdfast.daemon.keepalived;

import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.option.CommandLineReader;
import io.holdfast.daemon.keepalived.option.Option;
import io.holdfast.daemon.keepalived.option.SignalNumber;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code holdfast keepalived …}: what Keepalived's own command does, by its own options. */
public final class KeepalivedMain {
    private static final String VERSION =
            """
            Keepalived by Holdfast (speaks VRRP as Keepalived v2.2.7 does)

            VRRP versions 2 and 3, IPv4 and IPv6; no load balancing, no BFD, no SNMP, no D-Bus.
            """;

    private KeepalivedMain() {}

    /** Runs one command; {@code arguments} without the word {@code keepalived}. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.getenv()));
    }

    static int run(List<String> arguments, Map<String, String> environment) {
        try {
            return !arguments.isEmpty() && arguments.getFirst().equals("status")
                    ? StatusQuestion.run(arguments.subList(1, arguments.size()), environment)
                    : run(CommandLineReader.read(arguments), environment);
        } catch (ProblemException e) {
            return refused(e);
        } catch (IOException e) {
            System.err.println("holdfast keepalived: " + e);
            return ExitCode.CANNOT_START;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.OK;
        } catch (RuntimeException e) {
            return bug(e);
        }
    }

    private static int run(Map<Option, String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        if (options.containsKey(Option.HELP)) {
            System.out.print(CommandLineReader.help());
            return ExitCode.OK;
        }
        if (options.containsKey(Option.VERSION)) {
            System.err.print(VERSION);
            return ExitCode.OK;
        }
        if (options.containsKey(Option.SIGNUM)) {
            return signalNumber(options.getOrDefault(Option.SIGNUM, ""));
        }
        if (options.containsKey(Option.GENHASH) || options.containsKey(Option.CHECK)) {
            System.err.println(
                    "holdfast keepalived: load balancing (--check, --genhash) is not served; run"
                            + " Keepalived itself for that");
            return ExitCode.CANNOT_START;
        }
        LaunchOptions launch = LaunchOptions.of(options, environment);
        if (options.containsKey(Option.CONFIG_TEST)) {
            return ConfigTest.run(
                    launch,
                    Optional.of(options.getOrDefault(Option.CONFIG_TEST, ""))
                            .filter(name -> !name.isEmpty())
                            .map(Path::of));
        }
        ProcessLog.open(
                launch.logConsole(),
                launch.facility().isPresent() ? launch.facility().getAsInt() : null,
                launch.logFile().orElse(null),
                launch.logDetail());
        tellOfUnserved(options);
        return KeepalivedDaemon.run(launch);
    }

    private static int signalNumber(String name) {
        Optional<SignalNumber> signal = SignalNumber.named(name);
        if (signal.isEmpty()) {
            System.err.println("Unknown sigfunc " + name);
            return ExitCode.CANNOT_START;
        }
        System.out.println(signal.get().number());
        return ExitCode.OK;
    }

    private static void tellOfUnserved(Map<Option, String> options) {
        for (Option option :
                List.of(
                        Option.DONT_RELEASE_VRRP,
                        Option.SNMP,
                        Option.SNMP_SOCKET,
                        Option.PERF,
                        Option.CORE_PATTERN)) {
            if (options.containsKey(option)) {
                ProcessLog.warning(option + " has no effect: Holdfast does not serve it");
            }
        }
    }

    private static int refused(ProblemException e) {
        ProcessLog.error(e.problem().message());
        System.err.println(
                "holdfast keepalived: " + e.problem().object() + ": " + e.problem().what());
        System.err.println("  why:     " + e.problem().why());
        System.err.println("  to mend: " + e.problem().remedy());
        return ExitCode.CANNOT_START;
    }

    private static int bug(RuntimeException e) {
        StringBuilder text = new StringBuilder("a bug of Holdfast; please report it: " + e);
        for (StackTraceElement element : e.getStackTrace()) {
            text.append("\n    at ").append(element);
        }
        ProcessLog.error(text.toString());
        return ExitCode.BUG;
    }
}
