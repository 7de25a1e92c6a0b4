package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;

/** Which actions come into the graph, and for which other actions they are waited for. */
public final class Inputs {
    private static final int WITHOUT_EFFECT =
            Relation.THEN_IMPLIES_FIRST_GRAPHED
                    | Relation.FIRST_IMPLIES_THEN_GRAPHED
                    | Relation.ORDERED;

    private Inputs() {}

    public static boolean isDone(Action action) {
        if (!action.is(Action.RUNNABLE)
                || (action.is(Action.OPTIONAL) && !action.is(Action.PRINT_ALWAYS))) {
            return false;
        }
        Resource resource = action.resource;
        if (resource != null
                && !resource.managed
                && !action.task.equals(Tasks.MONITOR)
                && Values.number(action.meta.get("interval"), 0) == 0) {
            return false;
        }
        if (action.is(Action.PSEUDO)
                || action.task.equals(Tasks.FENCE)
                || action.task.equals(Tasks.SHUTDOWN)) {
            return true;
        }
        Node node = action.node;
        if (node == null) {
            return false;
        }
        if (action.is(Action.ON_DC) || (node.isGuest() && !node.remoteReset)) {
            return true;
        }
        return node.online && !node.unclean;
    }

    /** Whether an action waits for an input; orderings that turn out moot are switched off. */
    public static boolean isWaitedFor(Action action, Action.Related input) {
        Action first = input.action;
        int relation = input.relation;
        boolean runnable = first.is(Action.RUNNABLE);
        if (input.inGraph) {
            return true;
        }
        if (relation == Relation.NONE
                || (!runnable && (relation & ~WITHOUT_EFFECT) == 0)
                || (!runnable && Relation.is(relation, Relation.MIN_RUNNABLE))
                || (!runnable && Relation.is(relation, Relation.UNMIGRATABLE_THEN_BLOCKS))
                || (Relation.is(relation, Relation.IF_FIRST_UNMIGRATABLE)
                        && first.is(Action.MIGRATABLE))
                || (relation == Relation.ORDERED
                        && first.is(Action.MIGRATABLE)
                        && first.key.endsWith("_stop_0"))) {
            return false;
        }
        if (relation == Relation.IF_ON_SAME_NODE_OR_TARGET) {
            return loadMatters(action, input);
        }
        if (relation == Relation.IF_REQUIRED_ON_SAME_NODE) {
            boolean elsewhere =
                    first.node != null && action.node != null && first.node != action.node;
            if (elsewhere || first.is(Action.OPTIONAL)) {
                input.relation = Relation.NONE;
                return false;
            }
            return true;
        }
        if (first.resource != null
                && first.resource != action.resource
                && first.resource.failed
                && !first.resource.managed
                && first.key.endsWith("_stop_0")
                && action.resource != null
                && action.resource.isClone()) {
            return false;
        }
        return !first.is(Action.OPTIONAL)
                || first.isAny(Action.PRINT_ALWAYS | Action.ADDED_TO_GRAPH)
                || isDone(first);
    }

    private static boolean loadMatters(Action action, Action.Related input) {
        Node node = input.action.node;
        boolean matters;
        if (action.resource != null && action.task.equals(Tasks.MIGRATE_TO)) {
            matters = action.resource.assigned != null && action.resource.assigned.node == node;
        } else {
            matters = node == action.node && !input.action.is(Action.OPTIONAL);
        }
        if (!matters) {
            input.relation = Relation.NONE;
        }
        return matters;
    }

    /** Whether an input waits, over other actions, for the action itself. */
    static boolean hasLoop(Action start, Action action, Action.Related input) {
        Action first = input.action;
        if (first.is(Action.DETECT_LOOP) || !isWaitedFor(action, input)) {
            return false;
        }
        if (first == start) {
            return true;
        }
        first.set(Action.DETECT_LOOP);
        boolean loop = false;
        for (Action.Related next : first.before.reversed()) {
            if (hasLoop(start, first, next)) {
                loop = true;
                break;
            }
        }
        first.clear(Action.DETECT_LOOP);
        return loop;
    }
}
