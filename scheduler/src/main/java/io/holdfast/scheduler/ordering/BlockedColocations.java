package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.placement.Colocations;
import java.util.List;

/** What must be with a resource cannot start while that resource cannot. */
final class BlockedColocations {
    private BlockedColocations() {}

    static void block(Action action) {
        if (action.is(Action.RUNNABLE) || action.resource == null) {
            return;
        }
        boolean start = action.task.equals(Tasks.START);
        if (!start && !action.task.equals(Tasks.PROMOTE)) {
            return;
        }
        Resource resource = action.resource.topWithBundle();
        for (Resource child : resource.children) {
            Action other = child.findByTask(action.task, null);
            if (other == null || other.is(Action.RUNNABLE)) {
                return;
            }
        }
        for (Colocation colocation : Colocations.withThis(resource)) {
            if (colocation.score() < Score.INFINITY
                    || (!start && colocation.primaryRole() != Role.PROMOTED)) {
                continue;
            }
            String task = colocation.dependentRole() == Role.PROMOTED ? Tasks.PROMOTE : Tasks.START;
            mark(colocation.dependent(), task, action.resource);
        }
    }

    private static void mark(Resource resource, String task, Resource because) {
        for (Action action : List.copyOf(resource.actions).reversed()) {
            if (action.is(Action.RUNNABLE) && action.task.equals(task)) {
                action.clear(Action.RUNNABLE);
                action.because("colocation with " + because.id, false);
                block(action);
                OrderingUpdates.update(action);
            }
        }
        for (Resource child : resource.children) {
            mark(child, task, because);
        }
    }
}
