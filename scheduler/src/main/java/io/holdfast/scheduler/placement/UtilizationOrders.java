package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;

/** What needs room on a node waits until room has been made there. */
public final class UtilizationOrders {
    private static final int RELATION = Relation.IF_ON_SAME_NODE_OR_TARGET;

    private UtilizationOrders() {}

    public static void add(Primitive resource) {
        for (Node node : resource.active) {
            Orderings.taskThenAction(resource, Tasks.STOP, roomMade(resource, node), RELATION);
        }
        for (NodeScore entry : resource.allowed.byName()) {
            Action made = roomMade(resource, entry.node);
            Orderings.actionThenTask(made, resource, Tasks.START, RELATION);
            Orderings.actionThenTask(made, resource, Tasks.MIGRATE_TO, RELATION);
        }
    }

    private static Action roomMade(Primitive resource, Node node) {
        Action made = Actions.pseudo(resource.cluster, "load_stopped_" + node.name);
        if (made.node == null) {
            made.node = node;
            made.clear(Action.OPTIONAL);
        }
        return made;
    }
}
