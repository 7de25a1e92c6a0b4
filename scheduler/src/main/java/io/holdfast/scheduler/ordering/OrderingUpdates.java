package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import org.jspecify.annotations.Nullable;

/** Updates actions for the orderings they stand in, and what depends on them in turn. */
final class OrderingUpdates {
    private OrderingUpdates() {}

    /** Updates an action for everything it comes after. */
    static void update(Action then) {
        int changed = 0;
        int flagsBefore = then.flags;
        if (then.is(Action.MIN_RUNNABLE)) {
            then.runnableBefore = 0;
            if (then.requiredRunnableBefore == 0) {
                then.requiredRunnableBefore = 1;
            }
            then.clear(Action.RUNNABLE);
        }
        for (int i = then.before.size() - 1; i >= 0; i--) {
            Action.Related other = then.before.get(i);
            Node firstNode = groupNode(other.action);
            Node thenNode = groupNode(then);
            if (Relation.is(other.relation, Relation.IF_ON_SAME_NODE)
                    && firstNode != null
                    && thenNode != null
                    && firstNode != thenNode) {
                other.relation = Relation.NONE;
                continue;
            }
            changed &= ~OrderedPair.FIRST;
            Action first = other.action;
            if (first.resource != null
                    && Relation.is(other.relation, Relation.THEN_CANCELS_FIRST)
                    && !then.is(Action.OPTIONAL)) {
                first.set(Action.OPTIONAL);
                if (first.task.equals(Tasks.RELOAD_AGENT)) {
                    first.resource.reload = false;
                }
            }
            if (first.resource != null
                    && then.resource != null
                    && first.resource != then.resource
                    && !then.resource.isInside(first.resource)) {
                first = completed(first, first.resource);
            }
            if (first == other.action) {
                int firstFlags = ActionFlags.forOrdering(first, thenNode);
                int thenFlags = ActionFlags.forOrdering(then, firstNode);
                changed |= byRelation(first, then, firstFlags, thenFlags, other);
            } else if (first.orderBefore(then, other.relation)) {
                changed |= OrderedPair.THEN;
                other.relation = Relation.NONE;
            }
            if ((changed & OrderedPair.FIRST) != 0) {
                for (int k = first.after.size() - 1; k >= 0; k--) {
                    update(first.after.get(k).action);
                }
                update(first);
            }
        }
        if (then.is(Action.MIN_RUNNABLE)) {
            changed =
                    flagsBefore == then.flags
                            ? changed & ~OrderedPair.THEN
                            : changed | OrderedPair.THEN;
        }
        if ((changed & OrderedPair.THEN) != 0) {
            if ((flagsBefore & Action.RUNNABLE) != 0 && !then.is(Action.RUNNABLE)) {
                BlockedColocations.block(then);
            }
            update(then);
            for (int k = then.after.size() - 1; k >= 0; k--) {
                update(then.after.get(k).action);
            }
        }
    }

    private static @Nullable Node groupNode(Action action) {
        if (action.resource instanceof Group group && action.task.equals(Tasks.START)) {
            NodeScore location = group.location(false);
            return location == null ? null : location.node;
        }
        return action.node;
    }

    /** For what comes after a collective, its action counts when all instances have done it. */
    private static Action completed(Action action, Resource resource) {
        if (resource.isPrimitive()) {
            return action;
        }
        String key = completedKey(action, resource);
        Action found = key.equals(action.key) ? action : resource.findByKey(key);
        return found == null ? action : found;
    }

    private static String completedKey(Action action, Resource resource) {
        if (action.key.contains("notify") || Keys.interval(action.key) > 0) {
            return action.key;
        }
        String task = Keys.task(action.key);
        String completed =
                switch (task) {
                    case Tasks.START, Tasks.RUNNING -> Tasks.RUNNING;
                    case Tasks.STOP, Tasks.STOPPED -> Tasks.STOPPED;
                    case Tasks.PROMOTE, Tasks.PROMOTED -> Tasks.PROMOTED;
                    case Tasks.DEMOTE, Tasks.DEMOTED -> Tasks.DEMOTED;
                    default -> null;
                };
        if (completed == null) {
            return action.key;
        }
        String id = Keys.resource(action.key);
        if (resource.notify && (resource.isClone() || resource.isBundled())) {
            return Keys.notification(id, "confirmed-post", completed);
        }
        return Keys.operation(id, completed, 0);
    }

    private static int byRelation(
            Action first, Action then, int firstFlags, int thenFlags, Action.Related order) {
        int changed = 0;
        Node node = then.node;
        Resource thenResource = then.resource;
        if (Relation.is(order.relation, Relation.FIRST_IMPLIES_SAME_NODE_THEN)) {
            order.relation &= ~Relation.FIRST_IMPLIES_SAME_NODE_THEN;
            order.relation |= Relation.FIRST_IMPLIES_THEN;
            node = first.node;
        }
        int optional = Action.OPTIONAL;
        int runnable = Action.RUNNABLE;
        boolean firstRequired = (firstFlags & optional) == 0;
        boolean firstRunnable = (firstFlags & runnable) != 0;
        if (Relation.is(order.relation, Relation.FIRST_IMPLIES_THEN)) {
            if (thenResource != null) {
                changed |=
                        pair(
                                thenResource,
                                first,
                                then,
                                node,
                                firstFlags & optional,
                                optional,
                                Relation.FIRST_IMPLIES_THEN);
            } else if (firstRequired && then.is(optional)) {
                then.clear(optional);
                changed |= OrderedPair.THEN;
            }
        }
        if (Relation.is(order.relation, Relation.INTERMEDIATE_STOP) && thenResource != null) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags,
                            optional | runnable,
                            Relation.INTERMEDIATE_STOP);
        }
        if (Relation.is(order.relation, Relation.THEN_IMPLIES_FIRST)) {
            if (first.resource != null) {
                changed |=
                        pair(
                                first.resource,
                                first,
                                then,
                                node,
                                firstFlags,
                                optional,
                                Relation.THEN_IMPLIES_FIRST);
            } else if (firstRequired && first.is(runnable)) {
                first.clear(runnable);
                changed |= OrderedPair.FIRST;
            }
        }
        if (thenResource != null
                && Relation.is(order.relation, Relation.PROMOTED_THEN_IMPLIES_FIRST)) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags & optional,
                            optional,
                            Relation.PROMOTED_THEN_IMPLIES_FIRST);
        }
        if (Relation.is(order.relation, Relation.MIN_RUNNABLE)) {
            if (thenResource != null) {
                changed |=
                        pair(
                                thenResource,
                                first,
                                then,
                                node,
                                firstFlags,
                                runnable,
                                Relation.MIN_RUNNABLE);
            } else if (firstRunnable) {
                then.runnableBefore++;
                if (then.runnableBefore >= then.requiredRunnableBefore && !then.is(runnable)) {
                    then.set(runnable);
                    changed |= OrderedPair.THEN;
                }
            }
        }
        if (thenResource != null && Relation.is(order.relation, Relation.NESTED_REMOTE_PROBE)) {
            if (!firstRunnable && first.resource != null && !first.resource.active.isEmpty()) {
                order.relation = Relation.NONE;
            } else {
                changed |=
                        pair(
                                thenResource,
                                first,
                                then,
                                node,
                                firstFlags,
                                runnable,
                                Relation.UNRUNNABLE_FIRST_BLOCKS);
            }
        }
        if (Relation.is(order.relation, Relation.UNRUNNABLE_FIRST_BLOCKS)) {
            if (thenResource != null) {
                changed |=
                        pair(
                                thenResource,
                                first,
                                then,
                                node,
                                firstFlags,
                                runnable,
                                Relation.UNRUNNABLE_FIRST_BLOCKS);
            } else if (!firstRunnable && then.is(runnable)) {
                then.clear(runnable);
                changed |= OrderedPair.THEN;
            }
        }
        if (thenResource != null) {
            changed |= rest(thenResource, first, then, node, firstFlags, order.relation);
        }
        if (first.is(runnable)
                && Relation.is(order.relation, Relation.FIRST_IMPLIES_THEN_GRAPHED)
                && firstRequired) {
            then.set(Action.PRINT_ALWAYS);
        }
        if (Relation.is(order.relation, Relation.THEN_IMPLIES_FIRST_GRAPHED)
                && (thenFlags & optional) == 0) {
            first.set(Action.PRINT_ALWAYS);
        }
        if (Relation.isAny(
                        order.relation,
                        Relation.FIRST_IMPLIES_THEN
                                | Relation.THEN_IMPLIES_FIRST
                                | Relation.INTERMEDIATE_STOP)
                && first.resource != null
                && !first.resource.managed
                && first.resource.blocked
                && !first.is(runnable)
                && first.task.equals(Tasks.STOP)
                && then.is(runnable)) {
            then.clear(runnable);
            changed |= OrderedPair.THEN;
        }
        return changed;
    }

    private static int rest(
            Resource thenResource,
            Action first,
            Action then,
            @Nullable Node node,
            int firstFlags,
            int relation) {
        int changed = 0;
        if (Relation.is(relation, Relation.UNMIGRATABLE_THEN_BLOCKS)) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags,
                            Action.OPTIONAL,
                            Relation.UNMIGRATABLE_THEN_BLOCKS);
        }
        if (Relation.is(relation, Relation.UNMIGRATABLE_FIRST_BLOCKS)) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags,
                            Action.OPTIONAL,
                            Relation.UNMIGRATABLE_FIRST_BLOCKS);
        }
        if (Relation.is(relation, Relation.ORDERED)) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags,
                            Action.RUNNABLE,
                            Relation.ORDERED);
        }
        if (Relation.is(relation, Relation.ASYMMETRIC)) {
            changed |=
                    pair(
                            thenResource,
                            first,
                            then,
                            node,
                            firstFlags,
                            Action.RUNNABLE,
                            Relation.ASYMMETRIC);
        }
        return changed;
    }

    /** Updates two actions as the resource that the update is for needs it. */
    static int pair(
            Resource resource,
            Action first,
            Action then,
            @Nullable Node node,
            int flags,
            int filter,
            int relation) {
        return switch (resource) {
            case Primitive primitive -> OrderedPair.update(first, then, flags, filter, relation);
            case Group group -> forGroup(first, then, node, flags, filter, relation);
            case Clone clone -> InstanceUpdates.update(first, then, node, flags, filter, relation);
            case Bundle bundle ->
                    InstanceUpdates.update(first, then, node, flags, filter, relation);
        };
    }

    private static int forGroup(
            Action first, Action then, @Nullable Node node, int flags, int filter, int relation) {
        int changed = OrderedPair.update(first, then, flags, filter, relation);
        if (then.resource != null) {
            for (Resource member : then.resource.children) {
                Action action = member.findByTask(then.task, node);
                if (action != null) {
                    changed |= pair(member, first, action, node, flags, filter, relation);
                }
            }
        }
        return changed;
    }
}
