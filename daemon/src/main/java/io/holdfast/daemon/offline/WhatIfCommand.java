package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.OperationResult;
import io.holdfast.scheduler.simulate.Simulation;
import io.holdfast.scheduler.text.SimulateText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code what-if}: what would happen after an event, in which order, and what is interrupted. */
@Command(
        name = "what-if",
        description = {
            "%nTells what the cluster would do if something happened: in which order, which services"
                    + " would be interrupted, and for how many steps. Nothing is changed.%n"
        },
        footer = {
            "%nExamples:%n",
            "  holdfast what-if --node-down n1",
            "  holdfast what-if --standby n1 --cib cib.xml%n",
            "Exit codes: 0 done, 1 the transition cannot be played through, 64 wrong usage, 66 no"
                    + " input, 78 the CIB is not valid."
        },
        sortOptions = false)
final class WhatIfCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 7;
    private static final long USUAL_INTERVAL_MILLIS = 10_000;

    @Option(names = "--node-down", paramLabel = "NODE", description = "a node is lost")
    private List<String> nodesDown = new ArrayList<>();

    @Option(names = "--node-up", paramLabel = "NODE", description = "a node comes")
    private List<String> nodesUp = new ArrayList<>();

    @Option(
            names = "--resource-fail",
            paramLabel = "R",
            description = "a resource is found not running where it should, by its monitor")
    private List<String> resourcesFailed = new ArrayList<>();

    @Option(
            names = "--standby",
            paramLabel = "NODE",
            description = "a node is put in standby: nothing is to run there")
    private List<String> standby = new ArrayList<>();

    @Option(
            names = "--maintenance",
            paramLabel = "NODE|all",
            description = "the cluster leaves alone what runs on a node, or everything")
    private List<String> maintenance = new ArrayList<>();

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
        if (found.isLive()) {
            CibSource.requireStatus(found);
        }
        Cib cib = found.usable();
        Instant now = SimulateCommand.clock(cib.root(), null);
        Cluster before = Scheduler.status(cib.root(), now);
        List<OperationResult> failures =
                resourcesFailed.stream().map(id -> failure(before, id)).toList();
        requireAnEvent();
        requireNodes(before);
        tellEvents(failures);
        Injections injections =
                Injections.NONE.withNodes(nodesUp, List.of(), nodesDown).withOperations(failures);
        SimulateText.Report report =
                SimulateText.run(
                        withSettings(cib.root()),
                        now,
                        new SimulateText.Options(null, true),
                        injections);
        Simulation.Result played = report.played();
        Deeds deeds = Deeds.of(played == null ? List.of() : played.events());
        tellDeeds(deeds);
        tellServices(before, Scheduler.status(report.output(), now), deeds);
        return report.valid() ? ExitCode.OK : ExitCode.ERROR;
    }

    private Element withSettings(Element cib) {
        Element changed = cib;
        for (String node : standby) {
            changed = PretendedSettings.nodeAttribute(changed, node, "standby", "on");
        }
        for (String node : maintenance) {
            changed =
                    node.equals("all")
                            ? PretendedSettings.clusterOption(changed, "maintenance-mode", "true")
                            : PretendedSettings.nodeAttribute(changed, node, "maintenance", "true");
        }
        return changed;
    }

    private void requireAnEvent() {
        if (nodesDown.isEmpty()
                && nodesUp.isEmpty()
                && resourcesFailed.isEmpty()
                && standby.isEmpty()
                && maintenance.isEmpty()) {
            throw wrong(
                    "what-if",
                    "no event is given",
                    "add --node-down NODE, --node-up NODE, --resource-fail R, --standby NODE or"
                            + " --maintenance NODE");
        }
    }

    private void requireNodes(Cluster status) {
        List<String> names = new ArrayList<>(maintenance);
        names.remove("all");
        names.addAll(nodesDown);
        names.addAll(nodesUp);
        names.addAll(standby);
        for (String name : names) {
            if (status.node(name) == null) {
                throw wrong(
                        name,
                        "there is no such node",
                        "name one of: "
                                + String.join(
                                        ", ",
                                        status.nodes.stream().map(node -> node.name).toList()));
            }
        }
    }

    /** Its recurring monitor finds it not running; without one, a probe does. */
    private static OperationResult failure(Cluster status, String id) {
        Resource resource = status.resource(id);
        if (resource == null || !resource.isPrimitive()) {
            throw wrong(
                    id, "there is no such primitive", "name a primitive, or an instance like db:0");
        }
        if (resource.active.isEmpty()) {
            throw wrong(id, "it does not run, so it cannot fail", "name one that runs");
        }
        return new OperationResult(
                id,
                "monitor",
                monitorInterval(resource),
                resource.active.getFirst().name,
                NOT_RUNNING);
    }

    /** How often it is looked at in its present role; every ten seconds if that is not said. */
    private static long monitorInterval(Resource resource) {
        if (resource.operations == null) {
            return USUAL_INTERVAL_MILLIS;
        }
        long found = USUAL_INTERVAL_MILLIS;
        for (Element operation : resource.operations.children("op")) {
            long interval = Values.interval(operation.attribute("interval"));
            if ("monitor".equals(operation.attribute("name")) && interval > 0) {
                String role = operation.attribute("role");
                if (role != null && Role.parse(role) == resource.role) {
                    return interval;
                }
                found = role == null ? interval : found;
            }
        }
        return found;
    }

    private void tellEvents(List<OperationResult> failures) {
        nodesDown.forEach(name -> out.println("If node " + name + " is lost:"));
        nodesUp.forEach(name -> out.println("If node " + name + " comes:"));
        standby.forEach(name -> out.println("If node " + name + " is put in standby:"));
        for (String name : maintenance) {
            String what = name.equals("all") ? "the whole cluster" : "node " + name;
            out.println("If " + what + " is put in maintenance:");
        }
        for (OperationResult failure : failures) {
            out.println(
                    "If "
                            + failure.resource()
                            + " fails on "
                            + failure.node()
                            + " (its monitor every "
                            + (failure.intervalMillis() + 999) / 1000
                            + " s finds it not running):");
        }
    }

    private void tellDeeds(Deeds deeds) {
        List<String> lines = deeds.lines();
        out.println(lines.isEmpty() ? "Nothing would be done." : "In this order:");
        for (int i = 0; i < lines.size(); i++) {
            out.println("  " + (i + 1) + ". " + lines.get(i));
        }
    }

    private void tellServices(Cluster before, Cluster after, Deeds deeds) {
        Map<String, Service> are = Service.of(after);
        List<String> lines = new ArrayList<>();
        Service.of(before)
                .forEach(
                        (id, was) -> {
                            String line = was.compare(are.get(id), deeds, isLostAtOnce(was));
                            if (line != null) {
                                lines.add(id + ": " + line);
                            }
                        });
        out.println(lines.isEmpty() ? "No service would be interrupted." : "Services:");
        lines.forEach(line -> out.println("  " + line));
    }

    private boolean isLostAtOnce(Service was) {
        return resourcesFailed.contains(was.id())
                || (!was.copies() && nodesDown.stream().anyMatch(was.nodes()::contains))
                || nodesDown.stream().anyMatch(was.promoted()::contains);
    }

    private static OfflineFailure wrong(String object, String what, String remedy) {
        return new OfflineFailure(
                ExitCode.USAGE, new Problem(what, object, "the command line says so", remedy));
    }
}
