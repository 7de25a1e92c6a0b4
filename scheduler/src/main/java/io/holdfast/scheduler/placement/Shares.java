package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Share;

/** Notes what each thing does to the scores of resources, when a decision is to be explained. */
final class Shares {
    private Shares() {}

    static void note(Resource resource, String source, Node node, int before, int after) {
        if (resource.cluster.collectShares && before != after) {
            resource.shares.add(new Share(source, node, before, after));
        }
    }

    /** A colocation as the source of a share; those that were not written down by their sense. */
    static String source(Colocation colocation, Resource other) {
        if (!colocation.explicit()) {
            return (colocation.id().startsWith("group:") ? "its group: with " : "it goes with ")
                    + other.id;
        }
        return "colocation "
                + colocation.id()
                + (other == colocation.dependent()
                        ? " of " + other.id + " with it"
                        : " with " + other.id);
    }

    /** Makes a change of a resource's table, and notes what it changed. */
    static void around(Resource resource, String source, Runnable change) {
        if (!resource.cluster.collectShares) {
            change.run();
            return;
        }
        NodeTable before = resource.allowed.copy();
        change.run();
        for (NodeScore entry : resource.allowed) {
            NodeScore was = before.get(entry.node);
            note(resource, source, entry.node, was == null ? 0 : was.score, entry.score);
        }
    }

    /** Forgets what was noted in a trial that was taken back. */
    static void forgetSince(Resource resource, int count) {
        while (resource.shares.size() > count) {
            resource.shares.removeLast();
        }
    }
}
