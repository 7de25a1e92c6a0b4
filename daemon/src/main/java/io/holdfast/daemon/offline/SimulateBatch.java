package io.holdfast.daemon.offline;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.text.DotText;
import io.holdfast.scheduler.text.SimulateText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides many CIBs in one process: for tests and comparisons. */
final class SimulateBatch {
    private final Path folder;
    private final Path output;
    private final PrintStream out;
    private final PrintStream err;

    SimulateBatch(Path folder, Path output, PrintStream out, PrintStream err) {
        this.folder = folder;
        this.output = output;
        this.out = out;
        this.err = err;
    }

    /** Runs them all; a CIB that is refused is told and does not stop the others. */
    int run() throws IOException {
        List<Path> files = files();
        Files.createDirectories(output);
        Map<String, String> dates = dates();
        long begun = System.nanoTime();
        int refused = 0;
        for (Path file : files) {
            String name = file.getFileName().toString();
            name = name.substring(0, name.length() - ".xml".length());
            try {
                decide(file, name, dates.get(name));
            } catch (ProblemException e) {
                refused++;
                err.println(e.problem().message());
            }
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        out.println(
                (files.size() - refused)
                        + " decided in "
                        + millis
                        + " ms, "
                        + refused
                        + " refused");
        return refused == 0 ? ExitCode.OK : ExitCode.CONFIGURATION;
    }

    private void decide(Path file, String name, @Nullable String date) throws IOException {
        Cib cib =
                new CibSource(Map.of(), java.io.InputStream.nullInputStream()).file(file).usable();
        Instant now = SimulateCommand.clock(cib.root(), date);
        SimulateText.Report shown =
                SimulateText.run(
                        cib.root(), now, new SimulateText.Options(date, true), Injections.NONE);
        write(name + ".summary", shown.text());
        write(name + ".exp", SimulateCommand.graph(shown));
        write(name + ".dot", DotText.of(shown.cluster(), false));
        SimulateText.Report scores =
                SimulateText.run(
                        cib.root(),
                        now,
                        new SimulateText.Options(
                                date, true, false, true, true, SimulateText.Details.NONE),
                        Injections.NONE);
        write(name + ".scores", scores.text());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(output.resolve(name), text);
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new OfflineFailure(
                    ExitCode.NO_INPUT,
                    new Problem(
                            "is no folder",
                            folder.toString(),
                            "--batch reads every *.xml of a folder",
                            "name the folder"));
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
        }
    }

    /** By case, the date that it is run with: {@code NAME<tab>-t DATE}, the date quoted or not. */
    private Map<String, String> dates() throws IOException {
        Map<String, String> dates = new HashMap<>();
        Path file = folder.resolveSibling("args.tsv");
        if (!Files.isReadable(file)) {
            return dates;
        }
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            String options = tab < 0 ? "" : line.substring(tab + 1).strip();
            if (options.startsWith("-t ")) {
                dates.put(line.substring(0, tab), options.substring(3).strip().replace("\"", ""));
            } else if (!options.isEmpty()) {
                throw new OfflineFailure(
                        ExitCode.USAGE,
                        new Problem(
                                "options that a batch does not know: " + options,
                                file.toString(),
                                "a batch knows -t DATE alone",
                                "run this case by itself"));
            }
        }
        return dates;
    }
}
