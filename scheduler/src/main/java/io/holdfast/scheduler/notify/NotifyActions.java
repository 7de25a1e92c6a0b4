package io.holdfast.scheduler.notify;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Notifications;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The notify actions themselves, and what they tell. */
public final class NotifyActions {
    private NotifyActions() {}

    /** Makes all notifications of a clone, when what happens is known. */
    public static void create(Clone clone) {
        create(clone, clone.startNotifications);
        create(clone, clone.stopNotifications);
        create(clone, clone.promoteNotifications);
        create(clone, clone.demoteNotifications);
    }

    private static void create(Clone clone, @Nullable Notifications points) {
        if (points != null) {
            collect(clone, true, points);
            values(clone, points);
            actions(clone, points);
        }
    }

    static void collect(Resource resource, boolean withActions, Notifications points) {
        if (points.allowed == null) {
            points.allowed = resource.allowed;
        }
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                collect(child, withActions, points);
            }
            return;
        }
        Node node = resource.active.isEmpty() ? null : resource.active.getFirst();
        Notifications.Entry entry = new Notifications.Entry(resource, node);
        switch (resource.role) {
            case STOPPED -> points.inactive.add(entry);
            case STARTED -> points.active.add(entry);
            case UNPROMOTED -> {
                points.unpromoted.add(entry);
                points.active.add(entry);
            }
            case PROMOTED -> {
                points.promoted.add(entry);
                points.active.add(entry);
            }
            case UNKNOWN -> {}
        }
        if (!withActions) {
            return;
        }
        for (Action action : resource.actions) {
            if (action.is(Action.OPTIONAL) || action.node == null) {
                continue;
            }
            boolean impliedStop = action.task.equals(Tasks.STOP) && action.node.unclean;
            if (!impliedStop && !action.is(Action.RUNNABLE)) {
                continue;
            }
            Notifications.Entry done = new Notifications.Entry(resource, action.node);
            switch (action.task) {
                case Tasks.START -> points.start.add(done);
                case Tasks.STOP -> points.stop.add(done);
                case Tasks.PROMOTE -> points.promote.add(done);
                case Tasks.DEMOTE -> points.demote.add(done);
                default -> {}
            }
        }
    }

    private static void values(Clone clone, Notifications points) {
        Map<String, String> values = points.values;
        entries(values, "stop", points.stop);
        entries(values, "start", points.start);
        entries(values, "demote", points.demote);
        entries(values, "promote", points.promote);
        entries(values, "active", points.active);
        entries(values, "unpromoted", points.unpromoted);
        entries(values, "slave", points.unpromoted);
        entries(values, "promoted", points.promoted);
        entries(values, "master", points.promoted);
        values.put("notify_inactive_resource", names(points.inactive, false, true));
        List<Node> available = new ArrayList<>();
        if (points.allowed != null) {
            for (NodeScore entry : points.allowed.byName()) {
                available.add(entry.node);
            }
        }
        values.put("notify_available_uname", nodeNames(available, false));
        if ("host".equals(clone.meta.get("container-attribute-target"))) {
            values.put("notify_all_hosts", nodeNames(clone.cluster.nodes, true));
        }
        values.put("notify_all_uname", nodeNames(clone.cluster.nodes, false));
        boolean required =
                switch (points.task) {
                    case Tasks.START -> !points.start.isEmpty();
                    case Tasks.STOP -> !points.stop.isEmpty();
                    case Tasks.PROMOTE -> !points.promote.isEmpty();
                    case Tasks.DEMOTE -> !points.demote.isEmpty();
                    default -> false;
                };
        if (required) {
            require(points.pre);
            require(points.preDone);
            require(points.post);
            require(points.postDone);
        }
    }

    private static void require(@Nullable Action action) {
        if (action != null) {
            action.clear(Action.OPTIONAL);
        }
    }

    private static void entries(
            Map<String, String> values, String what, List<Notifications.Entry> entries) {
        values.put("notify_" + what + "_resource", names(entries, false, false));
        values.put("notify_" + what + "_uname", names(entries, true, false));
    }

    private static String names(
            List<Notifications.Entry> entries, boolean ofNodes, boolean alsoWithoutNode) {
        List<Notifications.Entry> sorted = new ArrayList<>(entries);
        sorted.sort(
                Comparator.<Notifications.Entry, String>comparing(entry -> entry.resource().id)
                        .thenComparingInt(entry -> entry.node() == null ? 1 : 0)
                        .thenComparing(entry -> entry.node() == null ? "" : entry.node().id));
        StringBuilder text = new StringBuilder();
        String last = null;
        for (Notifications.Entry entry : sorted) {
            Node node = entry.node();
            if ((node == null && !alsoWithoutNode) || entry.resource().id.equals(last)) {
                continue;
            }
            last = entry.resource().id;
            text.append(text.isEmpty() ? "" : " ");
            text.append(ofNodes && node != null ? node.name : entry.resource().id);
        }
        return text.isEmpty() ? " " : text.toString();
    }

    private static String nodeNames(List<Node> nodes, boolean hosts) {
        StringBuilder text = new StringBuilder();
        for (Node each : nodes) {
            Node node = each;
            if (hosts && node.isGuest()) {
                Node host = node.guestResource().currentNode();
                node = host == null ? node : host;
            }
            text.append(text.isEmpty() ? "" : " ").append(node.name);
        }
        return text.isEmpty() ? " " : text.toString();
    }

    static void actions(Resource resource, Notifications points) {
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                actions(child, points);
            }
            return;
        }
        for (Action action : resource.actions) {
            boolean told =
                    switch (action.task) {
                        case Tasks.START, Tasks.STOP, Tasks.PROMOTE, Tasks.DEMOTE -> true;
                        default -> false;
                    };
            if (told && !action.is(Action.OPTIONAL) && action.node != null) {
                points.values.forEach(action.meta::putIfAbsent);
            }
        }
        // a stop is told of in any case, because it may be implied by fencing
        boolean idle =
                switch (points.task) {
                    case Tasks.START -> points.start.isEmpty();
                    case Tasks.PROMOTE -> points.promote.isEmpty();
                    case Tasks.DEMOTE -> points.demote.isEmpty();
                    default -> false;
                };
        if (idle) {
            return;
        }
        if (points.task.equals(Tasks.STOP) || points.task.equals(Tasks.DEMOTE)) {
            goingDown(resource, points);
        } else {
            comingUp(resource, points);
        }
    }

    private static void goingDown(Resource resource, Notifications points) {
        if (resource.role == Role.STOPPED) {
            return;
        }
        Action stop = resource.findByTask(Tasks.STOP, null);
        for (Node node : resource.active) {
            if (stop != null && stop.is(Action.PSEUDO) && (node.unclean || node.remoteReset)) {
                continue; // a node that is fenced cannot be told
            }
            notify(resource, node, points.pre, points.preDone, points);
            if (points.task.equals(Tasks.DEMOTE) || stop == null || stop.is(Action.OPTIONAL)) {
                notifyAfterwards(resource, node, points);
            }
        }
    }

    private static void comingUp(Resource resource, Notifications points) {
        if (resource.nextRole == Role.STOPPED) {
            return;
        }
        Action start = resource.findByTask(Tasks.START, null);
        if (start != null && start.node != null && start.node.remote != null) {
            Primitive connection = start.node.remote;
            Action connect = connection.findByTask(Tasks.START, null);
            if (connect != null && !connect.is(Action.RUNNABLE)) {
                return;
            }
        }
        if (resource.assigned == null) {
            return;
        }
        Node node = resource.assigned.node;
        if (!points.task.equals(Tasks.START) || start == null || start.is(Action.OPTIONAL)) {
            notify(resource, node, points.pre, points.preDone, points);
        }
        notifyAfterwards(resource, node, points);
    }

    private static void notifyAfterwards(Resource resource, Node node, Notifications points) {
        Action notify = notify(resource, node, points.post, points.postDone, points);
        if (notify != null) {
            notify.priority = Score.INFINITY;
        }
        if (points.postDone == null) {
            return;
        }
        for (Action action : List.copyOf(resource.actions).reversed()) {
            if (Values.number(action.meta.get("interval"), 0) != 0
                    && !action.task.equals(Tasks.CANCEL)) {
                points.postDone.orderBefore(action, Relation.ORDERED);
            }
        }
    }

    private static @Nullable Action notify(
            Resource resource,
            Node node,
            @Nullable Action point,
            @Nullable Action done,
            Notifications points) {
        if (point == null || done == null || !node.online || !point.is(Action.RUNNABLE)) {
            return null;
        }
        String type = point.meta.getOrDefault("notify_type", "");
        String task = point.meta.getOrDefault("notify_operation", "");
        Action notify =
                Actions.of(
                        resource,
                        Keys.notification(resource.id, type, task),
                        point.task,
                        node,
                        point.is(Action.OPTIONAL));
        point.meta.forEach(notify.meta::putIfAbsent);
        points.values.forEach(notify.meta::putIfAbsent);
        point.orderBefore(notify, Relation.ORDERED);
        notify.orderBefore(done, Relation.ORDERED);
        return notify;
    }
}
