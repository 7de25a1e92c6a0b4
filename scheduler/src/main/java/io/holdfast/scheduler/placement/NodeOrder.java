package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Score;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes are better for a resource. */
final class NodeOrder {
    private NodeOrder() {}

    /**
     * The nodes of a table, the best first; {@code current} is preferred when all else is equal.
     */
    static List<NodeScore> best(Cluster cluster, NodeTable table, @Nullable Node current) {
        List<NodeScore> sorted = table.entries();
        sorted.sort(by(cluster, current));
        return sorted;
    }

    private static Comparator<NodeScore> by(Cluster cluster, @Nullable Node current) {
        Comparator<NodeScore> byScore =
                Comparator.comparingInt(NodeOrder::effectiveScore).reversed();
        Comparator<NodeScore> byName = Comparator.comparing(entry -> entry.node.name);
        if (cluster.placementStrategy.equals("minimal")) {
            return byScore.thenComparing(byName);
        }
        Comparator<NodeScore> byLoad = byScore;
        if (cluster.placementStrategy.equals("balanced")) {
            byLoad = byLoad.thenComparing((a, b) -> Utilization.compareCapacity(a.node, b.node));
        }
        return byLoad.thenComparingInt(entry -> entry.node.assignedCount)
                .thenComparingInt(entry -> entry.node == current ? 0 : 1)
                .thenComparing(byName);
    }

    private static int effectiveScore(NodeScore entry) {
        return Availability.canRun(entry) ? entry.score : -Score.INFINITY;
    }
}
