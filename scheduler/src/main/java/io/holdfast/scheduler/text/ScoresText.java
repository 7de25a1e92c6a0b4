package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code crm_simulate -s -Q} prints of a CIB, sorted: the scores behind each decision. */
public final class ScoresText {
    private ScoresText() {}

    /** The whole output. */
    public static String of(Element cib, Instant now) {
        Cluster cluster = new Cluster(cib, now.getEpochSecond());
        cluster.collectScores = true;
        cluster.sanitized = true;
        Scheduler.schedule(cluster);
        StringBuilder text = new StringBuilder("\n");
        lines(cluster).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** The lines of a cluster that was decided about with {@link Cluster#collectScores}. */
    public static List<String> lines(Cluster cluster) {
        List<String> lines = new ArrayList<>(cluster.capacityBefore);
        cluster.scoreLines.stream().sorted().forEach(lines::add);
        lines.addAll(cluster.capacityAfter);
        return lines;
    }
}
