package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;

/** Has a node forget a resource it knew. */
final class CleanUp {
    private CleanUp() {}

    static void schedule(Resource resource, Node node) {
        if (resource.failed || node.unclean || !node.online) {
            return;
        }
        Actions.of(resource, Tasks.DELETE, node, false);
        Orderings.tasks(resource, Tasks.STOP, resource, Tasks.DELETE, Relation.ORDERED);
        Orderings.tasks(resource, Tasks.DELETE, resource, Tasks.START, Relation.ORDERED);
    }
}
