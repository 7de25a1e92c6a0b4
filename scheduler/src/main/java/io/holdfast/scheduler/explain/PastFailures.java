package io.holdfast.scheduler.explain;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.unpack.FailCounts;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What failed on a node, how often, what that leads to, and until when. */
final class PastFailures {
    private PastFailures() {}

    static List<String> of(Resource resource, Node node, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        FailCounts.Count count = FailCounts.count(node, resource, false, false, null);
        if (count.failures() > 0) {
            lines.add(count(resource, count) + "; " + end(resource, count, zone));
        }
        for (Cluster.FailedOperation failure : resource.cluster.failed) {
            if (failure.node() == node && failure.resource().equals(resource.id)) {
                lines.add(operation(failure.operation()));
            }
        }
        if (!lines.isEmpty()) {
            lines.add("`holdfast crm resource cleanup " + resource.id + "` forgets it");
        }
        return lines;
    }

    private static String count(Resource resource, FailCounts.Count count) {
        int threshold = resource.migrationThreshold;
        String text = "failed " + Score.text(count.failures()) + " times";
        if (threshold == 0 || threshold >= Score.INFINITY) {
            return text;
        }
        return text
                + (count.failures() >= threshold
                        ? ": migration-threshold " + threshold + " is reached"
                        : ", leaves the node after " + threshold + " (migration-threshold)");
    }

    private static String end(Resource resource, FailCounts.Count count, ZoneId zone) {
        long timeoutSeconds = (resource.failureTimeoutMillis + 999) / 1000;
        if (timeoutSeconds == 0 || count.last() == 0) {
            return "this does not expire (no failure-timeout)";
        }
        long until = count.last() + timeoutSeconds;
        String when =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                        .withZone(zone)
                        .format(Instant.ofEpochSecond(until));
        return resource.cluster.now >= until ? "expired at " + when : "expires at " + when;
    }

    private static String operation(Element operation) {
        String reason = operation.attribute("exit-reason", "");
        return operation.attribute("operation_key", "an operation")
                + " ended with "
                + operation.attribute("rc-code", "?")
                + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
