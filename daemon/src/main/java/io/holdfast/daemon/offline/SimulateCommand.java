package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
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
import io.holdfast.scheduler.text.SimulateXml;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code crm_simulate}: what the cluster would do, now or after an event. */
@Command(
        name = "crm_simulate",
        version = "Holdfast 0.1.0; decides as Pacemaker 3.0",
        customSynopsis = "holdfast crm_simulate [OPTION ...]",
        description = {
            "%nSimulates the cluster's response to events: shows what it would do, from a file or as"
                    + " it runs. Nothing is changed, but with --in-place the file. Without any"
                    + " operation only the present state is shown.%n"
        },
        footer = {
            "%nOperation specification:%n",
            "An OPSPEC is written RESOURCE_TASK_INTERVAL@NODE=CODE, the interval in milliseconds,"
                    + " the code an OCF return code: web_monitor_10000@n1=7.%n",
            "Examples:%n",
            "What would happen if node n1 were lost, and the state afterwards:",
            "  holdfast crm_simulate -LS --node-fail n1%n",
            "A monitor found db stopped, and its stop fails; then what follows from that:",
            "  holdfast crm_simulate -LS -i db_monitor_10000@n1=7 -F db_stop_0@n1=1 -O after.xml",
            "  holdfast crm_simulate -S -x after.xml%n",
            "Exit codes: 0 done, 1 the transition cannot be played through, 64 wrong usage, 66 no"
                    + " input, 73 cannot write, 78 the CIB is not valid, 105 no such output form."
        },
        sortOptions = false,
        mixinStandardHelpOptions = false)
final class SimulateCommand implements Callable<Integer> {
    @ArgGroup(validate = false, heading = "Data source:%n")
    private SimulateOptions.Source from = new SimulateOptions.Source();

    @ArgGroup(validate = false, heading = "%nOperations:%n")
    private SimulateOptions.Operations does = new SimulateOptions.Operations();

    @ArgGroup(validate = false, heading = "%nSynthetic cluster events:%n")
    private SimulateOptions.Events events = new SimulateOptions.Events();

    @ArgGroup(validate = false, heading = "%nArtifacts:%n")
    private SimulateOptions.Artifacts files = new SimulateOptions.Artifacts();

    @ArgGroup(validate = false, heading = "%nOutput:%n")
    private SimulateOptions.Output shown = new SimulateOptions.Output();

    private final CibSource source;
    private final String commandLine;
    private final PrintStream out;
    private final PrintStream err;

    SimulateCommand(CibSource source, String commandLine, PrintStream out, PrintStream err) {
        this.source = source;
        this.commandLine = commandLine;
        this.out = out;
        this.err = err;
    }

    /**
     * Whether the command line was plain enough to be read at once; then {@link #call} may follow.
     */
    boolean readQuickly(List<String> arguments) {
        return new QuickOptions(from, does, files, shown).read(arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (files.batch != null) {
            return batch(files.batch);
        }
        if (does.profile != null) {
            return new SimulateProfile(source, does.profile, does.repeat, out).run();
        }
        requireKnownForm();
        CibSource.Found found = found();
        Cib cib = found.usable();
        tellFindings(found);
        Instant now = clock(cib.root(), events.date);
        Injections injections = injections(() -> Scheduler.status(cib.root(), now));
        SimulateText.Options options = options();
        SimulateText.Report report = SimulateText.run(cib.root(), now, options, injections);
        print(
                shown.form.equals("xml")
                        ? XmlWriter.indented(
                                SimulateXml.of(report, options, injections, commandLine))
                        : report.text());
        save(report);
        return report.valid() ? ExitCode.OK : ExitCode.ERROR;
    }

    private CibSource.Found found() {
        Path file = from.live || from.pipe ? null : from.file;
        if (does.inPlace && file == null) {
            throw misuse("--in-place", "there is no file to write to", "add -x FILE");
        }
        CibSource.Found found = source.find(file, from.pipe && !from.live, from.live);
        if (found.isLive()) {
            CibSource.requireStatus(found);
        }
        return found;
    }

    private SimulateText.Options options() {
        boolean simulate = does.simulate || does.inPlace;
        boolean decide =
                simulate
                        || does.run
                        || does.scores
                        || does.utilization
                        || files.graph != null
                        || files.dot != null;
        return new SimulateText.Options(
                events.date,
                decide,
                simulate,
                does.scores,
                shown.quiet,
                new SimulateText.Details(
                        does.attributes,
                        does.failCounts,
                        does.utilization,
                        ZoneId.systemDefault()));
    }

    private void print(String text) {
        if (shown.to == null || shown.to.equals("-")) {
            out.print(text);
        } else {
            write(Path.of(shown.to), text);
        }
    }

    private void save(SimulateText.Report report) {
        if (files.input != null) {
            write(files.input, XmlWriter.indented(report.input()));
        }
        if (files.graph != null) {
            write(files.graph, graph(report));
        }
        if (files.dot != null) {
            write(files.dot, DotText.of(report.cluster(), files.allActions));
        }
        if (files.output != null) {
            write(files.output, XmlWriter.indented(report.output()));
        }
        if (does.inPlace && from.file != null) {
            write(from.file, XmlWriter.indented(report.output()));
        }
    }

    static String graph(SimulateText.Report report) {
        return report.transition() == null
                ? ""
                : XmlWriter.indented(GraphXml.of(report.transition()));
    }

    private void tellFindings(CibSource.Found found) {
        if (shown.verbose.length > 0) {
            for (Finding finding : found.verified().findings()) {
                err.println(finding.in(found.name()).message());
            }
        }
    }

    private int batch(Path folder) throws IOException {
        if (files.batchOutput == null) {
            throw misuse("--batch", "where to write is not said", "add --out OUTDIR");
        }
        return new SimulateBatch(folder, files.batchOutput, out, err).run();
    }

    private void requireKnownForm() {
        if (!shown.form.equals("text") && !shown.form.equals("xml")) {
            throw new OfflineFailure(
                    ExitCode.UNKNOWN_FORMAT,
                    new Problem(
                            "Unknown output format",
                            "--output-as=" + shown.form,
                            "the output can be text or xml",
                            "write --output-as=text or --output-as=xml"));
        }
    }

    /** The time that was given, or the CIB's own, or that of now. */
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

    private Injections injections(Supplier<Cluster> known) {
        Injections none = events.injections(List.of(), List.of());
        if (!none.changesTheCluster() && events.operations.isEmpty() && events.failing.isEmpty()) {
            return Injections.NONE;
        }
        Cluster status = known.get();
        for (List<String> nodes : List.of(events.nodesUp, events.nodesDown, events.nodesFailed)) {
            nodes.forEach(node -> requireNode(status, node));
        }
        List<OperationResult> injected =
                events.operations.stream().map(SimulateCommand::operation).toList();
        for (OperationResult spec : injected) {
            requireNode(status, spec.node());
            if (status.resource(spec.resource()) == null) {
                throw misuse(
                        spec.toString(),
                        "there is no resource " + spec.resource(),
                        "name a resource, or an instance such as web:0");
            }
        }
        return events.injections(
                injected, events.failing.stream().map(SimulateCommand::operation).toList());
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

    static void write(Path path, String text) {
        try {
            Files.writeString(path, text);
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
