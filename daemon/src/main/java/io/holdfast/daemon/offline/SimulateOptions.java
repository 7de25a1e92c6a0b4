package io.holdfast.daemon.offline;

import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.OperationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code crm_simulate} can be told, in the groups and under the names of Pacemaker's tool. */
final class SimulateOptions {
    private SimulateOptions() {}

    /** Where the CIB comes from. */
    static final class Source {
        @Option(
                names = {"-L", "--live-check"},
                description = "the running cluster's CIB, as this node's clusterd knows it")
        boolean live;

        @Option(
                names = {"-x", "--xml-file"},
                paramLabel = "FILE",
                description = "the CIB in a file")
        @Nullable Path file;

        @Option(
                names = {"-p", "--xml-pipe"},
                description = "the CIB on standard input")
        boolean pipe;
    }

    /** What is done with it. */
    static final class Operations {
        @Option(
                names = {"-R", "--run"},
                description = "show what the cluster would do")
        boolean run;

        @Option(
                names = {"-S", "--simulate"},
                description = "like --run; play it through, too, and show the state afterwards")
        boolean simulate;

        @Option(
                names = {"-X", "--in-place"},
                description = "like --simulate; write the CIB after it back to the input file")
        boolean inPlace;

        @Option(
                names = {"-A", "--show-attrs"},
                description = "show the attributes of nodes")
        boolean attributes;

        @Option(
                names = {"-c", "--show-failcounts"},
                description = "show what failed, how often and how")
        boolean failCounts;

        @Option(
                names = {"-s", "--show-scores"},
                description = "show the scores behind each decision")
        boolean scores;

        @Option(
                names = {"-U", "--show-utilization"},
                description = "show what nodes can carry and what resources take of it")
        boolean utilization;

        @Option(
                names = {"-P", "--profile"},
                paramLabel = "DIR",
                description = "decide every DIR/*.xml and show how long each takes")
        @Nullable Path profile;

        @Option(
                names = {"-N", "--repeat"},
                paramLabel = "N",
                description = "with --profile: decide each so many times")
        int repeat = 1;
    }

    /** What is pretended to have happened. */
    static final class Events {
        @Option(
                names = {"-u", "--node-up"},
                paramLabel = "NODE",
                description = "a node came")
        List<String> nodesUp = new ArrayList<>();

        @Option(
                names = {"-d", "--node-down"},
                paramLabel = "NODE",
                description = "a node went in an orderly way")
        List<String> nodesDown = new ArrayList<>();

        @Option(
                names = {"-f", "--node-fail"},
                paramLabel = "NODE",
                description = "a node was lost")
        List<String> nodesFailed = new ArrayList<>();

        @Option(
                names = {"-i", "--op-inject"},
                paramLabel = "OPSPEC",
                description = "an operation ended so; see below")
        List<String> operations = new ArrayList<>();

        @Option(
                names = {"-F", "--op-fail"},
                paramLabel = "OPSPEC",
                description = "an operation of the simulation ends so, and the transition with it")
        List<String> failing = new ArrayList<>();

        @Option(
                names = {"-t", "--set-datetime"},
                paramLabel = "DATETIME",
                description = "it is this time (ISO 8601)")
        @Nullable String date;

        @Option(
                names = {"-q", "--quorum"},
                paramLabel = "0|1",
                description = "there is quorum, or is not")
        @Nullable String quorum;

        @Option(
                names = {"-w", "--watchdog"},
                paramLabel = "0|1",
                description = "a watchdog is active, or is not")
        @Nullable String watchdog;

        @Option(
                names = {"-g", "--ticket-grant"},
                paramLabel = "TICKET",
                description = "a ticket is granted")
        List<String> granted = new ArrayList<>();

        @Option(
                names = {"-r", "--ticket-revoke"},
                paramLabel = "TICKET",
                description = "a ticket is revoked")
        List<String> revoked = new ArrayList<>();

        @Option(
                names = {"-b", "--ticket-standby"},
                paramLabel = "TICKET",
                description = "a ticket is in standby")
        List<String> standby = new ArrayList<>();

        @Option(
                names = {"-e", "--ticket-activate"},
                paramLabel = "TICKET",
                description = "a ticket is active again")
        List<String> activated = new ArrayList<>();

        Injections injections(List<OperationResult> injected, List<OperationResult> failures) {
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
                    failures);
        }
    }

    /** What is written to files. */
    static final class Artifacts {
        @Option(
                names = {"-I", "--save-input"},
                paramLabel = "FILE",
                description = "the CIB with what is pretended")
        @Nullable Path input;

        @Option(
                names = {"-O", "--save-output"},
                paramLabel = "FILE",
                description = "the CIB after the simulation")
        @Nullable Path output;

        @Option(
                names = {"-G", "--save-graph"},
                paramLabel = "FILE",
                description = "the transition graph (XML)")
        @Nullable Path graph;

        @Option(
                names = {"-D", "--save-dotfile"},
                paramLabel = "FILE",
                description = "the transition graph (Graphviz)")
        @Nullable Path dot;

        @Option(
                names = {"-a", "--all-actions"},
                description = "draw actions that need not be done, too")
        boolean allActions;

        @Option(
                names = "--batch",
                paramLabel = "DIR",
                description =
                        "decide every DIR/*.xml, with the options in DIR/../args.tsv if it is there")
        @Nullable Path batch;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "where --batch writes NAME.summary, .scores, .exp and .dot")
        @Nullable Path batchOutput;
    }

    /** How it is shown. */
    static final class Output {
        @Option(names = "--output-as", paramLabel = "FORMAT", description = "text (default) or xml")
        String form = "text";

        @Option(
                names = "--output-to",
                paramLabel = "FILE",
                description = "write there; - is standard output")
        @Nullable String to;

        @Option(
                names = {"-Q", "--quiet"},
                description = "show nothing but scores and capacities")
        boolean quiet;

        @Option(
                names = {"-j", "--pending"},
                description = "show what is under way (always so)")
        @SuppressWarnings("unused") // known to picocli alone
        boolean pending;

        @Option(
                names = "--text-fancy",
                description = "lists with headings (so unless scores or capacities are shown)")
        @SuppressWarnings("unused") // known to picocli alone
        boolean fancy;

        @Option(
                names = {"-V", "--verbose"},
                description = "tell what is doubtful in the CIB, too")
        boolean[] verbose = {};

        @Option(
                names = {"-$", "--version"},
                versionHelp = true,
                description = "show the version")
        @SuppressWarnings("unused") // known to picocli alone
        boolean version;

        @Option(
                names = {"-h", "-?", "--help", "--help-all"},
                usageHelp = true,
                description = "show this")
        @SuppressWarnings("unused") // known to picocli alone
        boolean help;
    }
}
