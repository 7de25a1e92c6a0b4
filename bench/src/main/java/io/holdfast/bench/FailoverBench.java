package io.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The demo's gaps, several times over: the longest time without an acknowledged write that its
 * client saw in each step. The peer is the figure that the first how-to reports for a planned move
 * of its NFS group: 95 to 110 s.
 */
@Command(
        name = "failover",
        description = "Runs the demo several times; medians of the gaps its client saw.",
        mixinStandardHelpOptions = true)
final class FailoverBench implements Callable<Integer> {
    /** What a step may cost at most, in milliseconds. */
    private static final Map<String, Integer> GOALS =
            Map.of("planned-move", 150, "server-killed", 1200, "partition", 1500);

    @Option(names = "--runs", description = "how often (default ${DEFAULT-VALUE})")
    int runs = 5;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getenv().getOrDefault("HOLDFAST_HOME", "."));
        Map<String, List<Long>> gaps = new TreeMap<>();
        long acked = 0;
        long lost = 0;
        int unequal = 0;
        for (int run = 1; run <= runs; run++) {
            JsonNode result = runDemo(home, run);
            for (JsonNode step : result.path("steps")) {
                gaps.computeIfAbsent(step.path("name").asText(), n -> new ArrayList<>())
                        .add(step.path("gapMillis").asLong());
                acked += step.path("ackedWrites").asLong();
                lost += step.path("lostWrites").asLong();
            }
            unequal += result.path("replicasEqual").asBoolean() ? 0 : 1;
        }
        ResultTable table =
                new ResultTable("failover", "step", "median gap ms", "all runs ms", "goal ms");
        gaps.forEach(
                (step, values) ->
                        table.row(
                                step,
                                Long.toString(median(values)),
                                values.stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" ")),
                                GOALS.containsKey(step) ? "<= " + GOALS.get(step) : ""));
        table.row("acknowledged writes", Long.toString(acked), "lost: " + lost, "lost: 0");
        table.row("runs with unequal replicas", Integer.toString(unequal), "", "0");
        table.publish(home);
        return lost == 0 && unequal == 0 ? 0 : 1;
    }

    private static JsonNode runDemo(Path home, int run) throws IOException, InterruptedException {
        Path json = Files.createTempFile("holdfast-demo-", ".json");
        Path log = Files.createTempFile("holdfast-demo-", ".log");
        try {
            System.err.println("run " + run + " ...");
            Process demo =
                    new ProcessBuilder(
                                    home.resolve("holdfast").toString(),
                                    "demo",
                                    "--json",
                                    json.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            int status = demo.waitFor();
            if (status != 0) {
                throw new IOException(
                        "the demo ended with " + status + ":\n" + Files.readString(log));
            }
            return new ObjectMapper().readTree(json.toFile());
        } finally {
            Files.deleteIfExists(json);
            Files.deleteIfExists(log);
        }
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
