package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.scheduler.Scheduler;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Decides the CIBs of a folder, and tells how long each took ({@code --profile}). */
final class SimulateProfile {
    private final CibSource source;
    private final Path folder;
    private final int repeat;
    private final PrintStream out;

    SimulateProfile(CibSource source, Path folder, int repeat, PrintStream out) {
        this.source = source;
        this.folder = folder;
        this.repeat = Math.max(1, repeat);
        this.out = out;
    }

    int run() throws IOException {
        out.println("Timings:");
        for (Path file : files()) {
            Cib cib = source.file(file).usable();
            long begun = System.nanoTime();
            for (int i = 0; i < repeat; i++) {
                Scheduler.schedule(cib, SimulateCommand.clock(cib.root(), null));
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            out.printf(Locale.ROOT, "  * Testing %s ... %.2f secs%n", file, seconds);
        }
        return ExitCode.OK;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new OfflineFailure(
                    ExitCode.NO_INPUT,
                    new Problem(
                            "cannot be read",
                            folder.toString(),
                            "there is no such folder",
                            "name the folder of the CIBs"));
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
        }
    }
}
