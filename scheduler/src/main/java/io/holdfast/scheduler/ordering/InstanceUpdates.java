package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Assignment;
import io.holdfast.scheduler.placement.Instances;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What orderings make of the instances of clones and bundles, interleaved or not. */
final class InstanceUpdates {
    private InstanceUpdates() {}

    static int update(
            Action first, Action then, @Nullable Node node, int flags, int filter, int relation) {
        Resource thenResource = then.resource;
        if (thenResource == null) {
            return 0;
        }
        Resource firstResource = first.resource;
        if (firstResource != null && canInterleave(firstResource, then, thenResource)) {
            return interleaved(first, firstResource, then, thenResource, node, filter, relation);
        }
        int changed = OrderedPair.update(first, then, flags, filter, relation);
        for (Resource instance : List.copyOf(Instances.of(thenResource))) {
            changed |= one(instance, first, then, node, flags, filter, relation);
        }
        return changed;
    }

    private static int one(
            Resource instance,
            Action first,
            Action then,
            @Nullable Node node,
            int flags,
            int filter,
            int relation) {
        Action action = instance.findByTask(then.task, node);
        if (action == null || (ActionFlags.of(action, node) & Action.RUNNABLE) == 0) {
            return 0;
        }
        int changed = OrderingUpdates.pair(instance, first, action, node, flags, filter, relation);
        if ((changed & OrderedPair.THEN) != 0) {
            for (int i = action.after.size() - 1; i >= 0; i--) {
                OrderingUpdates.update(action.after.get(i).action);
            }
        }
        return changed;
    }

    private static boolean canInterleave(
            Resource firstResource, Action then, Resource thenResource) {
        if (firstResource == thenResource || firstResource.rank() < 2 || thenResource.rank() < 2) {
            return false;
        }
        boolean down = then.key.endsWith("_stop_0") || then.key.endsWith("_demote_0");
        Resource deciding = down ? firstResource : thenResource;
        return Values.isTrue(deciding.meta.get("interleave"));
    }

    private static int interleaved(
            Action first,
            Resource firstResource,
            Action then,
            Resource thenResource,
            @Nullable Node node,
            int filter,
            int relation) {
        int changed = 0;
        String firstTask = ActionFlags.originalTask(first, firstResource);
        boolean current = first.key.endsWith("_stopped_0") || first.key.endsWith("_demoted_0");
        for (Resource thenInstance : List.copyOf(Instances.of(thenResource))) {
            Resource firstInstance =
                    Instances.compatible(thenInstance, firstResource, Role.UNKNOWN, current);
            if (firstInstance == null) {
                if (!current
                        && Relation.isAny(
                                relation,
                                Relation.UNRUNNABLE_FIRST_BLOCKS | Relation.FIRST_IMPLIES_THEN)
                        && Assignment.assign(thenInstance, null, true, true)) {
                    changed |= OrderedPair.THEN;
                }
                continue;
            }
            Action firstAction = action(first, firstInstance, firstTask, node, true);
            Action thenAction =
                    firstAction == null ? null : action(then, thenInstance, then.task, node, false);
            if (firstAction == null || thenAction == null) {
                continue;
            }
            if (firstAction.orderBefore(thenAction, relation)) {
                changed |= OrderedPair.FIRST | OrderedPair.THEN;
            }
            changed |=
                    OrderingUpdates.pair(
                            thenInstance,
                            firstAction,
                            thenAction,
                            node,
                            ActionFlags.of(firstAction, node),
                            filter,
                            relation);
        }
        return changed;
    }

    /** Of a bundle the service inside counts as a first, except for stops; the container else. */
    private static @Nullable Action action(
            Action about, Resource instance, String task, @Nullable Node node, boolean forFirst) {
        boolean inside =
                switch (about.task) {
                    case Tasks.STOP, Tasks.STOPPED -> false;
                    case Tasks.PROMOTE, Tasks.PROMOTED, Tasks.DEMOTE, Tasks.DEMOTED -> true;
                    default -> forFirst;
                };
        Resource child = inside ? insideOf(instance) : null;
        return child == null ? instance.findByTask(task, node) : child.findByTask(task, null);
    }

    private static @Nullable Resource insideOf(Resource container) {
        if (container.replicaContainer && container.parent instanceof Bundle bundle) {
            for (Bundle.Replica replica : bundle.replicas) {
                if (replica.container == container) {
                    return replica.child;
                }
            }
        }
        return null;
    }
}
