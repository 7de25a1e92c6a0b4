package io.holdfast.scheduler.notify;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Notifications;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import org.jspecify.annotations.Nullable;

/** The ordering points of notifications: all told before, all told after. */
public final class NotificationPoints {
    private NotificationPoints() {}

    /** The points for starting and stopping a clone's instances. */
    public static void startAndStop(
            Clone clone, Action start, Action started, Action stop, Action stopped) {
        if (clone.startNotifications == null) {
            clone.startNotifications = create(clone, Tasks.START, start, started);
        }
        if (clone.stopNotifications == null) {
            clone.stopNotifications = create(clone, Tasks.STOP, stop, stopped);
            order(clone.stopNotifications, clone.startNotifications);
        }
    }

    /** The points for promoting and demoting. */
    public static void promoteAndDemote(
            Clone clone, Action promote, Action promoted, Action demote, Action demoted) {
        if (clone.promoteNotifications == null) {
            clone.promoteNotifications = create(clone, Tasks.PROMOTE, promote, promoted);
        }
        if (clone.demoteNotifications == null) {
            clone.demoteNotifications = create(clone, Tasks.DEMOTE, demote, demoted);
        }
        if (clone.promoteNotifications == null || clone.demoteNotifications == null) {
            return;
        }
        order(clone.stopNotifications, clone.promoteNotifications);
        order(clone.startNotifications, clone.promoteNotifications);
        order(clone.demoteNotifications, clone.promoteNotifications);
        order(clone.demoteNotifications, clone.startNotifications);
        order(clone.demoteNotifications, clone.stopNotifications);
    }

    private static void order(@Nullable Notifications first, @Nullable Notifications then) {
        if (first != null && then != null && first.postDone != null && then.pre != null) {
            first.postDone.orderBefore(then.pre, Relation.ORDERED);
        }
    }

    /** Makes the points around an action of a resource; null when it wants no notifications. */
    static @Nullable Notifications create(
            Resource resource, String task, @Nullable Action action, @Nullable Action complete) {
        if (!resource.notify) {
            return null;
        }
        Notifications points = new Notifications(task);
        if (action != null) {
            points.pre = point(resource, action, Tasks.NOTIFY, "pre", task);
            points.pre.set(Action.RUNNABLE);
            points.preDone = point(resource, action, Tasks.NOTIFIED, "confirmed-pre", task);
            points.preDone.set(Action.RUNNABLE);
            points.pre.orderBefore(points.preDone, Relation.ORDERED);
            points.preDone.orderBefore(action, Relation.ORDERED);
        }
        if (complete != null) {
            points.post = point(resource, complete, Tasks.NOTIFY, "post", task);
            points.post.priority = Score.INFINITY;
            points.postDone = point(resource, complete, Tasks.NOTIFIED, "confirmed-post", task);
            points.postDone.priority = Score.INFINITY;
            for (Action point : new Action[] {points.post, points.postDone}) {
                if (complete.is(Action.RUNNABLE)) {
                    point.set(Action.RUNNABLE);
                } else {
                    point.clear(Action.RUNNABLE);
                }
            }
            complete.orderBefore(points.post, Relation.FIRST_IMPLIES_THEN);
            points.post.orderBefore(points.postDone, Relation.FIRST_IMPLIES_THEN);
        }
        if (points.preDone != null && points.post != null) {
            points.preDone.orderBefore(points.post, Relation.ORDERED);
        }
        return points;
    }

    private static Action point(
            Resource resource, Action action, String task, String type, String about) {
        Action point =
                Actions.of(
                        resource,
                        Keys.notification(resource.id, type, action.task),
                        task,
                        null,
                        action.is(Action.OPTIONAL));
        point.set(Action.PSEUDO);
        point.meta.putIfAbsent("notify_key_type", type);
        point.meta.putIfAbsent("notify_key_operation", action.task);
        point.meta.putIfAbsent("notify_type", type.endsWith("pre") ? "pre" : "post");
        point.meta.putIfAbsent("notify_operation", about);
        return point;
    }
}
