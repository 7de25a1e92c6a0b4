package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.OnFail;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a node's executor recorded: which resource is in which role there, and what failed.
 */
final class History {
    private History() {}

    static void unpack(Cluster cluster, Node node, Element state) {
        Element recorded = state.childOrEmpty("lrm").childOrEmpty("lrm_resources");
        boolean anyLaunched = false;
        for (Element entry : recorded.children("lrm_resource")) {
            Resource resource = resource(cluster, node, entry);
            anyLaunched |= resource != null && resource.removedLaunched;
        }
        if (anyLaunched) {
            tieToLaunchers(cluster, recorded);
        }
    }

    private static void tieToLaunchers(Cluster cluster, Element recorded) {
        for (Element entry : recorded.children("lrm_resource")) {
            String container = entry.attribute("container");
            Resource launcher = cluster.resource(container);
            Resource resource = cluster.resource(entry.id());
            if (launcher != null
                    && resource != null
                    && resource.launcher == null
                    && resource.removedLaunched) {
                resource.launcher = launcher;
                launcher.launched.add(resource);
            }
        }
    }

    private static @Nullable Resource resource(Cluster cluster, Node node, Element entry) {
        String id = entry.id();
        List<Element> operations = HistoryEntry.sorted(entry);
        if (id.isEmpty() || (operations.isEmpty() && !cluster.shutdownLock)) {
            return null;
        }
        Resource resource = find(cluster, node, id);
        if (resource == null) {
            if (operations.isEmpty()) {
                return null;
            }
            resource = removedResource(cluster, entry);
            if (resource == null) {
                return null;
            }
        }
        if (cluster.shutdownLock) {
            shutdownLock(entry, resource, node);
        }
        Role saved = resource.role;
        resource.role = Role.UNKNOWN;
        ResourceHistory history = new ResourceHistory(resource, node);
        for (Element operation : operations) {
            history.add(operation);
        }
        recurring(node, resource, operations);
        applyState(resource, node, history.onFail);
        Role wanted = Resources.targetRole(resource);
        if (wanted != null
                && (resource.nextRole == Role.UNKNOWN || resource.nextRole.above(wanted))) {
            resource.nextRole = wanted;
        }
        if (saved.above(resource.role)) {
            resource.role = saved;
        }
        return resource;
    }

    // which resource an entry is about

    private static @Nullable Resource find(Cluster cluster, Node node, String id) {
        Resource resource = cluster.resource(id);
        Resource parent = null;
        if (resource == null) {
            Resource first = cluster.resource(Keys.withoutInstance(id) + ":0");
            if (first != null && !first.unique) {
                resource = first;
                parent = first.top();
            }
        } else if (!resource.isPrimitive()) {
            return null;
        } else {
            parent = resource.top();
        }
        if (parent instanceof Clone clone && !clone.unique) {
            resource =
                    clone.parent instanceof Bundle bundle
                            ? bundled(bundle, node)
                            : anonymousInstance(node, clone, Keys.withoutInstance(id));
        }
        if (resource != null && !id.equals(resource.id) && !id.equals(resource.historyId)) {
            resource.historyId = id;
            cluster.indexHistory(resource, id);
        }
        return resource;
    }

    private static @Nullable Resource bundled(Bundle bundle, Node node) {
        for (Bundle.Replica replica : bundle.replicas) {
            if (replica.node == node) {
                return replica.child;
            }
        }
        return null;
    }

    /**
     * The instance active on the node, else an unused one, else a new one that counts as removed.
     */
    private static @Nullable Resource anonymousInstance(Node node, Clone clone, String id) {
        Resource found = null;
        Resource inactive = null;
        boolean skipInactive = false;
        for (Resource instance : clone.children) {
            if (found != null) {
                break;
            }
            List<NodeScore> known = instance.knownLocations();
            if (!known.isEmpty()) {
                if (known.getFirst().node == node) {
                    found = instance.findInstance(id);
                    if (found != null && !found.active.isEmpty()) {
                        // several histories of what was a unique clone: the others are removed
                        skipInactive = true;
                        found = null;
                    }
                }
            } else if (!skipInactive && inactive == null && !instance.blocked) {
                inactive = instance.findInstance(id);
                if (inactive != null
                        && inactive.pendingNode != null
                        && inactive.pendingNode != node) {
                    inactive = null;
                }
            }
        }
        if (found == null && !skipInactive) {
            found = inactive;
        }
        if (found != null
                && !found.needsFencing
                && (!node.online || node.unclean)
                && !node.isGuest()
                && !isUniversal(clone)) {
            // may be started elsewhere before the node is fenced: do not use up a number
            found = null;
        }
        if (found == null) {
            Resource extra = Resources.addInstance(clone);
            found = extra == null ? null : extra.findInstance(id);
        }
        return found;
    }

    private static boolean isUniversal(Clone clone) {
        return clone.cloneMax == clone.cluster.nodes.size();
    }

    private static @Nullable Resource removedResource(Cluster cluster, Element entry) {
        Element.Builder xml = Element.builder("primitive");
        for (Attribute attribute : entry.attributes()) {
            xml.attribute(attribute.name(), attribute.value());
        }
        Resource resource = Resources.one(cluster, xml.build(), null, null);
        if (resource == null) {
            return null;
        }
        if (resource.remoteConnection) {
            Node node = cluster.node(resource.id);
            if (node == null) {
                node = cluster.addNode(resource.id, resource.id, true, 0);
            }
            RemoteNodes.link(cluster, resource);
            node.shutdown = true;
        }
        resource.removedLaunched = entry.has("container");
        resource.removed = true;
        cluster.resources.add(resource);
        if (cluster.stopRemovedResources) {
            Scores.ban(resource, null, "it is not in the configuration any more");
        } else {
            resource.managed = false;
        }
        return resource;
    }

    private static void shutdownLock(Element entry, Resource resource, Node node) {
        Cluster cluster = resource.cluster;
        long since = Values.number(entry.attribute("shutdown-lock"), 0);
        if (since == 0) {
            return;
        }
        if (cluster.shutdownLockMillis > 0
                && cluster.now > since + (cluster.shutdownLockMillis + 999) / 1000) {
            Actions.clearHistory(resource, node);
        } else {
            resource.lockNode = node;
            resource.lockTime = since;
        }
    }

    // what the history means

    /** Recurring operations that are running become optional actions. */
    private static void recurring(Node node, Resource resource, List<Element> operations) {
        HistoryEntry.ActiveSince since = HistoryEntry.ActiveSince.of(operations);
        if (!node.online) {
            return;
        }
        for (int i = 0; i < operations.size(); i++) {
            Element operation = operations.get(i);
            long interval = Values.number(operation.attribute("interval"), 0);
            boolean old = (since.start() < since.stop() && i <= since.stop()) || i < since.start();
            if (old || interval == 0 || "-1".equals(operation.attribute("op-status"))) {
                continue;
            }
            String task = operation.attribute("operation", "");
            Actions.of(resource, Keys.operation(resource.id, task, interval), task, node, true);
        }
    }

    private static void applyState(Resource resource, Node node, OnFail recorded) {
        Cluster cluster = resource.cluster;
        boolean knownActive = resource.role.above(Role.STOPPED);
        if (resource.role != Role.UNKNOWN) {
            for (Resource at = resource; at != null; at = at.unique ? null : at.parent) {
                if (!at.probed.has(node)) {
                    at.probed.put(new NodeScore(node, node.score));
                }
            }
        }
        if (knownActive && !node.online && !node.maintenance && resource.managed) {
            fenceBecauseActive(resource, node);
        }
        // a node that is shot is not also cared for
        OnFail onFail = node.unclean ? OnFail.IGNORE : recorded;
        handleFailure(resource, node, onFail, knownActive);
        if (resource.failed && resource.remoteConnection) {
            Node remote = cluster.node(resource.id);
            if (remote != null && remote.unclean) {
                remote.seen = true;
            }
        }
        if (knownActive) {
            ActiveResources.add(resource, node, recorded != OnFail.IGNORE);
            if (onFail == OnFail.DEMOTE || onFail == OnFail.BLOCK) {
                resource.failed = true;
            } else if (onFail != OnFail.IGNORE) {
                resource.failed = true;
                resource.stopIfFailed = true;
            }
        } else if (resource.historyId != null && resource.historyId.indexOf(':') >= 0) {
            resource.historyId = null;
        } else {
            for (Action stop : Actions.ofTask(resource, node, Tasks.STOP, false)) {
                stop.set(Action.OPTIONAL);
            }
        }
        if (resource.role == Role.STOPPED
                && !resource.active.isEmpty()
                && resource.partialMigrationTarget != null
                && resource.partialMigrationSource == node) {
            resource.role = Role.STARTED;
        }
    }

    private static void fenceBecauseActive(Resource resource, Node node) {
        Cluster cluster = resource.cluster;
        if (node.isGuest()) {
            resource.failed = true;
            resource.stopIfFailed = true;
        } else if (!cluster.fencingEnabled) {
            return;
        }
        String reason = resource.id + " is thought to be active there";
        if (!node.isGuest() && node.isRemote() && node.remote != null && !node.remote.failed) {
            // fenced only if the connection does not come up elsewhere
            node.seen = false;
            reason =
                    resource.id
                            + " is active there (fencing will be revoked if remote connection can"
                            + " be re-established elsewhere)";
        }
        Fencing.fenceNode(cluster, node, reason, false);
    }

    private static void handleFailure(
            Resource resource, Node node, OnFail onFail, boolean knownActive) {
        Cluster cluster = resource.cluster;
        switch (onFail) {
            case IGNORE -> {}
            case DEMOTE -> {
                resource.failed = true;
                Actions.demote(resource, node, false);
            }
            case FENCE_NODE ->
                    Fencing.fenceNode(cluster, node, resource.id + " failed there", false);
            case STANDBY_NODE -> {
                node.standby = true;
                node.standbyOnFail = true;
            }
            case BLOCK -> {
                resource.managed = false;
                resource.blocked = true;
            }
            case BAN -> Scores.ban(resource, node, "it failed here, and leaves the node for that");
            case STOP -> resource.nextRole = Role.STOPPED;
            case RESTART -> {
                if (knownActive) {
                    resource.failed = true;
                    resource.stopIfFailed = true;
                    Actions.stop(resource, node, false);
                }
            }
            case RESTART_CONTAINER -> {
                resource.failed = true;
                resource.stopIfFailed = true;
                if (resource.launcher != null && resource.isBundled()) {
                    cluster.stopNeeded.add(resource.launcher);
                } else if (resource.launcher != null) {
                    Actions.stop(resource.launcher, node, false);
                } else if (knownActive) {
                    Actions.stop(resource, node, false);
                }
            }
            case RESET_REMOTE -> resetRemote(resource, node, knownActive);
        }
    }

    private static void resetRemote(Resource resource, Node node, boolean knownActive) {
        Cluster cluster = resource.cluster;
        resource.failed = true;
        resource.stopIfFailed = true;
        if (cluster.fencingEnabled && resource.remoteConnection) {
            Node remote = cluster.node(resource.id);
            if (remote != null && remote.isRemote() && !remote.remoteFenced) {
                Fencing.fenceNode(cluster, remote, "remote connection is unrecoverable", false);
            }
        }
        if (knownActive) {
            Actions.stop(resource, node, false);
        }
        if (resource.remoteReconnectMillis > 0) {
            resource.nextRole = Role.STOPPED;
        }
    }
}
