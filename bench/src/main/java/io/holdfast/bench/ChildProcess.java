package io.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A program that is run to its end and measured by the processor time it took, which a busy machine
 * changes far less than the time on the wall.
 */
final class ChildProcess {
    /** Killed by timeout(1), or by the limit of processor time. */
    private static final List<Integer> OVERTIME = List.of(124, 137, 152);

    private ChildProcess() {}

    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Processor seconds, user and system, as text; or why there is no such figure. */
    static String cpuSeconds(int limitSeconds, List<String> command)
            throws IOException, InterruptedException {
        Path times = Files.createTempFile("holdfast-bench-", ".times");
        try {
            // The shell's own `time` counts the children of `timeout` too; on the wall a call may
            // take
            // three times as long, for machines that do other work.
            String script =
                    "ulimit -t "
                            + limitSeconds
                            + "; TIMEFORMAT='%U %S';"
                            + " { time timeout -k 1 "
                            + 3 * limitSeconds
                            + " \"$@\" >/dev/null 2>/dev/null; } 2>\"$0\"";
            List<String> line = new ArrayList<>(List.of("bash", "-c", script, times.toString()));
            line.addAll(command);
            int status = new ProcessBuilder(line).inheritIO().start().waitFor();
            if (OVERTIME.contains(status)) {
                return "> " + limitSeconds;
            }
            if (status != 0) {
                return "ended with " + status;
            }
            String[] parts = Files.readString(times).strip().split(" ", -1);
            double seconds = Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]);
            return String.format(Locale.ROOT, "%.2f", seconds);
        } finally {
            Files.deleteIfExists(times);
        }
    }
}
