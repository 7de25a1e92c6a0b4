package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.ordering.Orderings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs on remote nodes runs while their connection is up. */
public final class RemoteOrders {
    private enum State {
        UNKNOWN,
        ALIVE,
        RESTING,
        FAILED,
        STOPPED
    }

    private RemoteOrders() {}

    static boolean isFailedRemote(Node node) {
        return node.isRemote() && node.remote != null && state(node, node.remote) == State.FAILED;
    }

    private static State state(Node node, Primitive connection) {
        Node host = connection.currentNode();
        if (connection.nextRole == Role.STOPPED || connection.assigned == null) {
            if (host != null && host.unclean) {
                return State.FAILED;
            }
            if (!connection.failed) {
                return State.STOPPED;
            }
            boolean waits =
                    connection.nextRole == Role.STOPPED
                            && connection.remoteReconnectMillis > 0
                            && node.remoteFenced
                            && !shutdownRequested(node);
            return waits ? State.UNKNOWN : State.FAILED;
        }
        if (host == null) {
            return State.UNKNOWN;
        }
        if (host.unclean || !host.online) {
            return State.RESTING;
        }
        boolean migrating =
                connection.active.size() > 1
                        && connection.partialMigrationSource != null
                        && connection.partialMigrationTarget != null;
        return migrating ? State.RESTING : State.ALIVE;
    }

    private static boolean shutdownRequested(Node node) {
        String shutdown = node.attribute("shutdown");
        return shutdown != null && !shutdown.equals("0");
    }

    public static void order(Cluster cluster) {
        if (!cluster.haveRemoteNodes) {
            return;
        }
        for (Action action : List.copyOf(cluster.actions).reversed()) {
            Resource resource = action.resource;
            Node node = action.node;
            if (resource == null) {
                continue;
            }
            if (resource.remoteConnection && action.task.equals(Tasks.CLEAR_FAILCOUNT)) {
                Orderings.actionThenTask(action, resource, Tasks.START, Relation.ORDERED);
                continue;
            }
            if (node == null
                    || !node.remoteKind
                    || action.is(Action.PSEUDO)
                    || node.remote == null) {
                continue;
            }
            Primitive connection = node.remote;
            if (action.task.equals(Tasks.START)) {
                orderOtherStops(resource, node, connection);
            }
            if (connection.launcher != null) {
                orderInGuest(action, resource, node, connection, connection.launcher);
            } else {
                orderOnRemote(action, node, connection);
            }
        }
    }

    /** A resource leaves its node only once the connection it moves to is up. */
    private static void orderOtherStops(Resource resource, Node node, Primitive connection) {
        for (Action other : List.copyOf(resource.actions).reversed()) {
            if (other.node != node && other.task.equals(Tasks.STOP)) {
                Orderings.add(
                        connection,
                        connection.key(Tasks.START),
                        null,
                        resource,
                        null,
                        other,
                        Relation.ORDERED);
            }
        }
    }

    private static String kind(Action action) {
        return action.task.equals(Tasks.MIGRATE_TO) || action.task.equals(Tasks.MIGRATE_FROM)
                ? Tasks.STOP
                : action.task;
    }

    static boolean isRecurring(Action action) {
        return Values.number(action.meta.get("interval"), 0) > 0;
    }

    private static void orderOnRemote(Action action, Node node, Primitive connection) {
        State state = state(node, connection);
        Cluster cluster = connection.cluster;
        switch (kind(action)) {
            case Tasks.START, Tasks.PROMOTE ->
                    afterStart(
                            connection,
                            action,
                            state == State.FAILED ? Relation.FIRST_IMPLIES_THEN : 0);
            case Tasks.STOP -> {
                if (state == State.ALIVE) {
                    beforeStop(action, connection, Relation.THEN_IMPLIES_FIRST);
                } else if (state == State.FAILED) {
                    Fencing.fenceNode(
                            cluster,
                            node,
                            "resources are active but connection is unrecoverable",
                            false);
                } else if (connection.nextRole == Role.STOPPED) {
                    beforeStop(action, connection, Relation.THEN_IMPLIES_FIRST);
                } else {
                    afterStart(connection, action, 0);
                }
            }
            case Tasks.DEMOTE -> {
                if (state == State.RESTING || state == State.UNKNOWN) {
                    afterStart(connection, action, 0);
                }
            }
            default -> {
                if (isRecurring(action)) {
                    afterStart(connection, action, Relation.FIRST_IMPLIES_THEN);
                    return;
                }
                if (action.task.equals(Tasks.MONITOR) && state == State.FAILED) {
                    Fencing.fenceNode(
                            cluster,
                            node,
                            "resources are in unknown state and connection is unrecoverable",
                            false);
                }
                if (connection.currentNode() != null && state == State.STOPPED) {
                    beforeStop(action, connection, Relation.UNRUNNABLE_FIRST_BLOCKS);
                } else {
                    afterStart(connection, action, 0);
                }
            }
        }
    }

    private static void orderInGuest(
            Action action, Resource resource, Node node, Primitive connection, Resource container) {
        if (container.failed) {
            Fencing.fenceNode(resource.cluster, node, "container failed", false);
        }
        switch (kind(action)) {
            case Tasks.START, Tasks.PROMOTE -> {
                afterStart(container, action, Relation.FIRST_IMPLIES_THEN);
                afterStart(connection, action, 0);
            }
            case Tasks.STOP, Tasks.DEMOTE -> {
                if (!container.failed) {
                    beforeStop(action, connection, 0);
                }
            }
            default -> {
                if (!isRecurring(action)) {
                    afterStart(connection, action, 0);
                } else if (action.task.equals(Tasks.MONITOR)) {
                    afterStart(connection, action, Relation.FIRST_IMPLIES_THEN);
                }
            }
        }
    }

    private static void afterStart(Resource first, Action then, int extra) {
        Orderings.add(
                first,
                first.key(Tasks.START),
                null,
                then.resource,
                null,
                then,
                Relation.GUEST_ALLOWED | Relation.UNRUNNABLE_FIRST_BLOCKS | extra);
    }

    private static void beforeStop(Action first, Resource then, int extra) {
        Orderings.actionThenTask(first, then, Tasks.STOP, Relation.GUEST_ALLOWED | extra);
    }

    /** The cluster node through which an action on a remote node is done. */
    public static @Nullable Node host(Action action) {
        Node node = action.node;
        if (action.task.equals(Tasks.FENCE)
                || node == null
                || !node.remoteKind
                || node.remote == null) {
            return null;
        }
        Primitive connection = node.remote;
        Node began = connection.currentNode();
        Node ends = connection.assigned == null ? null : connection.assigned.node;
        if (began == null) {
            return ends;
        }
        if (ends == null || began == ends) {
            return began;
        }
        boolean partial = connection.launcher == null && connection.partialMigrationTarget != null;
        String task = action.task;
        if (task.equals(Tasks.NOTIFY)) {
            task = action.meta.getOrDefault("notify_operation", "");
        }
        boolean before =
                switch (task) {
                    case Tasks.CANCEL,
                            Tasks.STOP,
                            Tasks.DEMOTE,
                            Tasks.MIGRATE_FROM,
                            Tasks.MIGRATE_TO ->
                            true;
                    default -> false;
                };
        return before && !partial ? began : ends;
    }
}
