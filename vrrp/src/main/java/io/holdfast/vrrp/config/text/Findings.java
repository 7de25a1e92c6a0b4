package io.holdfast.vrrp.config.text;

import io.holdfast.base.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what is wrong or remarkable, up to a bound: a file of noise must not fill the memory.
 */
public final class Findings {
    private static final int MOST = 1000;

    private final Set<Finding> found = new LinkedHashSet<>();
    private int dropped;

    public void warning(Place place, String what, String why, String remedy) {
        add(Severity.WARNING, place, what, why, remedy);
    }

    public void error(Place place, String what, String why, String remedy) {
        add(Severity.ERROR, place, what, why, remedy);
    }

    public void fatal(Place place, String what, String why, String remedy) {
        add(Severity.FATAL, place, what, why, remedy);
    }

    public void add(Severity severity, Place place, String what, String why, String remedy) {
        Finding finding =
                new Finding(severity, place, new Problem(what, place.toString(), why, remedy));
        if (found.size() < MOST || severity == Severity.FATAL) {
            found.add(finding);
        } else {
            dropped++;
        }
    }

    /** Whether something was found that nothing can run with. */
    public boolean hasFatal() {
        return found.stream().anyMatch(finding -> finding.severity() == Severity.FATAL);
    }

    /** In the order of the files' lines. */
    public List<Finding> inOrder() {
        List<Finding> all = new ArrayList<>(found);
        if (dropped > 0) {
            all.add(
                    new Finding(
                            Severity.ERROR,
                            new Place("(all files)", 0),
                            new Problem(
                                    dropped + " more findings are not shown",
                                    "(all files)",
                                    "the first " + MOST + " are",
                                    "mend those and test again")));
        }
        return sorted(all);
    }

    /** By file, in the order in which files were read, then by line. */
    public static List<Finding> sorted(List<Finding> findings) {
        List<String> files = findings.stream().map(f -> f.place().file()).distinct().toList();
        return findings.stream()
                .sorted(
                        Comparator.<Finding>comparingInt(f -> files.indexOf(f.place().file()))
                                .thenComparingInt(f -> f.place().line()))
                .toList();
    }
}
