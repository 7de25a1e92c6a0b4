package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition.Step;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.OperationResult;
import io.holdfast.scheduler.text.SimulateText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code what-if}: what would happen after an event, in which order, and what is interrupted. */
@Command(
        name = "what-if",
        description = "Tells what the cluster would do if something happened. Nothing is changed.",
        sortOptions = false)
final class WhatIfCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 7;

    @Option(names = "--node-down", paramLabel = "NODE", description = "a node is lost")
    private List<String> nodesDown = new ArrayList<>();

    @Option(
            names = "--resource-fail",
            paramLabel = "R",
            description = "a resource is found not running where it should")
    private List<String> resourcesFailed = new ArrayList<>();

    @Option(
            names = {"--cib", "-x"},
            paramLabel = "FILE",
            description = "a CIB with its status; else that of the running cluster")
    private @Nullable Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean help;

    private final CibSource source;
    private final PrintStream out;

    WhatIfCommand(CibSource source, PrintStream out) {
        this.source = source;
        this.out = out;
    }

    @Override
    public Integer call() {
        CibSource.Found found = source.find(file, false, false);
        if (file == null) {
            CibSource.requireStatus(found);
        }
        Cib cib = found.usable();
        Instant now = SimulateCommand.clock(cib.root(), null);
        Cluster before = Scheduler.status(cib.root(), now);
        Injections injections = injections(before);
        SimulateText.Report report =
                SimulateText.run(cib.root(), now, new SimulateText.Options(null, true), injections);
        actions(report.text());
        outcome(before, report.output(), now, report);
        return report.valid() ? ExitCode.OK : ExitCode.ERROR;
    }

    private Injections injections(Cluster status) {
        for (String name : nodesDown) {
            if (status.node(name) == null) {
                throw wrong(name, "there is no such node", "see `holdfast status` for the names");
            }
        }
        List<OperationResult> failures = new ArrayList<>();
        for (String id : resourcesFailed) {
            failures.add(failure(status, id));
        }
        if (nodesDown.isEmpty() && failures.isEmpty()) {
            throw wrong(
                    "what-if", "no event is given", "add --node-down NODE or --resource-fail R");
        }
        nodesDown.forEach(name -> out.println("If node " + name + " is lost:"));
        failures.forEach(
                failure ->
                        out.println(
                                "If " + failure.resource() + " fails on " + failure.node() + ":"));
        return new Injections(
                null, null, List.of(), List.of(), nodesDown, List.of(), List.of(), List.of(),
                List.of(), failures, List.of());
    }

    /** Its recurring monitor, as configured or every ten seconds, finds it not running. */
    private static OperationResult failure(Cluster status, String id) {
        Resource resource = status.resource(id);
        if (resource == null || !resource.isPrimitive()) {
            throw wrong(
                    id, "there is no such primitive", "name a primitive, or an instance like db:0");
        }
        if (resource.active.isEmpty()) {
            throw wrong(id, "it does not run, so it cannot fail", "name one that runs");
        }
        Node node = resource.active.getFirst();
        return new OperationResult(id, "monitor", 10_000, node.name, NOT_RUNNING);
    }

    private void actions(String text) {
        List<String> deeds = new ArrayList<>();
        boolean playing = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("Executing Cluster Transition:")) {
                playing = true;
            } else if (line.isEmpty()) {
                playing = false;
            } else if (playing && isDeed(line)) {
                deeds.add(
                        line.replaceFirst("^ *\\* (Resource action: )?", "").replaceAll(" +", " "));
            }
        }
        out.println(deeds.isEmpty() ? "Nothing would be done." : "In this order:");
        for (int i = 0; i < deeds.size(); i++) {
            out.println("  " + (i + 1) + ". " + deeds.get(i));
        }
    }

    /** Not points of order, nor what only watches. */
    private static boolean isDeed(String line) {
        return line.contains("Fencing ")
                || (line.contains("Resource action: ")
                        && line.matches(
                                ".* (start|stop|promote|demote|migrate_to|migrate_from) on .*"));
    }

    private void outcome(Cluster before, Element after, Instant now, SimulateText.Report report) {
        Map<String, Service> were = Service.of(before);
        Map<String, Service> are = Service.of(Scheduler.status(after, now));
        Set<String> stopped = stopped(report);
        List<String> lines = new ArrayList<>();
        were.forEach(
                (id, was) -> {
                    String line = was.compare(are.get(id), isTouched(was, stopped));
                    if (line != null) {
                        lines.add(id + ": " + line);
                    }
                });
        out.println(lines.isEmpty() ? "No service would be interrupted." : "Services:");
        lines.forEach(line -> out.println("  " + line));
    }

    private boolean isTouched(Service was, Set<String> stopped) {
        return stopped.contains(was.id())
                || resourcesFailed.contains(was.id())
                || nodesDown.stream().anyMatch(was.nodes()::contains);
    }

    private static Set<String> stopped(SimulateText.Report report) {
        Set<String> stopped = new TreeSet<>();
        if (report.transition() != null) {
            for (Step step : report.transition().actions()) {
                if (step.resource() != null && step.task().equals("stop")) {
                    stopped.add(step.resource().id());
                }
            }
        }
        return stopped;
    }

    private static OfflineFailure wrong(String object, String what, String remedy) {
        return new OfflineFailure(
                ExitCode.USAGE, new Problem(what, object, "the command line says so", remedy));
    }
}
