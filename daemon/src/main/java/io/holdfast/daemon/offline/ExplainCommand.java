package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain resource R}: why it is where it is, and not elsewhere. */
@Command(
        name = "explain",
        description =
                "Tells why a resource is where it is: each node's score and what counts for it.",
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "resource", description = "the word resource")
    private String subject = "";

    @Parameters(index = "1", paramLabel = "R", description = "the resource's id")
    private String id = "";

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

    ExplainCommand(CibSource source, PrintStream out) {
        this.source = source;
        this.out = out;
    }

    @Override
    public Integer call() {
        if (!subject.equals("resource")) {
            throw wrong(subject, "only a resource can be explained", "type: explain resource R");
        }
        CibSource.Found found = source.find(file, false, false);
        if (file == null) {
            CibSource.requireStatus(found);
        }
        Cib cib = found.usable();
        Cluster cluster =
                new Cluster(cib.root(), SimulateCommand.clock(cib.root(), null).getEpochSecond());
        Scheduler.schedule(cluster);
        Resource resource = cluster.resource(id);
        if (resource == null) {
            throw wrong(
                    id,
                    "there is no such resource in " + found.name(),
                    "name one of: "
                            + String.join(
                                    ", ",
                                    cluster.resources.stream().map(each -> each.id).toList()));
        }
        explain(resource);
        return ExitCode.OK;
    }

    private void explain(Resource resource) {
        if (!resource.isPrimitive()) {
            out.println(resource.id + " consists of:");
            resource.children.forEach(this::explain);
            return;
        }
        out.println(now(resource));
        out.println(next(resource));
        for (String action : Reasons.ofActions(resource)) {
            out.println("  " + action);
        }
        out.println("Nodes:");
        for (Node node : resource.cluster.nodes) {
            out.println("  " + node.name + ": " + Reasons.verdict(resource, node));
            for (String reason : Reasons.ofScore(resource, node)) {
                out.println("    " + reason);
            }
        }
        List<String> others = Reasons.ofRelations(resource);
        if (!others.isEmpty()) {
            out.println("Also counts:");
            others.forEach(line -> out.println("  " + line));
        }
        out.println();
    }

    private static String now(Resource resource) {
        List<String> nodes = resource.active.stream().map(node -> node.name).toList();
        return resource.id
                + " is "
                + (nodes.isEmpty()
                        ? "not running."
                        : resource.role.text().toLowerCase(java.util.Locale.ROOT)
                                + " on "
                                + String.join(", ", nodes)
                                + (resource.failed ? ", and has failed there." : "."));
    }

    private static String next(Resource resource) {
        if (!resource.managed) {
            return "The cluster leaves it alone: it is unmanaged.";
        }
        if (resource.assigned == null) {
            return "No node may run it.";
        }
        return "It belongs on "
                + resource.assigned.node.name
                + ", as "
                + resource.nextRole.text().toLowerCase(java.util.Locale.ROOT)
                + ".";
    }

    private static OfflineFailure wrong(String object, String what, String remedy) {
        return new OfflineFailure(
                ExitCode.USAGE, new Problem(what, object, "the command line says so", remedy));
    }
}
