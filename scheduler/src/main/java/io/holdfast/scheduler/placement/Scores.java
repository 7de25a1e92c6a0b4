package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import org.jspecify.annotations.Nullable;

/** Adds to what a resource thinks of nodes. */
public final class Scores {
    private Scores() {}

    /** Adds a score for a node (or every node) to a resource and all inside it. */
    public static void add(Resource resource, @Nullable Node node, int score) {
        if (node != null) {
            addOn(resource, node, score);
            return;
        }
        for (Node each : resource.cluster.nodes) {
            addOn(resource, each, score);
        }
        if (score == -Score.INFINITY) {
            resource.assigned = null;
        }
    }

    public static void ban(Resource resource, @Nullable Node node) {
        add(resource, node, -Score.INFINITY);
    }

    /**
     * Where the cluster is symmetric a resource may begin anywhere, unless discovery is exclusive.
     */
    public static void addByDefault(Resource resource) {
        for (Node node : resource.cluster.nodes) {
            addByDefault(resource, node);
        }
    }

    private static void addByDefault(Resource resource, Node node) {
        if (resource.exclusiveDiscovery || node.discovery == NodeScore.Discovery.NEVER) {
            return; // what a bundle's node runs was decided with the bundle
        }
        for (Resource child : resource.children) {
            addByDefault(child, node);
        }
        addHere(resource, node, 0);
    }

    private static void addOn(Resource resource, Node node, int score) {
        for (Resource child : resource.children) {
            addOn(child, node, score);
        }
        addHere(resource, node, score);
    }

    private static void addHere(Resource resource, Node node, int score) {
        NodeScore entry = resource.allowed.get(node);
        if (entry == null) {
            entry = resource.allowed.put(new NodeScore(node, node.score));
            entry.discovery = node.discovery;
        }
        entry.score = Score.add(entry.score, score);
    }

    /** Bans a resource from every node there is. */
    public static void banEverywhere(Resource resource) {
        NodeTable banned = new NodeTable();
        for (Node node : resource.cluster.nodes) {
            banned.put(new NodeScore(node, -Score.INFINITY));
        }
        resource.allowed = banned;
    }
}
