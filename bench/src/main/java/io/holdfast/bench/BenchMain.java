package io.holdfast.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code holdfast bench NAME}. */
@Command(
        name = "bench",
        description = "Measures, prints a table, and keeps it under bench/results.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FailoverBench.class,
            ReplicationBench.class,
            SchedulerBench.class,
            VrrpBench.class
        })
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchMain()).execute(args));
    }
}
