package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlWriter;
import io.holdfast.scheduler.text.SimulateText;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What two schedulers say of one CIB: what changes, and the state that it leads to.
 *
 * <p>Two differences of wording between Pacemaker 2.1.5, which Debian has, and 3.0, which we
 * follow, are levelled: what is left alone because of maintenance is called {@code unmanaged} by
 * the older one, and it prints a clone's flags in another order. Columns are as wide as their
 * widest entry, so runs of blanks count as one.
 */
record Comparison(List<String> ours, List<String> peers) {
    /** What is told of a resource in brackets at the end of its line. */
    private static final Pattern FLAGS = Pattern.compile(" \\(([a-z, -]+)\\)(?::| \\[.*\\])?$");

    static Comparison of(Element cib, Peer peer) throws IOException, InterruptedException {
        String peers = peer.simulate(XmlWriter.indented(cib));
        String ours =
                SimulateText.of(
                        cib,
                        Instant.ofEpochSecond(RandomCluster.NOW),
                        new SimulateText.Options(null, true));
        return new Comparison(decided(ours), decided(peers));
    }

    boolean isEqual() {
        return ours.equals(peers);
    }

    /** The lines that differ, ours with a minus. */
    String difference() {
        StringBuilder text = new StringBuilder();
        ours.stream()
                .filter(line -> !peers.contains(line))
                .forEach(line -> text.append("  - ").append(line).append('\n'));
        peers.stream()
                .filter(line -> !ours.contains(line))
                .forEach(line -> text.append("  + ").append(line).append('\n'));
        return text.isEmpty() ? "  the same lines in another order\n" : text.toString();
    }

    /** Transition Summary and Revised Cluster Status. */
    private static List<String> decided(String printed) {
        List<String> lines =
                printed.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).toList();
        List<String> result = new ArrayList<>();
        boolean wanted = false;
        for (String line : lines) {
            if (!line.startsWith(" ")) {
                wanted =
                        line.equals("Transition Summary:")
                                || line.equals("Revised Cluster Status:");
            }
            if (wanted) {
                result.add(levelled(line));
            }
        }
        return result;
    }

    private static String levelled(String line) {
        String text = line.replaceAll("(?<=\\S)\\s+", " ");
        Matcher flags = FLAGS.matcher(text);
        if (!flags.find()) {
            return text;
        }
        String sorted =
                Arrays.stream(flags.group(1).split(", ", -1))
                        .map(flag -> flag.equals("maintenance") ? "unmanaged" : flag)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return text.substring(0, flags.start(1)) + sorted + text.substring(flags.end(1));
    }
}
