package io.holdfast.scheduler.text;

import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code crm_simulate -D} writes: a transition as a picture for Graphviz. */
public final class DotText {
    private final boolean all;
    private final Set<Action> shown = new HashSet<>();
    private final StringBuilder text = new StringBuilder(" digraph \"g\" {\n");

    private DotText(boolean all) {
        this.all = all;
    }

    /**
     * The picture of what {@link Scheduler#schedule(Cluster)} decided.
     *
     * @param all whether what need not be done is shown too
     */
    public static String of(Cluster cluster, boolean all) {
        DotText dot = new DotText(all);
        List<Action> actions = cluster.actions.reversed();
        actions.forEach(dot::node);
        actions.forEach(dot::edges);
        return dot.text.append("}\n").toString();
    }

    private void node(Action action) {
        String style = "dashed";
        String font = action.is(Action.PSEUDO) ? "orange" : "black";
        String color;
        boolean visible = true;
        if (action.is(Action.ADDED_TO_GRAPH)) {
            style = "bold";
            color = "green";
        } else if (action.resource != null && !action.resource.managed) {
            color = "red";
            font = "purple";
            visible = all;
        } else if (action.is(Action.OPTIONAL)) {
            color = "blue";
            visible = all;
        } else {
            color = "red";
        }
        if (visible) {
            shown.add(action);
            text.append(quoted(action))
                    .append(" [ style=")
                    .append(style)
                    .append(" color=\"")
                    .append(color)
                    .append("\" fontcolor=\"")
                    .append(font)
                    .append("\"]\n");
        }
    }

    private void edges(Action action) {
        for (Action.Related input : action.before) {
            boolean counts = input.inGraph || input.relation != 0;
            boolean both = shown.contains(input.action) && shown.contains(action);
            if (counts && (input.inGraph || both || all)) {
                text.append(quoted(input.action))
                        .append(" -> ")
                        .append(quoted(action))
                        .append(" [ style = ")
                        .append(input.inGraph ? "bold" : "dashed")
                        .append("]\n");
            }
        }
    }

    private static String quoted(Action action) {
        return '"' + name(action) + '"';
    }

    private static String name(Action action) {
        String host = host(action);
        String at = host == null ? "" : " " + host;
        boolean cancels = action.cancelTask != null;
        String prefix = cancels ? "Cancel " : "";
        Resource resource = action.resource;
        if (resource != null && resource.historyId != null) {
            return prefix + key(action, resource.historyId) + at;
        }
        if (action.task.equals(Tasks.FENCE)) {
            String how = action.meta.getOrDefault("stonith_action", "");
            return prefix + action.task + " '" + how + "'" + at;
        }
        if (host != null) {
            return prefix + (resource == null ? action.task : action.key) + at;
        }
        return prefix + action.key;
    }

    private static @Nullable String host(Action action) {
        if (action.node != null) {
            return action.node.name;
        }
        return action.is(Action.PSEUDO) ? null : "<none>";
    }

    private static String key(Action action, String resource) {
        if (action.task.equals(Tasks.NOTIFY) || action.task.equals("notified")) {
            return Keys.notification(
                    resource,
                    action.meta.getOrDefault("notify_type", ""),
                    action.meta.getOrDefault("notify_operation", ""));
        }
        String task = action.cancelTask == null ? action.task : action.cancelTask;
        return Keys.operation(resource, task, Values.number(action.meta.get("interval"), 0));
    }
}
