package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.notify.FencedNotifications;
import java.util.List;

/** What waits for a fencing, and what a fencing makes unnecessary. */
final class FencingOrders {
    private FencingOrders() {}

    static void order(Action fencing, Cluster cluster) {
        Node target = fencing.node;
        if (target == null) {
            return;
        }
        for (Resource resource : cluster.resources) {
            order(resource, fencing, target);
        }
    }

    private static void order(Resource resource, Action fencing, Node target) {
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                order(child, fencing, target);
            }
        } else if (resource.managed) {
            orderStarts(resource, fencing, target);
            orderStops(resource, fencing, target);
        }
    }

    private static boolean isKnownOn(Resource resource, Node node) {
        return resource.probed.has(node)
                || (resource.isPrimitive()
                        && resource.parent != null
                        && resource.parent.isAnonymousClone()
                        && resource.parent.probed.has(node));
    }

    private static void orderStarts(Resource resource, Action fencing, Node target) {
        for (Action action : resource.actions.reversed()) {
            switch (action.requires) {
                case FENCING -> fencing.orderBefore(action, Relation.ORDERED);
                case QUORUM -> {
                    // what is not known to be down there may still be up
                    if (action.task.equals(Tasks.START)
                            && resource.allowed.has(target)
                            && !isKnownOn(resource, target)) {
                        fencing.orderBefore(
                                action, Relation.ORDERED | Relation.UNRUNNABLE_FIRST_BLOCKS);
                    }
                }
                case NOTHING -> {}
            }
        }
    }

    private static void orderStops(Resource resource, Action fencing, Node target) {
        List<Action> stops = Actions.ofTask(resource, target, Tasks.STOP, false).reversed();
        boolean implicit = resource.needsFencing || target.isGuest();
        Action parentStop = null;
        if (implicit && !stops.isEmpty()) {
            parentStop = resource.top().findByTask(Tasks.STOP, null);
        }
        for (Action stop : stops) {
            stop.set(Action.PSEUDO | Action.RUNNABLE);
            if (implicit) {
                if (!resource.isBundled()) {
                    fencing.orderBefore(stop, Relation.GUEST_ALLOWED);
                }
                if (parentStop != null) {
                    fencing.orderBefore(parentStop, Relation.GUEST_ALLOWED);
                }
            }
            if (resource.notify) {
                FencedNotifications.order(stop, resource, fencing);
            }
        }
        for (Action demote : Actions.ofTask(resource, target, Tasks.DEMOTE, false).reversed()) {
            Node node = demote.node;
            if (node == null || (node.online && !node.unclean && !resource.failed)) {
                continue;
            }
            demote.set(Action.PSEUDO | Action.RUNNABLE);
            if (!resource.isBundled() && implicit) {
                fencing.orderBefore(demote, Relation.GUEST_ALLOWED | Relation.ORDERED);
            }
        }
    }

    /** A guest is fenced by recovering what it runs in; a pseudo action stands for that. */
    static void guest(Node node) {
        Cluster cluster = node.guestResource().cluster;
        Resource container = node.guestResource();
        Primitive connection = node.remote;
        Action stop = container.findByTask(Tasks.STOP, null);
        String how = container.findByTask(Tasks.START, null) == null ? "off" : "reboot";
        Action fencing = Fencing.operation(cluster, node, how, false, "guest is unclean", false);
        fencing.set(Action.PSEUDO | Action.RUNNABLE);
        int relation = Relation.UNRUNNABLE_FIRST_BLOCKS | Relation.FIRST_IMPLIES_THEN;
        if (stop != null && stop.is(Action.PSEUDO) && stop.node != null) {
            Fencing.operation(cluster, stop.node, null, false, null, false)
                    .orderBefore(fencing, relation);
        } else if (stop != null) {
            stop.orderBefore(fencing, relation);
        } else if (connection != null) {
            Action connectionStop = connection.findByTask(Tasks.STOP, null);
            if (connectionStop != null) {
                connectionStop.orderBefore(fencing, Relation.ORDERED);
            }
        }
        order(fencing, cluster);
    }
}
