package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.ordering.Orderings;
import io.holdfast.scheduler.placement.Instances;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks nodes for the state of resources that is not known. */
public final class Probes {
    private Probes() {}

    public static void schedule(Cluster cluster) {
        for (Node node : cluster.nodes) {
            if (!node.online) {
                if (RemoteOrders.isFailedRemote(node)) {
                    Fencing.fenceNode(cluster, node, "the connection is unrecoverable", false);
                }
                continue;
            }
            if (node.unclean || !node.probesAllowed) {
                continue;
            }
            String probed = node.attribute("probe_complete");
            if (probed != null && !Values.isTrue(probed)) {
                Action reprobe =
                        Actions.of(
                                cluster,
                                "probe_complete-" + node.name,
                                "probe_complete",
                                node,
                                false);
                reprobe.meta.put("op_no_wait", "true");
                continue;
            }
            all(cluster.resources, node);
        }
    }

    static boolean all(List<Resource> resources, Node node) {
        boolean any = false;
        for (Resource resource : List.copyOf(resources)) {
            any |= one(resource, node);
        }
        return any;
    }

    static boolean one(Resource resource, Node node) {
        return switch (resource) {
            case Clone clone -> clone(clone, node);
            case Bundle bundle -> BundleProbes.probe(bundle, node);
            default -> plain(resource, node);
        };
    }

    private static boolean clone(Clone clone, Node node) {
        Instances.sortByNumber(clone);
        if (clone.children.isEmpty()) {
            return false;
        }
        if (clone.exclusiveDiscovery) {
            NodeScore allowed = clone.allowed.get(node);
            if (allowed != null && allowed.discovery != NodeScore.Discovery.EXCLUSIVE) {
                clone.allowed.remove(node);
                return false;
            }
        }
        if (clone.unique) {
            return all(clone.children, node);
        }
        return one(anonymousInstance(clone, node), node);
    }

    /** Of an anonymous clone one instance is probed: one known here, or one to be started here. */
    private static Resource anonymousInstance(Clone clone, Node node) {
        for (Resource instance : clone.children) {
            if (isKnownOn(instance, node)) {
                return instance;
            }
        }
        for (Resource instance : clone.children) {
            NodeScore location = instance.location(false);
            if (location != null && location.node == node) {
                return instance;
            }
        }
        return clone.children.getFirst();
    }

    private static boolean isKnownOn(Resource resource, Node node) {
        if (resource.children.isEmpty()) {
            return resource.probed.has(node);
        }
        for (Resource child : resource.children) {
            if (isKnownOn(child, node)) {
                return true;
            }
        }
        return false;
    }

    private static boolean plain(Resource resource, Node node) {
        if (node.remoteKind && !canProbeRemotely(resource, node)) {
            return false;
        }
        if (!resource.children.isEmpty()) {
            return all(resource.children, node);
        }
        if ((resource.launcher != null && !resource.remoteConnection)
                || resource.removed
                || resource.probed.has(node)) {
            return false;
        }
        Resource top = resource.top();
        NodeScore allowed = resource.allowed.get(node);
        boolean exclusive = resource.exclusiveDiscovery || top.exclusiveDiscovery;
        if (exclusive && (allowed == null || allowed.discovery != NodeScore.Discovery.EXCLUSIVE)) {
            return false;
        }
        NodeScore.Discovery discovery = allowed == null ? node.discovery : allowed.discovery;
        if (discovery == NodeScore.Discovery.NEVER) {
            return false;
        }
        if (node.isGuest() && !guestStays(node, top)) {
            return false;
        }
        create(resource, node, top.isClone() ? top : resource);
        return true;
    }

    private static boolean canProbeRemotely(Resource resource, Node node) {
        if ("stonith".equals(resource.xml.attribute("class")) || resource.remoteConnection) {
            return false;
        }
        return !(node.isGuest() && containsGuest(resource));
    }

    static boolean containsGuest(Resource resource) {
        return guestConnection(resource) != null;
    }

    /** The connection to the guest node that runs in a resource, if one does. */
    public static @Nullable Resource guestConnection(Resource resource) {
        for (Resource launched : resource.launched) {
            if (launched.remoteConnection) {
                return launched;
            }
        }
        return null;
    }

    /** Nothing is asked of a guest that is down or goes down. */
    private static boolean guestStays(Node node, Resource top) {
        Resource guest = node.guestResource();
        if (guest.role == Role.STOPPED) {
            if (guest.assigned != null && !guest.probed.has(guest.assigned.node)) {
                Orderings.tasks(guest, Tasks.MONITOR, top, Tasks.START, Relation.ORDERED);
            }
            return false;
        }
        boolean moves =
                guest.role.above(Role.STOPPED)
                        && guest.assigned != null
                        && !guest.active.contains(guest.assigned.node);
        if (node.remoteReset
                || node.unclean
                || guest.failed
                || guest.nextRole == Role.STOPPED
                || moves) {
            Orderings.tasks(guest, Tasks.STOP, top, Tasks.START, Relation.ORDERED);
            return false;
        }
        return true;
    }

    private static void create(Resource resource, Node node, Resource then) {
        Action probe = Actions.of(resource, Tasks.MONITOR, node, false);
        probe.clear(Action.OPTIONAL);
        Fencing.orderAfterUnfencing(resource, node, probe, Relation.ORDERED);
        if (!resource.active.contains(node)) {
            RecurringSteps.expect(probe, 7);
        } else if (resource.role == Role.PROMOTED) {
            RecurringSteps.expect(probe, 8);
        }
        int relation = Relation.ORDERED;
        if (!probe.is(Action.RUNNABLE) && then.active.isEmpty()) {
            relation |= Relation.UNRUNNABLE_FIRST_BLOCKS;
        }
        Orderings.actionThenTask(probe, then, Tasks.START, relation);
        Orderings.add(
                resource,
                null,
                probe,
                then,
                resource.key(Tasks.RELOAD_AGENT),
                null,
                Relation.ORDERED);
    }
}
