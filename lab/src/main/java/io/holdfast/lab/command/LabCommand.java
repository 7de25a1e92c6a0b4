package io.holdfast.lab.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.check.CheckReport;
import io.holdfast.lab.check.CheckResult;
import io.holdfast.lab.check.Checks;
import io.holdfast.lab.check.Scenario;
import io.holdfast.lab.holder.HoldCommand;
import io.holdfast.lab.holder.KeptLab;
import io.holdfast.lab.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast lab}: scenarios, and labs that were kept. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        subcommands = HoldCommand.class,
        description = "Runs scenarios on clusters made of namespaces on this machine.")
public final class LabCommand {
    @Command(name = "list", description = "Lists the scenarios, and labs that were kept.")
    int list() {
        Scenarios.all().forEach(s -> System.out.printf("%-8s %s%n", s.name(), s.description()));
        for (KeptLab lab : KeptLab.all()) {
            System.out.printf(
                    "kept: %s with %s%n",
                    lab.directory(), String.join(", ", new TreeMap<>(lab.hosts()).keySet()));
        }
        return 0;
    }

    @Command(name = "run", description = "Runs a scenario's checks.")
    int run(
            @Parameters(paramLabel = "NAME", description = "see `holdfast lab list`") String name,
            @Option(
                            names = "--json",
                            paramLabel = "FILE",
                            description = "also writes the results there")
                    @Nullable Path json,
            @Option(names = "--keep", description = "leaves the lab up") boolean keep)
            throws InterruptedException {
        Scenario scenario = Scenarios.named(name);
        long start = System.nanoTime();
        Checks checks = new Checks(LabCommand::print);
        try {
            scenario.run(checks, keep, text -> System.out.println("        " + text));
        } finally {
            if (json != null) {
                new CheckReport(checks.results()).write(json);
            }
        }
        sumUp(checks, start);
        return checks.allPassed() ? 0 : 1;
    }

    @Command(name = "enter", description = "A shell, or a command, on a host of a kept lab.")
    int enter(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "COMMAND", arity = "0..*") @Nullable List<String> command)
            throws InterruptedException {
        for (KeptLab lab : KeptLab.all()) {
            Long init = lab.hosts().get(host);
            if (init != null) {
                return enter(lab, host, init, command == null ? List.of() : command);
            }
        }
        throw new ProblemException(
                new Problem(
                        "there is no such host in a kept lab",
                        host,
                        KeptLab.all().isEmpty()
                                ? "no lab is being kept"
                                : "see `holdfast lab list` for those there are",
                        "keep a lab with `holdfast demo --keep`"));
    }

    @Command(name = "stop", description = "Stops all kept labs, leaving nothing behind.")
    int stop() throws InterruptedException {
        for (KeptLab lab : KeptLab.all()) {
            lab.stop();
            System.out.println("stopped " + lab.directory());
        }
        return 0;
    }

    private static int enter(KeptLab lab, String host, long init, List<String> command)
            throws InterruptedException {
        List<String> entering =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--target=" + init,
                                "--pid",
                                "--mount",
                                "--net",
                                "--uts",
                                "--"));
        entering.addAll(command.isEmpty() ? List.of("sh", "-i") : command);
        ProcessBuilder builder = new ProcessBuilder(entering).inheritIO();
        builder.environment().put("HOLDFAST_ROOT", lab.directory().resolve(host).toString());
        builder.environment().remove("HOLDFAST_NODE_NAME");
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the host cannot be entered",
                            host,
                            String.valueOf(e.getMessage()),
                            "check that nsenter is installed"),
                    e);
        }
    }

    private static void print(CheckResult check) {
        String word =
                switch (check.result()) {
                    case PASS -> "pass";
                    case FAIL -> "FAIL";
                    case SKIPPED -> "skip";
                };
        System.out.printf("%-5s %-20s %s%n", word, check.id(), check.detail());
    }

    private static void sumUp(Checks checks, long startNanos) {
        List<CheckResult> results = checks.results();
        System.out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %d skipped in %.1f s%n",
                results.stream().filter(r -> r.result() == CheckResult.Outcome.PASS).count(),
                results.stream().filter(r -> r.result() == CheckResult.Outcome.FAIL).count(),
                results.stream().filter(r -> r.result() == CheckResult.Outcome.SKIPPED).count(),
                (System.nanoTime() - startNanos) / 1e9);
    }
}
