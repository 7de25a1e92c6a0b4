package io.holdfast.scheduler.steps;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.actions.OperationMeta;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.ordering.Orderings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recurring operations: begun with a role, cancelled when it ends. */
public final class RecurringSteps {
    private static final Set<String> CANNOT_RECUR =
            Set.of(
                    Tasks.STOP,
                    Tasks.START,
                    Tasks.DEMOTE,
                    Tasks.PROMOTE,
                    Tasks.RELOAD_AGENT,
                    Tasks.MIGRATE_TO,
                    Tasks.MIGRATE_FROM);

    private RecurringSteps() {}

    static void create(Primitive resource) {
        if (resource.blocked || resource.maintenance || resource.operations == null) {
            return;
        }
        Node node = PrimitiveSteps.assignedNode(resource);
        Action start = null;
        if (node != null
                && !node.maintenance
                && (resource.nextRole != Role.STOPPED || !resource.managed)) {
            start = Actions.start(resource, node, true);
        }
        for (Element operation : resource.operations.children("op")) {
            if (start != null) {
                whileActive(resource, start, node, operation);
            }
            whileInactive(resource, node, operation);
        }
    }

    /** The interval of an operation that is to recur; 0 when it is not. */
    private static long recurs(Primitive resource, Element operation) {
        long interval = Values.interval(operation.attribute("interval"));
        String name = operation.attribute("name", "");
        if (interval == 0 || operation.id().isEmpty() || CANNOT_RECUR.contains(name)) {
            return 0;
        }
        int same = 0;
        if (resource.operations != null) {
            for (Element other : resource.operations.children("op")) {
                if (name.equals(other.attribute("name"))
                        && Values.interval(other.attribute("interval")) == interval
                        && other.has("id")) {
                    same++;
                }
            }
        }
        boolean enabled = OperationMeta.configuration(resource, name, interval, false) != null;
        return same == 1 && enabled ? interval : 0;
    }

    private static @Nullable Role configuredRole(Element operation) {
        String role = operation.attribute("role");
        return role == null ? null : Role.parse(role);
    }

    private static void whileActive(
            Primitive resource, Action start, @Nullable Node node, Element operation) {
        Role role = configuredRole(operation);
        if (role == Role.STOPPED) {
            return;
        }
        long interval = recurs(resource, operation);
        if (interval == 0) {
            return;
        }
        String name = operation.attribute("name", "");
        String key = Keys.operation(resource.id, name, interval);
        boolean optional = goesOn(resource, node, key, start);
        boolean otherRole =
                role == null ? resource.nextRole == Role.PROMOTED : resource.nextRole != role;
        if (otherRole) {
            if (optional && node != null) {
                cancelForRole(resource, name, interval, node);
            }
            return;
        }
        Action monitor = Actions.of(resource, key, name, node, optional);
        if (!start.is(Action.RUNNABLE) || node == null || !node.online || node.unclean) {
            monitor.clear(Action.RUNNABLE);
        }
        if (resource.nextRole == Role.PROMOTED) {
            expect(monitor, 8);
        }
        if (node != null && !resource.managed) {
            return;
        }
        int relation = Relation.FIRST_IMPLIES_THEN | Relation.UNRUNNABLE_FIRST_BLOCKS;
        Orderings.taskThenAction(resource, Tasks.START, monitor, relation);
        Orderings.taskThenAction(resource, Tasks.RELOAD_AGENT, monitor, relation);
        int ordered = Relation.ORDERED | Relation.UNRUNNABLE_FIRST_BLOCKS;
        if (resource.nextRole == Role.PROMOTED) {
            Orderings.taskThenAction(resource, Tasks.PROMOTE, monitor, ordered);
        } else if (resource.role == Role.PROMOTED) {
            Orderings.taskThenAction(resource, Tasks.DEMOTE, monitor, ordered);
        }
    }

    static void expect(Action action, int code) {
        action.meta.put("op_target_rc", Integer.toString(code));
    }

    private static boolean goesOn(
            Primitive resource, @Nullable Node node, String key, Action start) {
        if (node == null || !start.is(Action.OPTIONAL)) {
            return false;
        }
        List<Action> running = Actions.findExact(resource.actions, key, node);
        return !running.isEmpty()
                && running.stream().noneMatch(action -> action.is(Action.RESCHEDULE));
    }

    private static void cancelForRole(Primitive resource, String name, long interval, Node node) {
        Action cancel = cancel(resource, name, interval, node);
        String then =
                switch (resource.role) {
                    case UNPROMOTED, STARTED ->
                            switch (resource.nextRole) {
                                case PROMOTED -> Tasks.PROMOTE;
                                case STOPPED -> Tasks.STOP;
                                default -> null;
                            };
                    case PROMOTED -> Tasks.DEMOTE;
                    default -> null;
                };
        if (then != null) {
            Orderings.actionThenTask(cancel, resource, then, Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
    }

    private static void whileInactive(Primitive resource, @Nullable Node node, Element operation) {
        if (configuredRole(operation) != Role.STOPPED) {
            return;
        }
        long interval = recurs(resource, operation);
        if (interval == 0 || !resource.unique) {
            return;
        }
        String name = operation.attribute("name", "");
        String key = Keys.operation(resource.id, name, interval);
        for (Node where : resource.cluster.nodes) {
            if (where == node) {
                cancelWhereActive(resource, where, key, name, interval);
                continue;
            }
            boolean optional = !Actions.findExact(resource.actions, key, where).isEmpty();
            Action monitor = Actions.of(resource, key, name, where, optional);
            expect(monitor, 7);
            if (resource.managed) {
                for (Action probe : Actions.ofTask(resource, where, Tasks.MONITOR, false)) {
                    probe.orderBefore(monitor, Relation.UNRUNNABLE_FIRST_BLOCKS);
                }
            }
            orderAfterStops(resource, where, monitor);
            if (!where.online || where.unclean) {
                monitor.clear(Action.RUNNABLE);
            }
        }
    }

    private static void orderAfterStops(Primitive resource, Node node, Action monitor) {
        for (Action stop : Actions.ofTask(resource, node, Tasks.STOP, true)) {
            if (!stop.is(Action.OPTIONAL) && !monitor.is(Action.OPTIONAL) && !resource.managed) {
                monitor.set(Action.OPTIONAL);
            }
            if (!stop.is(Action.RUNNABLE)) {
                monitor.clear(Action.RUNNABLE);
            }
            if (resource.managed) {
                Orderings.add(
                        resource,
                        resource.key(Tasks.STOP),
                        stop,
                        null,
                        null,
                        monitor,
                        Relation.FIRST_IMPLIES_THEN | Relation.UNRUNNABLE_FIRST_BLOCKS);
            }
        }
    }

    private static void cancelWhereActive(
            Primitive resource, Node node, String key, String name, long interval) {
        if (Actions.findExact(resource.actions, key, node).isEmpty()) {
            return;
        }
        Action cancel = cancel(resource, name, interval, node);
        if (resource.nextRole == Role.STARTED || resource.nextRole == Role.UNPROMOTED) {
            Orderings.actionThenTask(
                    cancel, resource, Tasks.START, Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
    }

    /** Ends a recurring operation. */
    static Action cancel(Resource resource, String task, long interval, Node node) {
        String key = Keys.operation(resource.id, task, interval);
        Action cancel = Actions.of(resource, key, Tasks.CANCEL, node, false);
        cancel.task = Tasks.CANCEL;
        cancel.cancelTask = task;
        cancel.meta.put("operation", task);
        cancel.meta.put("interval", Long.toString(interval));
        return cancel;
    }

    /** Ends a recurring operation that the history tells of, after a stop if there is one. */
    static void cancelRecorded(
            Resource resource, @Nullable String callId, String task, long interval, Node node) {
        Action cancel = cancel(resource, task, interval, node);
        if (callId != null) {
            cancel.meta.put("call-id", callId);
        }
        Orderings.add(
                resource, resource.key(Tasks.STOP), null, resource, null, cancel, Relation.ORDERED);
    }

    /** Has a recurring operation scheduled anew, for its parameters are others now. */
    static void reschedule(Resource resource, String task, long interval, Node node) {
        Fencing.triggerUnfencing(
                resource.cluster, resource, node, "Device parameters changed (reschedule)");
        Actions.of(resource, Keys.operation(resource.id, task, interval), task, node, true)
                .set(Action.RESCHEDULE);
    }
}
