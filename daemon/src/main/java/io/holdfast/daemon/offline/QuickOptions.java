package io.holdfast.daemon.offline;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Reads the plain forms of {@code crm_simulate}'s most used options without picocli, whose
 * reflection takes longer than the decision of a small cluster. Whatever is not as plain as that,
 * and every mistake, is left to picocli.
 */
final class QuickOptions {
    private final SimulateOptions.Source from;
    private final SimulateOptions.Operations does;
    private final SimulateOptions.Artifacts files;
    private final SimulateOptions.Output shown;

    QuickOptions(
            SimulateOptions.Source from,
            SimulateOptions.Operations does,
            SimulateOptions.Artifacts files,
            SimulateOptions.Output shown) {
        this.from = from;
        this.does = does;
        this.files = files;
        this.shown = shown;
    }

    /** Whether all was understood; otherwise what was set so far is to be forgotten. */
    boolean read(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            if (!flag(option) && !(rest.hasNext() && value(option, rest.next()))) {
                return false;
            }
        }
        return true;
    }

    private boolean flag(String option) {
        switch (option) {
            case "-L", "--live-check" -> from.live = true;
            case "-R", "--run" -> does.run = true;
            case "-S", "--simulate" -> does.simulate = true;
            case "-s", "--show-scores" -> does.scores = true;
            case "-Q", "--quiet" -> shown.quiet = true;
            case "-LS" -> {
                from.live = true;
                does.simulate = true;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean value(String option, String value) {
        if (value.isEmpty() || value.startsWith("-")) {
            return false;
        }
        switch (option) {
            case "-x", "--xml-file" -> from.file = Path.of(value);
            case "-G", "--save-graph" -> files.graph = Path.of(value);
            case "-D", "--save-dotfile" -> files.dot = Path.of(value);
            default -> {
                return false;
            }
        }
        return true;
    }
}
