package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlWriter;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.rules.Dates;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.OperationResult;
import io.holdfast.scheduler.text.DotText;
import io.holdfast.scheduler.text.GraphXml;
import io.holdfast.scheduler.text.SimulateText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm_simulate}: what the cluster would do, now or after an event. */
@Command(
        name = "crm_simulate",
        description = {
            "Shows what the cluster would do: from a file, or as it runs; now, or after an event.",
            "Nothing is changed. An operation is written RESOURCE_TASK_INTERVAL@NODE=CODE,"
                    + " such as web_monitor_10000@n1=7."
        },
        footer = {
            "%nExit codes: 0 done, 1 the transition cannot be played through, 64 wrong usage,"
                    + " 66 no input, 73 cannot write, 78 the CIB is not valid."
        },
        sortOptions = false,
        mixinStandardHelpOptions = false)
final class SimulateCommand implements Callable<Integer> {
    @Option(
            names = {"-x", "--xml-file"},
            paramLabel = "FILE",
            description = "the CIB to decide from")
    private @Nullable Path file;

    @Option(
            names = {"-p", "--xml-pipe"},
            description = "read the CIB from standard input")
    private boolean pipe;

    @Option(
            names = {"-L", "--live-check"},
            description = "take the running cluster's CIB (also without any source)")
    private boolean live;

    @Option(
            names = {"-R", "--run"},
            description = "show what would be done (always so)")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean run;

    @Option(
            names = {"-S", "--simulate"},
            description = "play it through, too, and show the state afterwards")
    private boolean simulate;

    @Option(
            names = {"-s", "--show-scores"},
            description = "show the scores behind each decision")
    private boolean scores;

    @Option(
            names = {"-Q", "--quiet"},
            description = "show nothing but the scores")
    private boolean quiet;

    @Option(
            names = {"-j", "--pending"},
            description = "show what is under way (always so)")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean pending;

    @Option(
            names = {"-a", "--all-actions"},
            description = "draw actions that need not be done, too")
    private boolean allActions;

    @Option(
            names = {"-G", "--save-graph"},
            paramLabel = "FILE",
            description = "write the transition graph (XML)")
    private @Nullable Path graphFile;

    @Option(
            names = {"-D", "--save-dotfile"},
            paramLabel = "FILE",
            description = "write the transition graph (Graphviz)")
    private @Nullable Path dotFile;

    @Option(
            names = {"-I", "--save-input"},
            paramLabel = "FILE",
            description = "write the CIB with what is pretended")
    private @Nullable Path inputFile;

    @Option(
            names = {"-O", "--save-output"},
            paramLabel = "FILE",
            description = "write the CIB after the simulation")
    private @Nullable Path outputFile;

    @Option(
            names = {"-t", "--set-datetime"},
            paramLabel = "DATE",
            description = "pretend a time (ISO 8601)")
    private @Nullable String date;

    @Option(
            names = {"-u", "--node-up"},
            paramLabel = "NODE",
            description = "pretend that a node came")
    private List<String> nodesUp = new ArrayList<>();

    @Option(
            names = {"-d", "--node-down"},
            paramLabel = "NODE",
            description = "pretend that a node went in an orderly way")
    private List<String> nodesDown = new ArrayList<>();

    @Option(
            names = {"-f", "--node-fail"},
            paramLabel = "NODE",
            description = "pretend that a node was lost")
    private List<String> nodesFailed = new ArrayList<>();

    @Option(
            names = {"-i", "--op-inject"},
            paramLabel = "OPERATION",
            description = "pretend that an operation ended so")
    private List<String> operations = new ArrayList<>();

    @Option(
            names = {"-F", "--op-fail"},
            paramLabel = "OPERATION",
            description = "let an operation of the simulation end so")
    private List<String> failing = new ArrayList<>();

    @Option(
            names = {"-q", "--quorum"},
            paramLabel = "0|1",
            description = "pretend that there is quorum, or is not")
    private @Nullable String quorum;

    @Option(
            names = {"-w", "--watchdog"},
            paramLabel = "0|1",
            description = "pretend that a watchdog is active, or is not")
    private @Nullable String watchdog;

    @Option(
            names = {"-g", "--ticket-grant"},
            paramLabel = "TICKET",
            description = "pretend that a ticket is granted")
    private List<String> granted = new ArrayList<>();

    @Option(
            names = {"-r", "--ticket-revoke"},
            paramLabel = "TICKET",
            description = "pretend that a ticket is revoked")
    private List<String> revoked = new ArrayList<>();

    @Option(
            names = {"-b", "--ticket-standby"},
            paramLabel = "TICKET",
            description = "pretend that a ticket is in standby")
    private List<String> standby = new ArrayList<>();

    @Option(
            names = {"-e", "--ticket-activate"},
            paramLabel = "TICKET",
            description = "pretend that a ticket is active again")
    private List<String> activated = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "DIR",
            description =
                    "decide every DIR/*.xml, with the options in DIR/../args.tsv if it is there")
    private @Nullable Path batch;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where --batch writes NAME.summary, .scores, .exp and .dot")
    private @Nullable Path batchOutput;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean help;

    private final CibSource source;
    private final PrintStream out;
    private final PrintStream err;

    SimulateCommand(CibSource source, PrintStream out, PrintStream err) {
        this.source = source;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        if (batch != null) {
            return batch(batch);
        }
        CibSource.Found found = source.find(file, pipe, live);
        if (file == null && !pipe) {
            CibSource.requireStatus(found);
        }
        Cib cib = found.usable();
        Instant now = clock(cib);
        Injections injections = injections(Scheduler.status(cib.root(), now));
        SimulateText.Options options =
                new SimulateText.Options(date, true, simulate, scores, quiet);
        SimulateText.Report report = SimulateText.run(cib.root(), now, options, injections);
        out.print(report.text());
        write(inputFile, () -> XmlWriter.indented(report.input()));
        write(graphFile, () -> graph(report));
        write(dotFile, () -> DotText.of(report.cluster(), allActions));
        write(outputFile, () -> XmlWriter.indented(report.output()));
        return report.valid() ? ExitCode.OK : ExitCode.ERROR;
    }

    private int batch(Path folder) throws IOException {
        if (batchOutput == null) {
            throw misuse("--batch", "where to write is not said", "add --out OUTDIR");
        }
        return new SimulateBatch(folder, batchOutput, out, err).run();
    }

    static String graph(SimulateText.Report report) {
        return report.transition() == null
                ? ""
                : XmlWriter.indented(GraphXml.of(report.transition()));
    }

    /** The time that was given, or the CIB's own, or that of now. */
    private Instant clock(Cib cib) {
        return clock(cib.root(), date);
    }

    static Instant clock(Element cib, @Nullable String date) {
        if (date != null) {
            OffsetDateTime parsed = Dates.parse(date);
            if (parsed == null) {
                throw misuse(
                        "-t " + date,
                        "this is no date",
                        "write it like 2026-11-21 05:30:00 or 2026-11-21T05:30Z");
            }
            return parsed.toInstant();
        }
        String recorded = cib.attribute("execution-date");
        if (recorded != null && recorded.matches("[0-9]{1,12}")) {
            return Instant.ofEpochSecond(Long.parseLong(recorded));
        }
        return Instant.now();
    }

    private Injections injections(Cluster status) {
        for (List<String> nodes : List.of(nodesUp, nodesDown, nodesFailed)) {
            nodes.forEach(node -> requireNode(status, node));
        }
        List<OperationResult> injected =
                operations.stream().map(SimulateCommand::operation).toList();
        for (OperationResult spec : injected) {
            requireNode(status, spec.node());
            if (status.resource(spec.resource()) == null) {
                throw misuse(
                        spec.toString(),
                        "there is no resource " + spec.resource(),
                        "name a resource, or an instance such as web:0");
            }
        }
        return new Injections(
                quorum,
                watchdog,
                nodesUp,
                nodesDown,
                nodesFailed,
                granted,
                revoked,
                standby,
                activated,
                injected,
                failing.stream().map(SimulateCommand::operation).toList());
    }

    private static void requireNode(Cluster status, String node) {
        if (status.node(node) == null) {
            List<String> names = status.nodes.stream().map(known -> known.name).toList();
            throw misuse(
                    node,
                    "there is no such node in the CIB",
                    "name one of: " + String.join(", ", names));
        }
    }

    private static OperationResult operation(String text) {
        OperationResult parsed = OperationResult.parse(text);
        if (parsed == null) {
            throw misuse(
                    text,
                    "this is no operation with its result",
                    "write RESOURCE_TASK_INTERVAL@NODE=CODE, such as web_monitor_10000@n1=7");
        }
        return parsed;
    }

    private static OfflineFailure misuse(String object, String what, String remedy) {
        return new OfflineFailure(
                ExitCode.USAGE, new Problem(what, object, "the command line says so", remedy));
    }

    private interface Content {
        String text();
    }

    private static void write(@Nullable Path path, Content content) {
        if (path == null) {
            return;
        }
        try {
            Files.writeString(path, content.text());
        } catch (IOException e) {
            throw new OfflineFailure(
                    ExitCode.CANNOT_CREATE,
                    new Problem(
                            "cannot be written",
                            path.toString(),
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "name a place where this user may write"));
        }
    }
}
