package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;
import io.holdfast.scheduler.unpack.FailCounts;
import java.util.List;

/** Resources that are no longer configured lose their failures too. */
public final class RemovedResources {
    private RemovedResources() {}

    public static void clearFailures(Cluster cluster) {
        for (Resource resource : List.copyOf(cluster.resources)) {
            if (!resource.removed) {
                continue;
            }
            for (Node node : cluster.nodes) {
                if (node.online && FailCounts.effective(node, resource) != 0) {
                    Action clear = Actions.clearFailcount(resource, node, "it is orphaned");
                    Orderings.actionThenTask(clear, resource, Tasks.STOP, Relation.ORDERED);
                }
            }
        }
    }
}
