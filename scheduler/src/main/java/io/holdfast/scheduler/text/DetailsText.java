package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.unpack.FailCounts;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sections of a status that are shown on request: node attributes, failures. */
final class DetailsText {
    /** Attributes that have their own place in the status. */
    private static final List<String> SHOWN_ELSEWHERE = List.of("shutdown", "terminate", "standby");

    private static final List<String> NOT_ATTRIBUTES = List.of("#", "fail-count-", "last-failure-");

    private DetailsText() {}

    /** What is known of nodes, by node; nodes without attributes are left out. */
    static List<String> attributes(Cluster cluster) {
        List<String> lines = new ArrayList<>();
        for (Node node : cluster.nodes) {
            SortedMap<String, String> shown = shownAttributes(node);
            if (!shown.isEmpty() && node.online) {
                if (lines.isEmpty()) {
                    lines.addAll(List.of("", "  * Node Attributes:"));
                }
                lines.add("    * Node: " + node.name + ":");
                shown.forEach((name, value) -> lines.add(attribute(name, value)));
            }
        }
        return lines;
    }

    private static String attribute(String name, String value) {
        return String.format(Locale.ROOT, "      * %-32s\t: %-10s", name, value);
    }

    static SortedMap<String, String> shownAttributes(Node node) {
        SortedMap<String, String> shown = new TreeMap<>(node.attributes);
        shown.keySet()
                .removeIf(
                        name ->
                                SHOWN_ELSEWHERE.contains(name)
                                        || NOT_ATTRIBUTES.stream().anyMatch(name::startsWith));
        return shown;
    }

    /** The failures of a primitive, or of all copies of one, on a node. */
    record Failures(String name, Resource resource, FailCounts.Count count) {}

    static List<Failures> failures(Cluster cluster, Node node) {
        SortedMap<String, Failures> byName = new TreeMap<>();
        cluster.resources.forEach(resource -> collect(resource, node, byName));
        return List.copyOf(byName.values());
    }

    private static void collect(Resource resource, Node node, SortedMap<String, Failures> byName) {
        resource.children.forEach(child -> collect(child, node, byName));
        FailCounts.Count count = FailCounts.count(node, resource, false, false, null);
        if (resource instanceof Primitive && count.failures() > 0) {
            String name = resource.unique ? resource.id : Keys.withoutInstance(resource.id);
            byName.putIfAbsent(name, new Failures(name, resource, count));
        }
    }

    /** How often what failed where, and after how many failures it moves. */
    static List<String> failCounts(Cluster cluster, ZoneId zone) {
        List<String> lines = new ArrayList<>(List.of("", "  * Migration Summary:"));
        for (Node node : cluster.nodes) {
            List<Failures> all = failures(cluster, node);
            if (node.online && !all.isEmpty()) {
                lines.add("    * Node: " + node.name + ":");
                all.forEach(failures -> lines.add(failCount(failures, zone)));
            }
        }
        return lines;
    }

    private static String failCount(Failures failures, ZoneId zone) {
        StringBuilder line = new StringBuilder("      * ").append(failures.name()).append(':');
        line.append(" migration-threshold=").append(failures.resource().migrationThreshold);
        line.append(" fail-count=").append(Score.text(failures.count().failures()));
        if (failures.count().last() > 0) {
            line.append(" last-failure='").append(time(failures.count().last(), zone)).append('\'');
        }
        return line.toString();
    }

    /** Operations that ended otherwise than expected. */
    static List<String> failedOperations(Cluster cluster, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        for (Cluster.FailedOperation failed : cluster.failed) {
            if (lines.isEmpty()) {
                lines.addAll(List.of("", "  * Failed Resource Actions:"));
            }
            lines.add("    * " + failedOperation(failed, zone));
        }
        return lines;
    }

    private static String failedOperation(Cluster.FailedOperation failed, ZoneId zone) {
        Element operation = failed.operation();
        String code = operation.attribute("rc-code", "?");
        StringBuilder line =
                new StringBuilder(operation.attribute("operation_key", failed.resource()));
        line.append(" on ").append(failed.node().name);
        line.append(" '").append(ResultText.exit(code)).append("' (").append(code).append("):");
        line.append(" call=").append(operation.attribute("call-id", "-1"));
        line.append(", status='").append(ResultText.status(operation)).append('\'');
        String reason = operation.attribute("exit-reason", "");
        if (!reason.isEmpty()) {
            line.append(", exitreason='").append(reason).append('\'');
        }
        String change = operation.attribute("last-rc-change", "");
        if (change.matches("[0-9]{1,12}")) {
            line.append(", last-rc-change='").append(time(Long.parseLong(change), zone));
            line.append("', queued=").append(operation.attribute("queue-time", "0"));
            line.append("ms, exec=").append(operation.attribute("exec-time", "0")).append("ms");
        }
        return line.toString();
    }

    static String time(long seconds, ZoneId zone) {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ROOT)
                .withZone(zone)
                .format(Instant.ofEpochSecond(seconds));
    }
}
