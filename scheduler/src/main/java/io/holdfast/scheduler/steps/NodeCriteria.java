package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Locations;
import io.holdfast.scheduler.placement.Scores;
import io.holdfast.scheduler.unpack.FailCounts;

/** What speaks for and against nodes: locks, locations, stickiness, failures, discovery. */
public final class NodeCriteria {
    private NodeCriteria() {}

    public static void apply(Cluster cluster) {
        if (cluster.shutdownLock) {
            for (Resource resource : cluster.resources) {
                shutdownLock(resource);
            }
        }
        Locations.applyAll(cluster);
        for (Resource resource : cluster.resources) {
            stickiness(resource);
        }
        for (Node node : cluster.nodes) {
            for (Resource resource : cluster.resources) {
                failures(resource, node);
                exclusiveDiscovery(resource, node);
            }
        }
    }

    /** What was stopped because its node shuts down cleanly waits for that node. */
    private static void shutdownLock(Resource resource) {
        if (resource instanceof Group) {
            resource.children.forEach(NodeCriteria::shutdownLock);
            return;
        }
        String agentClass = resource.xml.attribute("class");
        if (!resource.isPrimitive()
                || agentClass == null
                || agentClass.equals("stonith")
                || resource.remoteConnection) {
            return;
        }
        Cluster cluster = resource.cluster;
        if (resource.lockNode != null) {
            if (!resource.active.isEmpty()) {
                Actions.clearHistory(resource, resource.lockNode);
                resource.lockNode = null;
                resource.lockTime = 0;
            }
        } else if (resource.active.size() == 1) {
            Node node = resource.active.getFirst();
            if (node.shutdown && !node.unclean) {
                resource.lockNode = node;
                long since = Values.number(node.attribute("shutdown"), 0);
                resource.lockTime = since == 0 ? cluster.now : since;
            }
        }
        Node lock = resource.lockNode;
        if (lock == null) {
            return;
        }
        if (cluster.shutdownLockMillis > 0) {
            cluster.recheckAt(resource.lockTime + cluster.shutdownLockMillis / 1000 + 1);
        }
        for (Node node : cluster.nodes) {
            if (node != lock) {
                Scores.ban(resource, node, "it waits for " + lock.name + " (shutdown-lock)");
            }
        }
    }

    private static void stickiness(Resource resource) {
        if (!resource.children.isEmpty()) {
            resource.children.forEach(NodeCriteria::stickiness);
            return;
        }
        if (!resource.managed || resource.stickiness < 1 || resource.active.size() != 1) {
            return;
        }
        Node node = resource.active.getFirst();
        if (resource.cluster.symmetric || resource.allowed.has(node)) {
            Scores.add(resource, node, resource.stickiness, "resource-stickiness: it runs here");
        }
    }

    private static void failures(Resource resource, Node node) {
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                failures(child, node);
            }
            return;
        }
        for (Action action : resource.actions) {
            if (action.node == node && action.task.equals(Tasks.CLEAR_FAILCOUNT)) {
                return;
            }
        }
        if (resource.migrationThreshold == 0 || resource.failureIgnored) {
            return;
        }
        int failures = FailCounts.count(node, resource, true, true, null).failures();
        if (failures > 0 && failures >= resource.migrationThreshold) {
            Scores.ban(
                    resource.unique ? resource : resource.top(),
                    node,
                    resource.id
                            + " failed "
                            + Score.text(failures)
                            + " times here, migration-threshold is "
                            + Score.text(resource.migrationThreshold));
        }
    }

    private static void exclusiveDiscovery(Resource resource, Node node) {
        if (!resource.exclusiveDiscovery && !resource.top().exclusiveDiscovery) {
            return;
        }
        for (Resource child : resource.children) {
            exclusiveDiscovery(child, node);
        }
        NodeScore allowed = resource.allowed.get(node);
        if (allowed != null && allowed.discovery != NodeScore.Discovery.EXCLUSIVE) {
            allowed.score = -Score.INFINITY;
        }
    }
}
