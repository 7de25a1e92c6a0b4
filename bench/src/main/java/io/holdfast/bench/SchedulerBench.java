package io.holdfast.bench;

import io.holdfast.bench.GeneratedCib.State;
import io.holdfast.cib.Cib;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.Transition;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a decision costs on one thread: ours in a warm process, parsing apart, beside one run of
 * {@code crm_simulate -x FILE -Q -G GRAPH} (which parses, decides and writes the graph) on the same
 * generated CIB.
 */
@Command(
        name = "scheduler",
        description = "Decides generated clusters of many sizes, beside Debian's crm_simulate.",
        mixinStandardHelpOptions = true)
final class SchedulerBench implements Callable<Integer> {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_100L);
    private static final String PEER = "crm_simulate";

    @Option(
            names = "--sizes",
            split = ",",
            description = "resources x nodes (default ${DEFAULT-VALUE})")
    List<String> sizes = List.of("100x2", "1000x2", "1000x8", "1000x16", "1000x32", "5000x32");

    @Option(
            names = "--states",
            split = ",",
            description = "of ${COMPLETION-CANDIDATES}; default all")
    List<State> states = List.of(State.values());

    @Option(names = "--runs", description = "warm decisions a median is of (default 5)")
    int runs = 5;

    @Option(
            names = "--peer-seconds",
            description =
                    "processor seconds a call of another process may take (default 120); 0: none")
    int peerSeconds = 120;

    @Option(
            names = "--cases",
            paramLabel = "DIR",
            description = "also decide and play through every DIR/*.xml, all in one process")
    @Nullable Path cases;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getenv().getOrDefault("HOLDFAST_HOME", "."));
        Path folder = Files.createTempDirectory("holdfast-bench-");
        boolean peer = peerSeconds > 0 && ChildProcess.isInstalled(PEER);
        boolean whole = peerSeconds > 0 && hasSimulateCommand(home);
        if (!peer) {
            System.err.println(
                    PEER
                            + " is not asked: "
                            + (peerSeconds > 0
                                    ? "install pacemaker-cli-utils"
                                    : "--peer-seconds 0"));
        }
        if (!whole) {
            System.err.println(
                    "no whole process of ours is measured: holdfast has no command crm_simulate here");
        }
        ResultTable table =
                new ResultTable(
                        "scheduler",
                        "resources x nodes",
                        "state",
                        "CIB MB",
                        "actions",
                        "decide, warm ms (CPU ms)",
                        "parse ms",
                        "heap peak MB",
                        "holdfast crm_simulate CPU s",
                        PEER + " CPU s",
                        "goal");
        boolean missed = false;
        try {
            for (String size : sizes) {
                for (State state : states) {
                    GeneratedCib cluster = cluster(size, state);
                    System.err.println(cluster.size() + " " + state + " ...");
                    Path file = folder.resolve("cib.xml");
                    cluster.write(file);
                    Warm warm = measure(file);
                    int goal = goalMillis(cluster);
                    missed |= goal > 0 && warm.cpuMillis() > goal;
                    table.row(
                            cluster.size(),
                            state.name().toLowerCase(Locale.ROOT),
                            String.format(Locale.ROOT, "%.1f", Files.size(file) / 1e6),
                            Integer.toString(warm.actions()),
                            String.format(
                                    Locale.ROOT,
                                    "%.1f (%.1f)",
                                    warm.wallMillis(),
                                    warm.cpuMillis()),
                            String.format(Locale.ROOT, "%.0f", warm.parseMillis()),
                            Long.toString(warm.peakBytes() >> 20),
                            whole
                                    ? ChildProcess.cpuSeconds(
                                            peerSeconds,
                                            simulate(home.resolve("holdfast").toString(), file))
                                    : "",
                            peer ? ChildProcess.cpuSeconds(peerSeconds, simulate(PEER, file)) : "",
                            goal > 0 ? "<= " + goal + " ms" : "");
                }
            }
        } finally {
            for (String name : List.of("cib.xml", "graph.xml")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
        if (cases != null) {
            addCases(table, home, cases);
        }
        table.publish(home);
        return missed ? 1 : 0;
    }

    private void addCases(ResultTable table, Path home, Path inputs)
            throws IOException, InterruptedException {
        Path output = Files.createTempDirectory("holdfast-bench-");
        List<String> command =
                List.of(
                        home.resolve("holdfast").toString(),
                        "crm_simulate",
                        "--batch",
                        inputs.toString(),
                        "--out",
                        output.toString());
        String cpu = ChildProcess.cpuSeconds(Math.max(1, peerSeconds), command);
        long count;
        try (Stream<Path> written = Files.list(output)) {
            List<Path> files = written.toList();
            count = files.stream().filter(file -> file.toString().endsWith(".summary")).count();
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(output);
        String size = count + " cases, -S and -s, in one process";
        table.row(size, "", "", "", "", "", "", cpu, "", "<= 20 s");
    }

    /** What is asked for, in processor milliseconds; 0 where nothing is. */
    private static int goalMillis(GeneratedCib cluster) {
        return switch (cluster.size()) {
            case "1000 x 16" -> cluster.state() == State.UNPROBED ? 0 : 100;
            case "1000 x 32" -> cluster.state() == State.UNPROBED ? 1000 : 0;
            case "5000 x 32" -> cluster.state() == State.UNPROBED ? 0 : 1000;
            default -> 0;
        };
    }

    private static GeneratedCib cluster(String size, State state) {
        String[] parts = size.split("x", 2);
        return new GeneratedCib(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), state);
    }

    private static List<String> simulate(String program, Path cib) {
        List<String> line =
                List.of(
                        "-x",
                        cib.toString(),
                        "-Q",
                        "-G",
                        cib.resolveSibling("graph.xml").toString());
        return program.equals(PEER)
                ? concat(List.of(program), line)
                : concat(List.of(program, "crm_simulate"), line);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static boolean hasSimulateCommand(Path home) throws IOException, InterruptedException {
        return new ProcessBuilder(home.resolve("holdfast").toString(), "crm_simulate", "--help")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** Medians of one cluster. */
    private record Warm(
            int actions, double wallMillis, double cpuMillis, double parseMillis, long peakBytes) {}

    private Warm measure(Path file) {
        resetPeaks();
        double[] parse = new double[2];
        Cib cib = Cib.read(file);
        for (int run = 0; run < parse.length; run++) {
            long start = System.nanoTime();
            cib = Cib.read(file);
            parse[run] = (System.nanoTime() - start) / 1e6;
        }
        warmUp(cib);
        double[] wall = new double[runs];
        double[] cpu = new double[runs];
        int actions = 0;
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Transition transition = Scheduler.schedule(cib, NOW);
            cpu[run] =
                    (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu)
                            / 1e6;
            wall[run] = (System.nanoTime() - start) / 1e6;
            actions = transition.actions().size();
        }
        return new Warm(
                actions,
                median(wall),
                median(cpu),
                Arrays.stream(parse).min().orElseThrow(),
                peakBytes());
    }

    /** Until the compiler has had its time: three seconds or sixty decisions, and two at least. */
    private static void warmUp(Cib cib) {
        long until = System.nanoTime() + 3_000_000_000L;
        for (int run = 0; run < 60 && (run < 2 || System.nanoTime() < until); run++) {
            Scheduler.schedule(cib, NOW);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void resetPeaks() {
        System.gc();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peakBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
