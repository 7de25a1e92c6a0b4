package io.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A volume in process beside the file below it: raw file, unreplicated, protocol B and C over veth.
 * The four take turns in each round (A B C D A B C D ...), so that whatever else the machine does
 * meets all of them; shown are medians of the rounds and how far the rounds lie apart.
 */
@Command(
        name = "replication",
        description =
                "Reads and writes of 4 KiB and 1 MiB at depth 1 and 32: raw file, unreplicated"
                        + " volume, protocols B and C over veth.",
        mixinStandardHelpOptions = true)
final class ReplicationBench implements Callable<Integer> {
    private static final int SMALL = 4 << 10;
    private static final int LARGE = 1 << 20;

    @Option(names = "--rounds", description = "of each figure (default ${DEFAULT-VALUE})")
    int rounds = 5;

    @Option(names = "--millis", description = "of each round (default ${DEFAULT-VALUE})")
    int millis = 1_000;

    @Option(names = "--volume-mib", description = "size of each volume (default ${DEFAULT-VALUE})")
    int volumeMib = 256;

    @Option(names = "--keep-no-result", description = "print the table, write no file")
    boolean keepNoResult;

    private record Load(boolean write, int bytes, int depth) {
        String shown() {
            return (write ? "write " : "read ")
                    + (bytes == SMALL ? "4 KiB random" : "1 MiB sequential")
                    + ", depth "
                    + depth;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getenv().getOrDefault("HOLDFAST_HOME", "."));
        Path disks = Files.createDirectories(home.resolve("bench/target"));
        ResultTable table =
                new ResultTable(
                        "replication",
                        "load",
                        "contender",
                        "a second",
                        "lowest - highest",
                        "p50 µs",
                        "p99 µs",
                        "of raw",
                        "of unreplicated");
        try (ReplicationContenders contenders =
                ReplicationContenders.create(disks, (long) volumeMib << 20)) {
            for (Load load : loads()) {
                System.err.println(load.shown() + " ...");
                measure(load, contenders, table);
            }
        }
        if (keepNoResult) {
            System.out.print(table.markdown());
        } else {
            table.publish(home);
        }
        return 0;
    }

    private static List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        for (boolean write : new boolean[] {true, false}) {
            for (int bytes : new int[] {SMALL, LARGE}) {
                for (int depth : new int[] {1, 32}) {
                    loads.add(new Load(write, bytes, depth));
                }
            }
        }
        return loads;
    }

    private void measure(Load load, ReplicationContenders contenders, ResultTable table)
            throws InterruptedException {
        Map<String, List<LoadGenerator.Figures>> all = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, LoadGenerator.Target> contender : contenders.all().entrySet()) {
                // Reads go to the local disk whatever the protocol.
                if (!load.write() && contender.getKey().equals("protocol B")) {
                    continue;
                }
                LoadGenerator generator =
                        new LoadGenerator(
                                contender.getValue(),
                                load.write(),
                                load.bytes(),
                                load.depth(),
                                contenders.sizeBytes());
                LoadGenerator.Figures figures = generator.run(round < 0 ? millis / 2 : millis);
                if (round >= 0) { // the first is to get warm
                    all.computeIfAbsent(contender.getKey(), k -> new ArrayList<>()).add(figures);
                }
            }
        }
        double raw = median(all.getOrDefault(ReplicationContenders.RAW, List.of()));
        double unreplicated =
                median(all.getOrDefault(ReplicationContenders.UNREPLICATED, List.of()));
        all.forEach(
                (name, figures) -> {
                    double[] rates = rates(figures);
                    LoadGenerator.Figures middle = figures.get(figures.size() / 2);
                    table.row(
                            load.shown(),
                            name,
                            number(median(figures)),
                            number(rates[0]) + " - " + number(rates[rates.length - 1]),
                            number(middle.p50Nanos() / 1e3),
                            number(middle.p99Nanos() / 1e3),
                            ratio(median(figures) / raw),
                            name.startsWith("protocol")
                                    ? ratio(median(figures) / unreplicated)
                                    : "");
                });
    }

    private static double[] rates(List<LoadGenerator.Figures> figures) {
        double[] rates = figures.stream().mapToDouble(LoadGenerator.Figures::aSecond).toArray();
        Arrays.sort(rates);
        return rates;
    }

    private static double median(List<LoadGenerator.Figures> figures) {
        double[] rates = rates(figures);
        return rates.length == 0 ? Double.NaN : rates[rates.length / 2];
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
