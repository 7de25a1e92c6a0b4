package io.holdfast.daemon.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.explain.Explain;
import io.holdfast.scheduler.explain.Explanation;
import io.holdfast.scheduler.explain.ExplanationText;
import io.holdfast.scheduler.model.Cluster;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain resource R}: why it is where it is, not elsewhere, and what would move it. */
@Command(
        name = "explain",
        description = {
            "%nTells why a resource is where it is: each node's score and what it is made of, what"
                    + " failed and until when that counts, and what would bring it elsewhere. All of"
                    + " it comes from the calculation that decides.%n"
        },
        footer = {
            "%nExamples:%n",
            "  holdfast explain resource web",
            "  holdfast explain resource web --cib cib.xml --json%n",
            "Exit codes: 0 done, 64 wrong usage, 66 no input, 78 the CIB is not valid."
        },
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

    @Option(names = "--json", description = "for programs")
    private boolean json;

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
    public Integer call() throws JsonProcessingException {
        if (!subject.equals("resource")) {
            throw wrong(subject, "only a resource can be explained", "type: explain resource R");
        }
        CibSource.Found found = source.find(file, false, false);
        if (found.isLive()) {
            CibSource.requireStatus(found);
        }
        Cib cib = found.usable();
        Cluster cluster =
                new Cluster(cib.root(), SimulateCommand.clock(cib.root(), null).getEpochSecond());
        cluster.collectShares = true;
        Scheduler.schedule(cluster);
        List<Explanation> explanations = Explain.resource(cluster, id, ZoneId.systemDefault());
        if (explanations.isEmpty()) {
            throw wrong(
                    id,
                    "there is no such resource in " + found.name(),
                    "name one of: "
                            + String.join(
                                    ", ",
                                    cluster.resources.stream().map(each -> each.id).toList()));
        }
        if (json) {
            out.println(
                    new ObjectMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(explanations));
            return ExitCode.OK;
        }
        if (explanations.size() > 1) {
            out.println(id + " consists of:");
        }
        explanations.forEach(explanation -> out.print(ExplanationText.of(explanation)));
        return ExitCode.OK;
    }

    private static OfflineFailure wrong(String object, String what, String remedy) {
        return new OfflineFailure(
                ExitCode.USAGE, new Problem(what, object, "the command line says so", remedy));
    }
}
