package io.holdfast.scheduler.notify;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Notifications;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;

/** A stop that a fencing implies is told of after the fencing. */
public final class FencedNotifications {
    private FencedNotifications() {}

    public static void order(Action stop, Resource instance, Action fencing) {
        Notifications points = NotificationPoints.create(instance, Tasks.STOP, null, fencing);
        if (points == null || stop.node == null) {
            return;
        }
        NotifyActions.collect(instance, false, points);
        points.values.put("notify_stop_resource", instance.id);
        points.values.put("notify_stop_uname", stop.node.name);
        NotifyActions.actions(instance.top(), points);
    }
}
