package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which resources choose first where capacity counts. */
final class ResourceOrder {
    private ResourceOrder() {}

    static void sort(Cluster cluster) {
        List<Node> nodes = new ArrayList<>();
        NodeTable table = new NodeTable();
        for (Node node : cluster.nodes) {
            table.put(new NodeScore(node, node.score));
        }
        for (NodeScore entry : NodeOrder.best(cluster, table, null)) {
            nodes.add(entry.node);
        }
        IdentityHashMap<Resource, NodeTable> tables = new IdentityHashMap<>();
        StableSort.sort(cluster.resources, (one, other) -> compare(one, other, nodes, tables));
    }

    private static int compare(
            Resource one,
            Resource other,
            List<Node> nodes,
            IdentityHashMap<Resource, NodeTable> tables) {
        if (one.priority != other.priority) {
            return Integer.compare(other.priority, one.priority);
        }
        NodeTable scores1 = tables.computeIfAbsent(one, ColocatedScores::ofPrimaries);
        NodeTable scores2 = tables.computeIfAbsent(other, ColocatedScores::ofPrimaries);
        Node current1 = one.currentNode();
        Node current2 = other.currentNode();
        if (current1 != null && current2 != null) {
            int score1 = score(scores1, current1);
            int score2 = score(scores2, current2);
            if (score1 != score2) {
                return Integer.compare(score2, score1);
            }
        }
        for (Node node : nodes) {
            int score1 = score(scores1, node);
            int score2 = score(scores2, node);
            if (score1 != score2) {
                return Integer.compare(score2, score1);
            }
        }
        return 0;
    }

    private static int score(NodeTable table, @Nullable Node node) {
        NodeScore entry = node == null ? null : table.get(node);
        return entry == null ? -Score.INFINITY : entry.score;
    }
}
