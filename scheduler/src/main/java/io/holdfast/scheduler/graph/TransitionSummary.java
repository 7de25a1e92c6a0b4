package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a transition changes, a line for each node and resource it changes something of. */
public final class TransitionSummary {

    /** Something that changes. */
    public sealed interface Change {}

    /** A node is fenced or shuts down. */
    public record NodeChange(String task, Node node, String reason) implements Change {
        String line() {
            String name =
                    node.isGuest()
                            ? node.name + " (resource: " + node.guestResource().id + ")"
                            : node.name;
            return task + " " + name + " '" + reason + "'";
        }
    }

    /**
     * A resource starts, stops, moves, or changes its role.
     *
     * @param what such as {@code Start}
     * @param origin where it is; null if nowhere
     * @param destination where it will be; null if nowhere
     * @param reason why, as far as it was noted
     * @param blocked whether it cannot be done
     */
    public record ResourceChange(
            String what,
            Resource resource,
            Role role,
            Role nextRole,
            @Nullable Node origin,
            @Nullable Node destination,
            @Nullable String reason,
            boolean blocked)
            implements Change {
        /** Whether roles are worth telling. */
        public boolean withRole() {
            return role.above(Role.STARTED) || nextRole.above(Role.UNPROMOTED);
        }

        public boolean sameHost() {
            return origin != null && origin == destination;
        }

        public boolean sameRole() {
            return role == nextRole;
        }
    }

    private final List<Change> changes = new ArrayList<>();

    private TransitionSummary() {}

    /** What changes: nodes, then resources in the order of the configuration. */
    public static List<Change> changes(Cluster cluster) {
        TransitionSummary summary = new TransitionSummary();
        summary.collect(cluster);
        return summary.changes;
    }

    /** The same, a line each. */
    public static List<String> of(Cluster cluster) {
        List<Change> changes = changes(cluster);
        SummaryLines lines = new SummaryLines();
        // columns are as wide as the longest line needs, so all is gone through twice
        changes.forEach(lines::line);
        return changes.stream().map(lines::line).toList();
    }

    private void collect(Cluster cluster) {
        for (Action action : cluster.actions.reversed()) {
            node(action);
        }
        for (Resource resource : cluster.resources) {
            resource(resource);
        }
    }

    private void node(Action action) {
        if (action.resource != null
                || action.is(Action.OPTIONAL)
                || action.reason == null
                || action.node == null) {
            return;
        }
        String task =
                switch (action.task) {
                    case Tasks.SHUTDOWN -> "Shutdown";
                    case Tasks.FENCE -> "Fence (" + action.meta.get("stonith_action") + ")";
                    default -> null;
                };
        if (task != null) {
            changes.add(new NodeChange(task, action.node, action.reason));
        }
    }

    private void resource(Resource resource) {
        if (resource instanceof Bundle bundle) {
            for (Bundle.Replica replica : bundle.replicas) {
                for (Resource part :
                        new Resource[] {
                            replica.ip, replica.container, replica.remote, replica.child
                        }) {
                    if (part != null) {
                        resource(part);
                    }
                }
            }
            return;
        }
        if (!resource.children.isEmpty()) {
            resource.children.forEach(this::resource);
            return;
        }
        Node current = resource.active.isEmpty() ? null : resource.currentNode();
        if (current != null && resource.role == Role.STOPPED) {
            resource.role = Role.STARTED;
        }
        Node next = resource.assigned == null ? null : resource.assigned.node;
        if (!resource.managed
                || (current == null && next == null)
                || (current == null && resource.removed)) {
            return;
        }
        primitive(resource, current, next);
    }

    private static @Nullable Action newest(Resource resource, @Nullable Node node, String task) {
        List<Action> found = Actions.ofTask(resource, node, task, false);
        return found.isEmpty() ? null : found.getLast();
    }

    private void primitive(Resource resource, @Nullable Node current, @Nullable Node next) {
        boolean moving = current != null && next != null && current != next;
        Action start = newest(resource, next, Tasks.START);
        boolean canStart = start != null && start.is(Action.RUNNABLE);
        Action stop = newest(resource, canStart ? current : null, Tasks.STOP);
        if (stop == null && resource.stopUnexpected) {
            stop = newest(resource, null, Tasks.STOP);
        }
        Action promote = newest(resource, next, Tasks.PROMOTE);
        Action demote = newest(resource, next, Tasks.DEMOTE);
        if (resource.role == resource.nextRole) {
            if (next != null) {
                sameRole(resource, current, next, moving, start, stop, promote, demote);
            }
        } else if (stop != null
                && (resource.nextRole == Role.STOPPED || (start != null && !canStart))) {
            for (Node node : resource.active) {
                Action here = newest(resource, node, Tasks.STOP);
                Action because = here != null && here.reason != null ? here : start;
                item("Stop", resource, node, null, here, because);
            }
        } else if (stop != null && resource.failed && resource.stopIfFailed) {
            item("Recover", resource, current, next, stop, start);
        } else if (moving) {
            item("Move", resource, current, next, stop, null);
        } else if (resource.reload) {
            item("Reload", resource, current, next, start, null);
        } else if (stop != null && !stop.is(Action.OPTIONAL)) {
            item("Restart", resource, current, next, start, null);
        } else if (resource.role == Role.PROMOTED) {
            item("Demote", resource, current, next, demote, null);
        } else if (resource.nextRole == Role.PROMOTED) {
            item("Promote", resource, current, next, promote, null);
        } else if (resource.role == Role.STOPPED && resource.nextRole.above(Role.STOPPED)) {
            item("Start", resource, current, next, start, null);
        }
    }

    private void sameRole(
            Resource resource,
            @Nullable Node current,
            Node next,
            boolean moving,
            @Nullable Action start,
            @Nullable Action stop,
            @Nullable Action promote,
            @Nullable Action demote) {
        Action migrate = newest(resource, next, Tasks.MIGRATE_FROM);
        if (migrate != null && current != null && migrate.is(Action.RUNNABLE)) {
            item("Migrate", resource, current, next, start, null);
        } else if (resource.reload) {
            item("Reload", resource, current, next, start, null);
        } else if (start == null || start.is(Action.OPTIONAL)) {
            if (demote != null
                    && promote != null
                    && !demote.is(Action.OPTIONAL)
                    && !promote.is(Action.OPTIONAL)) {
                item("Re-promote", resource, current, next, promote, demote);
            }
        } else if (!start.is(Action.RUNNABLE)) {
            Action because = stop == null || stop.reason == null ? start : stop;
            item("Stop", resource, current, null, stop, because);
        } else if (moving) {
            item(resource.failed ? "Recover" : "Move", resource, current, next, stop, null);
        } else if (resource.failed) {
            item("Recover", resource, current, null, stop, null);
        } else {
            item("Restart", resource, current, next, start, null);
        }
    }

    private void item(
            String change,
            Resource resource,
            @Nullable Node origin,
            @Nullable Node destination,
            @Nullable Action action,
            @Nullable Action because) {
        if (action == null || (origin == null && destination == null)) {
            return;
        }
        Action source = because == null ? action : because;
        changes.add(
                new ResourceChange(
                        change,
                        resource,
                        resource.role,
                        resource.nextRole,
                        origin,
                        destination,
                        source.reason,
                        !action.is(Action.RUNNABLE)));
    }
}
