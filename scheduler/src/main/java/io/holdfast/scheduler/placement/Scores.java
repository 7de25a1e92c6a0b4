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
    public static void add(Resource resource, @Nullable Node node, int score, String source) {
        if (node != null) {
            addOn(resource, node, score, source);
            return;
        }
        for (Node each : resource.cluster.nodes) {
            addOn(resource, each, score, source);
        }
        if (score == -Score.INFINITY) {
            resource.assigned = null;
        }
    }

    public static void ban(Resource resource, @Nullable Node node, String source) {
        add(resource, node, -Score.INFINITY, source);
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
        addHere(resource, node, 0, "");
    }

    private static void addOn(Resource resource, Node node, int score, String source) {
        for (Resource child : resource.children) {
            addOn(child, node, score, source);
        }
        addHere(resource, node, score, source);
    }

    private static void addHere(Resource resource, Node node, int score, String source) {
        NodeScore entry = resource.allowed.get(node);
        if (entry == null) {
            entry = resource.allowed.put(new NodeScore(node, node.score));
            entry.discovery = node.discovery;
        }
        int before = entry.score;
        entry.score = Score.add(before, score);
        Shares.note(resource, source, node, before, entry.score);
    }

    /** Bans a resource from every node there is. */
    public static void banEverywhere(Resource resource, String source) {
        NodeTable banned = new NodeTable();
        for (Node node : resource.cluster.nodes) {
            banned.put(new NodeScore(node, -Score.INFINITY));
            NodeScore before = resource.allowed.get(node);
            Shares.note(resource, source, node, before == null ? 0 : before.score, -Score.INFINITY);
        }
        resource.allowed = banned;
    }
}
