package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
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
            Resource bundle = bundleOf(entry.node);
            boolean own = bundle == resource.parent && resource instanceof Clone;
            boolean ofBundle = resource instanceof Bundle || resource.parent instanceof Bundle;
            if (bundle != null && ofBundle && !own && !isInside(resource)) {
                continue; // containers do not run in containers
            }
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

    private static @Nullable Resource bundleOf(Node node) {
        return node.isGuest() && node.remote != null && node.remote.parent instanceof Bundle bundle
                ? bundle
                : null;
    }

    /** Whether it is what a container was made for. */
    private static boolean isInside(Resource resource) {
        return resource.parent instanceof Bundle bundle
                && bundle.replicas.stream().anyMatch(replica -> replica.child == resource);
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
