package io.holdfast.scheduler.actions;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether and why nodes are fenced (or unfenced), and the actions for it. */
public final class Fencing {
    private Fencing() {}

    /** Whether the cluster is able and allowed to fence a node now. */
    public static boolean canFence(Cluster cluster, @Nullable Node node) {
        if (node != null && node.isGuest()) {
            for (Node host : node.guestResource().active) {
                if (!host.online && !canFence(cluster, host)) {
                    return false;
                }
            }
            return true;
        }
        if (!cluster.fencingEnabled || !cluster.haveFencing) {
            return false;
        }
        if (cluster.quorate || cluster.noQuorum == Cluster.NoQuorum.IGNORE) {
            return true;
        }
        if (node == null) {
            return false;
        }
        return node.online || (cluster.fenceRemoteWithoutQuorum && node.isRemote());
    }

    /** Marks a node as one to be fenced. */
    public static void fenceNode(
            Cluster cluster, Node node, String reason, boolean considerPriorityDelay) {
        Resource connection = node.remote;
        if (node.isGuest()) {
            Resource guest = node.guestResource();
            if (!guest.failed && guest.managed) {
                // not unclean: it may run resources in this transition if recovery succeeds
                node.remoteReset = true;
                guest.failed = true;
                guest.stopIfFailed = true;
            }
        } else if (node.remoteKind
                && connection != null
                && connection.launcher == null
                && connection.removedLaunched) {
            connection.failed = true;
            connection.stopIfFailed = true;
        } else if (node.isRemote()) {
            if (connection == null || connection.managed) {
                node.remoteReset = true;
            }
            node.unclean = true;
            operation(cluster, node, null, true, reason, false);
        } else if (!node.unclean) {
            node.unclean = true;
            operation(cluster, node, null, true, reason, considerPriorityDelay);
        }
    }

    /** The fencing action for a node, made when it is not there yet. */
    public static Action operation(
            Cluster cluster,
            Node node,
            @Nullable String wanted,
            boolean optional,
            @Nullable String reason,
            boolean considerPriorityDelay) {
        String how = wanted == null ? cluster.fenceAction : wanted;
        String key = Tasks.FENCE + "-" + node.name + "-" + how;
        boolean required = !optional;
        Action action = cluster.singleton(key);
        if (action == null) {
            action = Actions.of(cluster, key, Tasks.FENCE, node, true);
            action.meta.put("on_node", node.name);
            action.meta.put("on_node_uuid", node.id);
            action.meta.put("stonith_action", how);
            if (cluster.unfencingEnabled && addDigests(cluster, node, action)) {
                required = true;
            }
        }
        if (cluster.priorityFencingMillis > 0
                && (considerPriorityDelay || action.meta.containsKey("priority-fencing-delay"))) {
            action.meta.put("priority-fencing-delay", Long.toString(priorityDelay(cluster, node)));
        }
        if (required && canFence(cluster, node)) {
            action.clear(Action.OPTIONAL);
            action.because(reason, false);
        } else if (reason != null && action.reason == null) {
            action.reason = reason;
        }
        return action;
    }

    /** Adds the digests of the devices that unfence; true when a device's definition changed. */
    private static boolean addDigests(Cluster cluster, Node node, Action action) {
        List<Resource> devices = new ArrayList<>();
        for (Resource resource : cluster.resources) {
            findUnfencingDevices(resource, devices);
        }
        StringBuilder all = new StringBuilder();
        StringBuilder secure = new StringBuilder();
        boolean changed = false;
        for (Resource device : devices.reversed()) {
            String agent = device.meta.getOrDefault("type", "");
            Digests.Digest digest = Digests.fencing(device, agent, node);
            if (digest.result == Digests.Result.CHANGED) {
                changed = true;
                cluster.notices.add(
                        "notice: Unfencing node "
                                + node.name
                                + " because the definition of "
                                + device.id
                                + " changed");
            }
            all.append(device.id).append(':').append(agent).append(':').append(digest.all);
            all.append(',');
            secure.append(device.id).append(':').append(agent).append(':').append(digest.secure());
            secure.append(',');
        }
        action.meta.put("digests-all", all.toString());
        action.meta.put("digests-secure", secure.toString());
        return changed;
    }

    private static void findUnfencingDevices(Resource candidate, List<Resource> found) {
        if (!candidate.children.isEmpty()) {
            for (Resource child : candidate.children) {
                findUnfencingDevices(child, found);
            }
        } else if (candidate.fenceDevice
                && (candidate.needsUnfencing
                        || "unfencing".equalsIgnoreCase(candidate.meta.get("provides")))) {
            found.add(candidate);
        }
    }

    private static long priorityDelay(Cluster cluster, Node node) {
        if (node.remoteKind || node.online) {
            return 0;
        }
        int members = 0;
        int online = 0;
        int highest = Integer.MIN_VALUE;
        int lowest = Integer.MAX_VALUE;
        for (Node other : cluster.nodes) {
            if (other.remoteKind) {
                continue;
            }
            members++;
            if (other.online) {
                online++;
            }
            highest = Math.max(highest, other.priority);
            lowest = Math.min(lowest, other.priority);
        }
        if (online > members / 2 || lowest == highest || node.priority < highest) {
            return 0;
        }
        return (cluster.priorityFencingMillis + 999) / 1000;
    }

    public static boolean isUnfenced(Node node) {
        String value = node.attribute("#node-unfenced");
        return value != null && !value.equals("0");
    }

    /** Requires unfencing of a node, or (for a device) of all nodes it serves. */
    public static void triggerUnfencing(
            Cluster cluster, @Nullable Resource resource, @Nullable Node node, String reason) {
        if (!cluster.unfencingEnabled || (resource != null && !resource.fenceDevice)) {
            return;
        }
        if (node != null && node.online && !node.unclean && !node.shutdown) {
            operation(cluster, node, "on", false, reason, false);
        } else if (resource != null) {
            for (NodeScore entry : resource.allowed) {
                Node allowed = entry.node;
                if (allowed.online && !allowed.unclean && !allowed.shutdown) {
                    triggerUnfencing(cluster, resource, allowed, reason);
                }
            }
        }
    }

    /** Orders a probe or start after the unfencing of its node, when it needs that. */
    public static void orderAfterUnfencing(
            Resource resource, Node node, Action action, int relation) {
        Cluster cluster = resource.cluster;
        if (!(resource.fenceDevice && cluster.unfencingEnabled) && !resource.needsUnfencing) {
            return;
        }
        Action unfence = operation(cluster, node, "on", true, null, false);
        unfence.orderBefore(action, relation);
        if (!isUnfenced(node)) {
            triggerUnfencing(cluster, null, node, "required by " + resource.id + " " + action.task);
        }
    }

    /** Orders a stop before the unfencing of its node. */
    public static void orderStopBeforeUnfencing(Resource resource, Node node, Action stop) {
        if (resource.needsUnfencing) {
            Action unfence = operation(resource.cluster, node, "on", true, null, false);
            stop.orderBefore(unfence, Relation.THEN_IMPLIES_FIRST);
        }
    }
}
