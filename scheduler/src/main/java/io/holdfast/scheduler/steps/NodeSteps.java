package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;
import java.util.ArrayList;
import java.util.List;

/** Fencing and shutdown of nodes, and their order. */
public final class NodeSteps {
    private NodeSteps() {}

    public static void create(Cluster cluster) {
        boolean anyManaged = cluster.resources.stream().anyMatch(r -> r.anyInTree(e -> e.managed));
        Action coordinatorDown = null;
        List<Action> fencings = new ArrayList<>();
        List<Action> shutdowns = new ArrayList<>();
        boolean integrityLost = false;
        for (Node node : cluster.nodes) {
            if (node.isGuest()) {
                if (node.remoteReset && anyManaged && Fencing.canFence(cluster, node)) {
                    FencingOrders.guest(node);
                }
                continue;
            }
            boolean fenced = anyManaged && node.unclean && Fencing.canFence(cluster, node);
            if (fenced) {
                Action fencing =
                        Fencing.operation(cluster, node, null, false, "node is unclean", false);
                FencingOrders.order(fencing, cluster);
                if (node.isDc) {
                    coordinatorDown = fencing;
                } else {
                    if (!cluster.concurrentFencing && !fencings.isEmpty()) {
                        fencings.getLast().orderBefore(fencing, Relation.ORDERED);
                    }
                    fencings.add(fencing);
                }
            } else if (!node.remoteKind && node.online && node.shutdown) {
                Action shutdown = shutdown(cluster, node);
                if (node.isDc) {
                    coordinatorDown = shutdown;
                } else {
                    shutdowns.add(shutdown);
                }
            }
            integrityLost |= !fenced && node.unclean;
        }
        if (integrityLost && !cluster.fencingEnabled) {
            cluster.notices.add(
                    "warning: Resource functionality and data integrity cannot be guaranteed"
                            + " (configure, enable, and test fencing to correct this)");
        } else if (integrityLost && !cluster.quorate) {
            cluster.notices.add(
                    "notice: Unclean nodes will not be fenced until quorum is attained or"
                            + " no-quorum-policy is set to ignore");
        }
        if (coordinatorDown != null) {
            orderCoordinator(cluster, coordinatorDown, fencings, shutdowns);
        }
    }

    /** The coordinator goes last, so that no new one has to be elected in between. */
    private static void orderCoordinator(
            Cluster cluster, Action down, List<Action> fencings, List<Action> shutdowns) {
        if (down.task.equals(Tasks.SHUTDOWN)) {
            for (Action shutdown : shutdowns.reversed()) {
                shutdown.orderBefore(down, Relation.ORDERED);
            }
        }
        if (cluster.concurrentFencing) {
            for (Action fencing : fencings.reversed()) {
                fencing.orderBefore(down, Relation.ORDERED);
            }
        } else if (!fencings.isEmpty()) {
            fencings.getLast().orderBefore(down, Relation.ORDERED);
        }
    }

    private static Action shutdown(Cluster cluster, Node node) {
        Action shutdown =
                Actions.of(cluster, Tasks.SHUTDOWN + "-" + node.name, Tasks.SHUTDOWN, node, false);
        for (Action action : List.copyOf(cluster.actions).reversed()) {
            Resource resource = action.resource;
            if (action.node != node
                    || !action.task.equals(Tasks.STOP)
                    || resource == null
                    || resource.maintenance
                    || node.maintenance
                    || !(resource.managed || resource.blocked)) {
                continue;
            }
            action.clear(Action.OPTIONAL);
            Orderings.add(
                    resource,
                    null,
                    action,
                    null,
                    Tasks.SHUTDOWN,
                    shutdown,
                    Relation.ORDERED | Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
        shutdown.meta.put("op_no_wait", "true");
        return shutdown;
    }
}
