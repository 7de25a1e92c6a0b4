package io.holdfast.scheduler.actions;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes actions, or finds those that are there already, and keeps whether they can run. */
public final class Actions {
    private Actions() {}

    /**
     * The action with this key for a resource, made when it is not there; required unless optional.
     */
    public static Action of(
            Resource resource, String key, String task, @Nullable Node node, boolean optional) {
        Action action = existing(resource.actions, key, node);
        if (action == null) {
            action = create(resource.cluster, resource, key, task, node, optional);
        }
        updateOptional(action, optional);
        evaluateParameters(action);
        updateRunnable(action);
        return action;
    }

    public static Action of(Resource resource, String task, @Nullable Node node, boolean optional) {
        return of(resource, resource.key(task), task, node, optional);
    }

    /** An action that belongs to no resource. */
    public static Action of(
            Cluster cluster, String key, String task, @Nullable Node node, boolean optional) {
        Action action = cluster.singleton(key);
        if (action != null && node != null) {
            if (action.node == null) {
                action.node = node;
            } else if (action.node != node) {
                action = null;
            }
        }
        if (action == null) {
            action = create(cluster, null, key, task, node, optional);
        }
        updateOptional(action, optional);
        return action;
    }

    public static Action start(Resource resource, @Nullable Node node, boolean optional) {
        return of(resource, Tasks.START, node, optional);
    }

    public static Action stop(Resource resource, @Nullable Node node, boolean optional) {
        return of(resource, Tasks.STOP, node, optional);
    }

    public static Action promote(Resource resource, @Nullable Node node, boolean optional) {
        return of(resource, Tasks.PROMOTE, node, optional);
    }

    public static Action demote(Resource resource, @Nullable Node node, boolean optional) {
        return of(resource, Tasks.DEMOTE, node, optional);
    }

    /** An ordering point of the cluster, known by its name. */
    public static Action pseudo(Cluster cluster, String name) {
        Action known = cluster.singleton(name);
        if (known == null) {
            known = of(cluster, name, name, null, true);
            known.set(Action.PSEUDO | Action.RUNNABLE);
        }
        return known;
    }

    /** An ordering point of a collective resource. */
    public static Action pseudo(
            Resource resource, String task, boolean optional, boolean runnable) {
        Action action = of(resource, task, null, optional);
        action.set(Action.PSEUDO);
        if (runnable) {
            action.set(Action.RUNNABLE);
        }
        return action;
    }

    /** Takes a resource's failures off the record of a node. */
    public static Action clearFailcount(Resource resource, Node node, String reason) {
        Action action = of(resource, Tasks.CLEAR_FAILCOUNT, node, false);
        action.meta.put("op_no_wait", "true");
        return action;
    }

    /** Forgets the history of a resource on a node; needs no agent. */
    public static void clearHistory(Resource resource, Node node) {
        of(resource, Tasks.LRM_DELETE, node, false);
    }

    /** All actions with this key, the oldest first; those without a node are given to it. */
    public static List<Action> find(List<Action> among, String key, @Nullable Node node) {
        List<Action> found = new ArrayList<>(1);
        for (Action action : among) {
            if (!action.key.equalsIgnoreCase(key)) {
                continue;
            }
            if (node == null) {
                found.add(action);
            } else if (action.node == null) {
                action.node = node;
                found.add(action);
            } else if (action.node == node) {
                found.add(action);
            }
        }
        return found;
    }

    /** All actions with this key on exactly this node, the oldest first. */
    public static List<Action> findExact(List<Action> among, String key, @Nullable Node node) {
        List<Action> found = new ArrayList<>(1);
        if (node != null) {
            for (Action action : among) {
                if (action.node == node && action.key.equalsIgnoreCase(key)) {
                    found.add(action);
                }
            }
        }
        return found;
    }

    public static List<Action> ofTask(
            Resource resource, @Nullable Node node, String task, boolean requireNode) {
        String key = resource.key(task);
        return requireNode
                ? findExact(resource.actions, key, node)
                : find(resource.actions, key, node);
    }

    private static @Nullable Action existing(List<Action> among, String key, @Nullable Node node) {
        Action found = null;
        for (Action action : among) {
            if (!action.key.equals(key)) {
                continue;
            }
            if (node == null) {
                found = found == null ? action : found;
            } else if (action.node == null) {
                action.node = node;
                found = found == null ? action : found;
            } else if (action.node == node) {
                found = found == null ? action : found;
            }
        }
        return found;
    }

    private static Action create(
            Cluster cluster,
            @Nullable Resource resource,
            String key,
            String task,
            @Nullable Node node,
            boolean optional) {
        Action action = new Action(cluster.nextActionId(), resource, key, task, node);
        if (task.equals(Tasks.LRM_DELETE)) {
            action.set(Action.ON_DC);
        }
        action.set(Action.RUNNABLE);
        if (optional) {
            action.set(Action.OPTIONAL);
        }
        if (resource != null) {
            long interval = Keys.interval(key);
            Element configuration = OperationMeta.configuration(resource, task, interval, true);
            if (configuration == null && key.contains("_notify_")) {
                configuration = OperationMeta.exact(resource, Tasks.NOTIFY, 0, true);
            }
            action.configuration = configuration;
            action.meta.putAll(OperationMeta.unpack(resource, node, task, interval, configuration));
            action.requires = OperationMeta.requires(resource, task);
        }
        cluster.register(action);
        return action;
    }

    private static void evaluateParameters(Action action) {
        Node node = action.node;
        Resource resource = action.resource;
        if (node == null
                || resource == null
                || action.configuration == null
                || action.is(Action.PARAMETERS_EVALUATED)) {
            return;
        }
        LinkedHashMap<String, String> extra = new LinkedHashMap<>();
        Attributes.unpack(
                action.configuration,
                "instance_attributes",
                Rules.Input.of(resource.cluster).withAttributes(node.attributes),
                extra);
        action.extra = extra;
        action.set(Action.PARAMETERS_EVALUATED);
    }

    private static void updateOptional(Action action, boolean optional) {
        Resource resource = action.resource;
        if (resource != null
                && action.node != null
                && !action.is(Action.PSEUDO)
                && !resource.managed
                && action.meta.get("interval") == null) {
            action.set(Action.OPTIONAL);
        } else if (!optional) {
            action.clear(Action.OPTIONAL);
        }
    }

    private static void updateRunnable(Action action) {
        Resource resource = action.resource;
        if (resource == null || action.is(Action.PSEUDO)) {
            return;
        }
        Cluster cluster = resource.cluster;
        Node node = action.node;
        if (node == null) {
            action.clear(Action.RUNNABLE);
        } else if (!action.is(Action.ON_DC)
                && !node.online
                && (!node.isGuest() || node.remoteReset)) {
            action.clear(Action.RUNNABLE);
            if (resource.managed && action.task.equals(Tasks.STOP) && !node.unclean) {
                Fencing.fenceNode(cluster, node, "stop is unrunnable", false);
            }
        } else if (!action.is(Action.ON_DC) && node.pending) {
            action.clear(Action.RUNNABLE);
        } else if (action.requires == Action.Requires.NOTHING) {
            action.because(null, true);
            if (node.isGuest() && !Fencing.canFence(cluster, node)) {
                action.clear(Action.RUNNABLE);
            } else {
                action.set(Action.RUNNABLE);
            }
        } else {
            switch (effectivePolicy(resource)) {
                case STOP -> {
                    action.clear(Action.RUNNABLE);
                    action.because("no quorum", true);
                }
                case FREEZE -> {
                    if (!resource.isActive(true) || resource.nextRole.above(resource.role)) {
                        action.clear(Action.RUNNABLE);
                        action.because("quorum freeze", true);
                    }
                }
                default -> action.set(Action.RUNNABLE);
            }
        }
    }

    private static Cluster.NoQuorum effectivePolicy(Resource resource) {
        Cluster cluster = resource.cluster;
        if (cluster.quorate) {
            return Cluster.NoQuorum.IGNORE;
        }
        if (cluster.noQuorum != Cluster.NoQuorum.DEMOTE) {
            return cluster.noQuorum;
        }
        if (resource.role != Role.PROMOTED && resource.role != Role.UNPROMOTED) {
            return Cluster.NoQuorum.STOP;
        }
        if (resource.nextRole.above(Role.UNPROMOTED)) {
            resource.nextRole = Role.UNPROMOTED;
        }
        return Cluster.NoQuorum.IGNORE;
    }
}
