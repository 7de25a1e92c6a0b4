package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.placement.Instances;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags of an action, those of collectives being made up from their parts. */
public final class ActionFlags {
    private ActionFlags() {}

    /**
     * The flags as an ordering takes them: a clone's action counts as runnable if it is anywhere.
     */
    static int forOrdering(Action action, @Nullable Node node) {
        Resource resource = action.resource;
        if (resource == null) {
            return action.flags;
        }
        int flags = of(action, null);
        if (node == null || !resource.isClone()) {
            return flags;
        }
        int here = of(action, node);
        return here | (flags & Action.RUNNABLE);
    }

    public static int of(Action action, @Nullable Node node) {
        return switch (action.resource) {
            case null -> action.flags;
            case Primitive primitive -> action.flags;
            case Group group -> ofGroup(action, group, node);
            case Clone clone -> ofCollective(action, clone, clone.children, node);
            case Bundle bundle -> ofBundle(action, bundle, node);
        };
    }

    private static int ofGroup(Action action, Group group, @Nullable Node node) {
        int flags = Action.OPTIONAL | Action.RUNNABLE | Action.PSEUDO;
        for (Resource member : group.children) {
            String task = member.isPrimitive() ? Tasks.beginning(action.task) : action.task;
            Action ofMember = member.findByTask(task, node);
            if (ofMember != null) {
                int memberFlags = of(ofMember, node);
                if ((memberFlags & Action.OPTIONAL) == 0) {
                    flags &= ~Action.OPTIONAL;
                    action.clear(Action.OPTIONAL);
                }
                if (!task.equals(action.task)
                        && (flags & Action.RUNNABLE) != 0
                        && (memberFlags & Action.RUNNABLE) == 0) {
                    flags &= ~Action.RUNNABLE;
                    action.clear(Action.RUNNABLE);
                }
            } else if (!task.equals(Tasks.STOP) && !task.equals(Tasks.DEMOTE)) {
                flags &= ~Action.RUNNABLE;
            }
        }
        return flags;
    }

    private static int ofBundle(Action action, Bundle bundle, @Nullable Node node) {
        if (bundle.child != null) {
            switch (action.task) {
                case Tasks.START,
                        Tasks.RUNNING,
                        Tasks.STOP,
                        Tasks.STOPPED,
                        Tasks.MONITOR,
                        Tasks.SHUTDOWN,
                        Tasks.FENCE -> {}
                default -> {
                    return ofCollective(action, bundle, bundle.child.children, node);
                }
            }
        }
        List<Resource> containers = bundle.containers();
        return ofCollective(action, bundle, containers, node);
    }

    private static int ofCollective(
            Action action, Resource collective, List<Resource> instances, @Nullable Node node) {
        String task = originalTask(action, collective);
        int flags = Action.OPTIONAL | Action.RUNNABLE | Action.PSEUDO;
        boolean anyRunnable = false;
        for (Resource instance : instances) {
            Action found = instance.findByTask(task, instance.isPrimitive() ? node : null);
            if (found == null) {
                continue;
            }
            int ofInstance = of(found, node);
            if ((flags & Action.OPTIONAL) != 0 && (ofInstance & Action.OPTIONAL) == 0) {
                flags &= ~Action.OPTIONAL;
                action.clear(Action.OPTIONAL);
            }
            anyRunnable |= (ofInstance & Action.RUNNABLE) != 0;
        }
        if (!anyRunnable) {
            flags &= ~Action.RUNNABLE;
            if (node == null) {
                action.clear(Action.RUNNABLE);
            }
        }
        return flags;
    }

    /** The task of instances that a collective's action is about. */
    static String originalTask(Action action, Resource collective) {
        String task = action.task;
        if (task.equals(Tasks.NOTIFY) || task.equals(Tasks.NOTIFIED)) {
            String type = Keys.task(action.key);
            int at = type.indexOf("_notify_");
            task = at < 0 ? task : type.substring(at + "_notify_".length());
        }
        List<Resource> instances = Instances.of(collective);
        boolean primitives = instances.isEmpty() || instances.getFirst().isPrimitive();
        return primitives ? Tasks.beginning(task) : task;
    }
}
