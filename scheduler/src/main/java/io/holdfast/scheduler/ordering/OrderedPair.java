package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;

/** What an ordering makes of the two actions themselves. */
final class OrderedPair {
    /** Which of two actions an update has changed; bits. */
    static final int FIRST = 1;

    static final int THEN = 2;

    private OrderedPair() {}

    /**
     * Updates two actions.
     *
     * @param firstFlags the flags of the first for this purpose
     * @param filter which flags are to be looked at
     */
    static int update(Action first, Action then, int firstFlags, int filter, int relation) {
        int thenBefore = then.flags;
        int firstBefore = first.flags;
        boolean optionals = (filter & Action.OPTIONAL) != 0;
        boolean runnables = (filter & Action.RUNNABLE) != 0;
        boolean firstRequired = (firstFlags & Action.OPTIONAL) == 0;
        if (Relation.is(relation, Relation.ASYMMETRIC)) {
            asymmetric(first, then);
        }
        if (Relation.is(relation, Relation.THEN_IMPLIES_FIRST)
                && (thenBefore & Action.OPTIONAL) == 0) {
            if (optionals && firstRequired && (firstBefore & Action.OPTIONAL) != 0) {
                clear(first, Action.OPTIONAL, then);
            }
            if ((firstFlags & Action.MIGRATABLE) != 0 && !then.is(Action.MIGRATABLE)) {
                clear(first, Action.MIGRATABLE, then);
            }
        }
        if (Relation.is(relation, Relation.PROMOTED_THEN_IMPLIES_FIRST)
                && then.resource != null
                && then.resource.role == Role.PROMOTED
                && optionals
                && !then.is(Action.OPTIONAL)) {
            clear(first, Action.OPTIONAL, then);
            if (first.is(Action.MIGRATABLE) && !then.is(Action.MIGRATABLE)) {
                clear(first, Action.MIGRATABLE, then);
            }
        }
        if (Relation.is(relation, Relation.UNMIGRATABLE_THEN_BLOCKS) && optionals) {
            if (!then.is(Action.MIGRATABLE | Action.RUNNABLE)) {
                clear(first, Action.RUNNABLE, then);
            }
            if (!then.is(Action.OPTIONAL)) {
                clear(first, Action.OPTIONAL, then);
            }
        }
        if (Relation.is(relation, Relation.UNMIGRATABLE_FIRST_BLOCKS)
                && optionals
                && !first.is(Action.RUNNABLE)) {
            clear(then, Action.MIGRATABLE, first);
            then.clear(Action.PSEUDO);
        }
        if (Relation.is(relation, Relation.UNRUNNABLE_FIRST_BLOCKS)
                && runnables
                && then.is(Action.RUNNABLE)
                && (firstFlags & Action.RUNNABLE) == 0) {
            clear(then, Action.RUNNABLE, first);
            clear(then, Action.MIGRATABLE, first);
        }
        if (Relation.is(relation, Relation.FIRST_IMPLIES_THEN)
                && optionals
                && then.is(Action.OPTIONAL)
                && firstRequired
                && !first.is(Action.MIGRATABLE)) {
            clear(then, Action.OPTIONAL, first);
        }
        if (Relation.is(relation, Relation.INTERMEDIATE_STOP)) {
            intermediateStop(first, then, filter);
        }
        int changed = 0;
        if (thenBefore != then.flags) {
            changed |= THEN;
            if (then.resource != null && then.resource.parent != null) {
                // needed for "stop, then start" of groups in clones
                OrderingUpdates.update(then);
            }
        }
        if (firstBefore != first.flags) {
            changed |= FIRST;
        }
        return changed;
    }

    /** If the first action of an asymmetric ordering cannot run, the second cannot either. */
    private static void asymmetric(Action first, Action then) {
        Resource resource = then.resource;
        if (resource == null || first.is(Action.RUNNABLE)) {
            return;
        }
        if (then.is(Action.OPTIONAL)) {
            Role role = resource.state(true);
            if (role == Role.STOPPED && then.task.equals(Tasks.STOP)) {
                return;
            }
            if (role.atLeast(Role.STARTED)
                    && then.task.equals(Tasks.START)
                    && resource.active.size() == 1
                    && resource.active.getFirst() == then.node) {
                return;
            }
        }
        clear(then, Action.OPTIONAL, first);
        clear(then, Action.RUNNABLE, first);
    }

    /** A resource that has to start anew, or a group member before another, stops first. */
    private static void intermediateStop(Action first, Action then, int filter) {
        boolean restart = (filter & Action.OPTIONAL) != 0 && !then.is(Action.OPTIONAL);
        boolean cannotStart =
                (filter & Action.RUNNABLE) != 0
                        && !then.is(Action.RUNNABLE)
                        && then.resource != null
                        && then.resource.managed
                        && first.resource == then.resource;
        if (!restart && !cannotStart) {
            return;
        }
        if (first.is(Action.RUNNABLE) || !then.is(Action.OPTIONAL)) {
            clear(first, Action.OPTIONAL, then);
        }
        if (!then.is(Action.MIGRATABLE)) {
            clear(first, Action.MIGRATABLE, then);
        }
        if (!first.is(Action.OPTIONAL) && !first.is(Action.RUNNABLE)) {
            clear(then, Action.RUNNABLE, first);
        }
    }

    private static void clear(Action action, int flag, Action because) {
        if (action.is(flag)) {
            action.clear(flag);
            if (action.resource != because.resource) {
                action.because(reason(because, flag), false);
            }
        }
    }

    /** Why an action's flag was cleared, as people read it. */
    private static String reason(Action action, int flag) {
        String change =
                switch (flag) {
                    case Action.RUNNABLE -> "unrunnable";
                    case Action.MIGRATABLE -> "unmigrateable";
                    case Action.OPTIONAL -> "required";
                    default -> "";
                };
        String subject = action.resource == null ? "" : " " + action.resource.id;
        return change + subject + " " + action.task;
    }
}
