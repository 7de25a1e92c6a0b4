package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Ordering;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Instances;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nothing is begun, or begun again, before the probes it depends on have told what there is. */
final class ProbeOrders {
    private ProbeOrders() {}

    static void add(Cluster cluster) {
        for (Resource resource : cluster.resources) {
            startsAndRestarts(resource);
        }
        for (Ordering ordering : List.copyOf(cluster.orderings)) {
            insteadOfStop(ordering);
        }
    }

    private static void startsAndRestarts(Resource resource) {
        if (!resource.isPrimitive()) {
            resource.children.forEach(ProbeOrders::startsAndRestarts);
            return;
        }
        for (Action probe : Actions.ofTask(resource, null, Tasks.MONITOR, false).reversed()) {
            for (Action.Related then : List.copyOf(probe.after).reversed()) {
                unrunnableProbe(probe, then);
                Set<Action> seen = Collections.newSetFromMap(new IdentityHashMap<>());
                restarts(probe, then.action, seen);
            }
        }
    }

    /** An instance that is down stays down when it cannot be probed; others are not stopped. */
    private static void unrunnableProbe(Action probe, Action.Related after) {
        Resource collective = after.action.resource;
        if (collective == null
                || collective.rank() <= 1
                || probe.is(Action.RUNNABLE)
                || Relation.is(after.relation, Relation.UNRUNNABLE_FIRST_BLOCKS)
                || probe.resource == null
                || probe.resource.top() != collective
                || !after.action.task.equals(Tasks.START)) {
            return;
        }
        for (Action.Related then : List.copyOf(after.action.after).reversed()) {
            Resource instance = then.action.resource;
            if (instance != null
                    && instance.active.isEmpty()
                    && instance.top() == collective
                    && then.action.task.equals(Tasks.START)) {
                probe.orderBefore(then.action, Relation.ORDERED | Relation.UNRUNNABLE_FIRST_BLOCKS);
            }
        }
    }

    private static void restarts(Action probe, Action after, Set<Action> seen) {
        Resource probed = probe.resource;
        if (probed == null || !probe.task.equals(Tasks.MONITOR) || !seen.add(after)) {
            return;
        }
        Resource resource = after.resource;
        if (resource != null && resource.isPrimitive() && resource != probed) {
            String down =
                    switch (after.task) {
                        case Tasks.START -> Tasks.STOP;
                        case Tasks.PROMOTE -> Tasks.DEMOTE;
                        default -> null;
                    };
            if (down != null) {
                for (Action then : Actions.ofTask(resource, null, down, false).reversed()) {
                    if (!then.is(Action.PSEUDO)) {
                        probe.orderBefore(then, Relation.ORDERED);
                    }
                }
            }
        }
        boolean interleave = false;
        Resource compatible = null;
        if (resource != null && resource.rank() > 1) {
            interleave = Values.isTrue(resource.meta.get("interleave"));
            if (interleave) {
                compatible = Instances.compatible(probed, resource, Role.UNKNOWN, false);
            }
        }
        for (Action.Related next : List.copyOf(after.after).reversed()) {
            if (Relation.is(next.relation, Relation.FIRST_IMPLIES_THEN)
                    || isPart(probed, resource, next.action.resource, interleave, compatible)) {
                restarts(probe, next.action, seen);
            }
        }
    }

    private static boolean isPart(
            Resource probed,
            @Nullable Resource collective,
            @Nullable Resource part,
            boolean interleave,
            @Nullable Resource compatible) {
        if (collective == null
                || collective.isPrimitive()
                || probed.parent == collective
                || part == null
                || part.rank() > 1
                || part.parent != collective) {
            return false;
        }
        return !(collective.rank() > 1 && interleave) || compatible == part;
    }

    /** What comes after a stop comes after a probe too, for the probe may lead to a stop. */
    private static void insteadOfStop(Ordering ordering) {
        Resource resource = ordering.firstResource();
        Resource thenResource = ordering.thenResource();
        Action first = ordering.firstAction();
        Action then = ordering.thenAction();
        String firstKey = ordering.firstKey();
        String thenKey = ordering.thenKey();
        if (ordering.relation() == Relation.NONE
                || resource == null
                || resource == thenResource
                || (first == null && firstKey == null)
                || (then == null && thenKey == null)) {
            return;
        }
        boolean isStop =
                first != null
                        ? first.task.equals(Tasks.STOP)
                        : firstKey != null && firstKey.endsWith("_stop_0");
        if (!isStop) {
            return;
        }
        boolean thenStops =
                then != null
                        ? then.task.equals(Tasks.STOP)
                        : thenKey != null && thenKey.endsWith("_stop_0");
        if (thenResource != null && resource.launcher == thenResource && thenStops) {
            return;
        }
        int relation =
                Relation.ORDERED
                        | (ordering.relation()
                                & (Relation.IF_FIRST_UNMIGRATABLE | Relation.IF_ON_SAME_NODE));
        if (ordering.relation() == Relation.IF_REQUIRED_ON_SAME_NODE
                || ordering.relation() == Relation.IF_ON_SAME_NODE_OR_TARGET) {
            relation = ordering.relation();
        }
        List<Action> probes = Actions.ofTask(resource, null, Tasks.MONITOR, false).reversed();
        if (probes.isEmpty()) {
            return;
        }
        List<Action> thens =
                then != null
                        ? List.of(then)
                        : thenResource != null && thenKey != null
                                ? Actions.find(thenResource.actions, thenKey, null).reversed()
                                : List.of();
        for (Action probe : probes) {
            for (Action each : thens) {
                if (isBefore(probe, each)) {
                    probe.orderBefore(each, relation);
                }
            }
        }
    }

    private static boolean isBefore(Action probe, Action then) {
        if (then.task.equals(Tasks.FENCE)
                && probe.node == then.node
                && "on".equalsIgnoreCase(then.meta.get("stonith_action"))) {
            return false;
        }
        return !(then.task.equals(Tasks.SHUTDOWN)
                && probe.node != null
                && then.node != null
                && probe.node != then.node);
    }
}
