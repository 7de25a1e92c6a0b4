package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Ordering;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ties the actions that were made by the orderings that were written down. */
public final class ApplyOrderings {
    private ApplyOrderings() {}

    public static void apply(Cluster cluster) {
        for (int i = 0; i < cluster.orderings.size(); i++) {
            apply(cluster.orderings.get(i));
        }
        for (Action action : List.copyOf(cluster.actions).reversed()) {
            BlockedColocations.block(action);
        }
        ProbeOrders.add(cluster);
        for (Action action : List.copyOf(cluster.actions).reversed()) {
            OrderingUpdates.update(action);
        }
        disableInvalid(cluster);
    }

    private static void apply(Ordering ordering) {
        if (ordering.firstResource() != null) {
            first(ordering.firstResource(), ordering);
        } else if (ordering.thenResource() != null) {
            then(ordering.firstAction(), ordering.thenResource(), ordering);
        } else if (ordering.firstAction() != null && ordering.thenAction() != null) {
            ordering.firstAction().orderBefore(ordering.thenAction(), ordering.relation());
        }
    }

    private static void first(Resource resource, Ordering ordering) {
        String key = ordering.firstKey();
        Action known = ordering.firstAction();
        List<Action> firsts =
                known != null
                        ? List.of(known)
                        : key == null ? List.of() : byKey(resource, key).reversed();
        if (firsts.isEmpty() && resource != ordering.thenResource() && key != null) {
            Action created = createFirst(resource, Keys.task(key), Keys.interval(key));
            if (created != null) {
                firsts = List.of(created);
            }
        }
        Resource thenResource = ordering.thenResource();
        if (thenResource == null) {
            if (ordering.thenAction() == null) {
                return;
            }
            thenResource = ordering.thenAction().resource;
        }
        for (Action first : firsts) {
            if (thenResource != null) {
                then(first, thenResource, ordering);
            } else if (ordering.thenAction() != null) {
                first.orderBefore(ordering.thenAction(), ordering.relation());
            }
        }
    }

    private static @Nullable Action createFirst(Resource resource, String task, long interval) {
        Role role = resource.state(true);
        if ((role == Role.STOPPED && task.equals(Tasks.STOP))
                || (role == Role.UNPROMOTED && task.equals(Tasks.DEMOTE))) {
            return null;
        }
        return Actions.of(resource, Keys.operation(resource.id, task, interval), task, null, true);
    }

    private static List<Action> byKey(Resource resource, String key) {
        List<Action> found = Actions.find(resource.actions, key, null);
        if (found.isEmpty()) {
            String own = Keys.operation(resource.id, Keys.task(key), Keys.interval(key));
            return Actions.find(resource.actions, own, null);
        }
        return found;
    }

    private static void then(@Nullable Action first, Resource resource, Ordering ordering) {
        Action known = ordering.thenAction();
        String key = ordering.thenKey();
        List<Action> thens =
                known != null
                        ? List.of(known)
                        : key == null ? List.of() : byKey(resource, key).reversed();
        int relation = ordering.relation();
        if (first != null && first.resource == resource && first.is(Action.MIGRATION_ABORT)) {
            relation &= ~Relation.FIRST_IMPLIES_THEN;
        }
        if (first == null && !Relation.is(relation, Relation.FIRST_IMPLIES_THEN)) {
            return;
        }
        for (Action then : thens) {
            if (first != null) {
                first.orderBefore(then, relation);
            } else {
                then.clear(Action.RUNNABLE);
            }
        }
    }

    /**
     * No constraint may order what runs in a guest against the guest; loops of loads are broken.
     */
    private static void disableInvalid(Cluster cluster) {
        for (Action action : cluster.actions.reversed()) {
            for (Action.Related input : action.before.reversed()) {
                if (isInvalid(action, input)) {
                    input.relation = Relation.NONE;
                }
            }
        }
    }

    private static boolean isInvalid(Action action, Action.Related input) {
        Action first = input.action;
        if (!Relation.is(input.relation, Relation.GUEST_ALLOWED)
                && first.resource != null
                && action.resource != null
                && !action.resource.launched.isEmpty()
                && first.node != null
                && first.node.remote != null
                && first.node.remote.launcher == action.resource) {
            return true;
        }
        return input.relation == Relation.IF_ON_SAME_NODE_OR_TARGET
                && action.resource != null
                && action.task.equals(Tasks.MIGRATE_TO)
                && Inputs.hasLoop(action, action, input);
    }
}
