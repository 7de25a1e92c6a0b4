package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps scores at the points of the calculation at which the tools show them. */
final class ScoreLines {
    private ScoreLines() {}

    /** The scores of a resource and of all inside it. */
    static void allocation(Resource resource, String phase) {
        Cluster cluster = resource.cluster;
        if (!cluster.collectScores || resource.removed) {
            return;
        }
        table(cluster, resource, phase);
        for (Resource child : resource.children) {
            allocation(child, phase);
        }
    }

    private static void table(Cluster cluster, Resource resource, String phase) {
        for (NodeScore entry : resource.allowed.byName()) {
            cluster.scoreLines.add(
                    phase
                            + ": "
                            + resource.id
                            + " allocation score on "
                            + entry.node.name
                            + ": "
                            + Score.text(entry.score));
        }
    }

    /** What each node can still carry. */
    static List<String> capacities(Cluster cluster, String when) {
        List<String> lines = new ArrayList<>();
        if (cluster.showUtilization) {
            for (Node node : cluster.nodes) {
                lines.add(when + ": " + node.name + " capacity:" + list(node.utilization));
            }
        }
        return lines;
    }

    /** What a resource takes of the node it was given. */
    static void utilization(Resource resource, Node node) {
        if (resource.cluster.showUtilization) {
            resource.cluster.scoreLines.add(
                    "pcmk__assign_resource: "
                            + resource.id
                            + " utilization on "
                            + node.name
                            + ":"
                            + list(resource.utilization));
        }
    }

    private static String list(Map<String, String> utilization) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(utilization)
                .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }

    static void promotion(Resource instance, @Nullable NodeScore chosen) {
        Cluster cluster = instance.cluster;
        if (cluster.collectScores) {
            cluster.scoreLines.add(
                    instance.id
                            + " promotion score "
                            + (chosen == null ? "(inactive)" : "on " + chosen.node.name)
                            + ": "
                            + Score.text(instance.sortIndex));
        }
    }
}
