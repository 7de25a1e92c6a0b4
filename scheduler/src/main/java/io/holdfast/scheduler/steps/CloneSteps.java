package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.notify.NotificationPoints;
import java.util.List;

/** Makes the actions of clones: those of the instances, and ordering points for all of them. */
final class CloneSteps {
    private static final int STARTING = 1;
    private static final int STOPPING = 2;
    private static final int RESTARTING = 4;
    private static final int ACTIVE = 8;

    private CloneSteps() {}

    static void create(Clone clone) {
        instances(clone, clone.children);
        if (clone.promotable) {
            promotable(clone);
        }
    }

    /** Makes the actions of instances and the points at which all have started or stopped. */
    static void instances(Resource collective, List<Resource> instances) {
        int state = 0;
        for (Resource instance : List.copyOf(instances)) {
            ResourceSteps.create(instance);
            state |= state(instance);
        }
        boolean starting = (state & STARTING) != 0;
        boolean stopping = (state & STOPPING) != 0;
        Action start = Actions.pseudo(collective, Tasks.START, !starting, true);
        Action started = Actions.pseudo(collective, Tasks.RUNNING, !starting, false);
        started.priority = Score.INFINITY;
        if ((state & (ACTIVE | STARTING)) != 0) {
            started.set(Action.RUNNABLE);
        }
        Action stop = Actions.pseudo(collective, Tasks.STOP, !stopping, true);
        Action stopped = Actions.pseudo(collective, Tasks.STOPPED, !stopping, true);
        stopped.priority = Score.INFINITY;
        if ((state & RESTARTING) == 0) {
            stop.set(Action.MIGRATABLE);
        }
        if (collective instanceof Clone clone) {
            NotificationPoints.startAndStop(clone, start, started, stop, stopped);
        }
    }

    private static int state(Resource instance) {
        int state = 0;
        if (!instance.children.isEmpty()) {
            for (Resource child : instance.children) {
                state |= state(child);
            }
            return state;
        }
        if (!instance.active.isEmpty()) {
            state |= ACTIVE;
        }
        for (Action action : instance.actions) {
            if (action.is(Action.OPTIONAL)) {
                continue;
            }
            if (action.task.equals(Tasks.START) && action.is(Action.RUNNABLE)) {
                state |= STARTING;
            } else if (action.task.equals(Tasks.STOP)
                    && action.isAny(Action.PSEUDO | Action.RUNNABLE)) {
                state |= STOPPING;
            }
        }
        if ((state & STARTING) != 0 && (state & STOPPING) != 0) {
            state |= RESTARTING;
        }
        return state;
    }

    private static void promotable(Clone clone) {
        boolean promoting = false;
        boolean demoting = false;
        for (Resource instance : List.copyOf(clone.children)) {
            ResourceSteps.create(instance);
            promoting |= hasRequired(instance, Tasks.PROMOTE);
            demoting |= hasRequired(instance, Tasks.DEMOTE);
        }
        Action promote = Actions.pseudo(clone, Tasks.PROMOTE, !promoting, true);
        Action promoted = Actions.pseudo(clone, Tasks.PROMOTED, !promoting, true);
        promoted.priority = Score.INFINITY;
        Action demote = Actions.pseudo(clone, Tasks.DEMOTE, !demoting, true);
        Action demoted = Actions.pseudo(clone, Tasks.DEMOTED, !demoting, true);
        demoted.priority = Score.INFINITY;
        NotificationPoints.promoteAndDemote(clone, promote, promoted, demote, demoted);
        for (Resource instance : clone.children) {
            // it was the promotion score for a while
            instance.priority = clone.priority;
        }
    }

    private static boolean hasRequired(Resource instance, String task) {
        if (!instance.children.isEmpty()) {
            for (Resource child : instance.children) {
                if (hasRequired(child, task)) {
                    return true;
                }
            }
            return false;
        }
        for (Action action : instance.actions) {
            if (action.task.equals(task) && !action.is(Action.OPTIONAL)) {
                return true;
            }
        }
        return false;
    }
}
