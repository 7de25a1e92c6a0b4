package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.placement.Colocations;
import io.holdfast.scheduler.placement.Instances;
import io.holdfast.scheduler.placement.UtilizationOrders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The constraints that follow from what resources are, without anybody configuring them. */
public final class InternalConstraints {
    private static final int UP =
            Relation.UNRUNNABLE_FIRST_BLOCKS
                    | Relation.FIRST_IMPLIES_THEN
                    | Relation.FIRST_IMPLIES_THEN_GRAPHED;

    private InternalConstraints() {}

    public static void add(Cluster cluster) {
        for (Resource resource : List.copyOf(cluster.resources)) {
            add(resource);
        }
    }

    public static void add(Resource resource) {
        switch (resource) {
            case Primitive primitive -> primitive(primitive);
            case Group group -> group(group);
            case Clone clone -> clone(clone);
            case Bundle bundle -> BundleConstraints.add(bundle);
        }
    }

    private static void primitive(Primitive resource) {
        if (!resource.managed) {
            return;
        }
        Cluster cluster = resource.cluster;
        Orderings.tasks(
                resource,
                Tasks.STOP,
                resource,
                Tasks.START,
                Relation.ORDERED | Relation.FIRST_IMPLIES_THEN | Relation.INTERMEDIATE_STOP);
        if (resource.top().promotable || resource.role.above(Role.UNPROMOTED)) {
            Orderings.tasks(
                    resource,
                    Tasks.DEMOTE,
                    resource,
                    Tasks.STOP,
                    Relation.PROMOTED_THEN_IMPLIES_FIRST);
            Orderings.tasks(
                    resource,
                    Tasks.START,
                    resource,
                    Tasks.PROMOTE,
                    Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
        Orderings.tasks(
                resource,
                Tasks.LRM_DELETE,
                resource,
                Tasks.MONITOR,
                Relation.IF_ON_SAME_NODE | Relation.THEN_CANCELS_FIRST);
        if (!resource.fenceDevice && cluster.unfencingEnabled && resource.needsUnfencing) {
            for (NodeScore entry : resource.allowed.byName()) {
                aroundUnfencing(resource, entry.node);
            }
        }
        if (!resource.utilization.isEmpty() && !cluster.placementStrategy.equals("default")) {
            UtilizationOrders.add(resource);
        }
        if (resource.launcher != null) {
            launched(resource, resource.launcher);
        }
        if (resource.remoteConnection || resource.fenceDevice) {
            avoidRemoteNodes(resource);
        }
    }

    private static void aroundUnfencing(Primitive resource, Node node) {
        Action unfence = Fencing.operation(resource.cluster, node, "on", true, null, false);
        Orderings.taskThenAction(
                resource, Tasks.STOP, unfence, Relation.ORDERED | Relation.IF_ON_SAME_NODE);
        Orderings.actionThenTask(
                unfence,
                resource,
                Tasks.START,
                Relation.FIRST_IMPLIES_SAME_NODE_THEN | Relation.IF_ON_SAME_NODE);
    }

    private static void launched(Primitive resource, Resource container) {
        Resource host = null;
        if (resource.remoteConnection) {
            if (!resource.remoteNestingAllowed) {
                avoidRemoteNodes(container);
            }
            Orderings.tasks(container, Tasks.MONITOR, resource, Tasks.STOP, Relation.ORDERED);
        } else if (container.remoteConnection) {
            host = container;
        } else {
            host = guestConnection(container);
        }
        if (host != null) {
            for (NodeScore entry : resource.allowed) {
                if (entry.node.remote != host) {
                    entry.score = -Score.INFINITY;
                }
            }
            return;
        }
        Orderings.starts(
                container,
                resource,
                Relation.FIRST_IMPLIES_THEN | Relation.UNRUNNABLE_FIRST_BLOCKS);
        Orderings.stops(resource, container, Relation.THEN_IMPLIES_FIRST);
        Colocations.add(
                "#resource-with-container",
                null,
                resource.remoteNestingAllowed ? 10_000 : Score.INFINITY,
                resource,
                container,
                Role.UNKNOWN,
                Role.UNKNOWN,
                true,
                false);
    }

    private static @Nullable Resource guestConnection(Resource container) {
        for (Resource launched : container.launched) {
            if (launched.remoteConnection) {
                return launched;
            }
        }
        return null;
    }

    private static void avoidRemoteNodes(Resource resource) {
        for (NodeScore entry : resource.allowed) {
            if (entry.node.remote != null) {
                entry.score = -Score.INFINITY;
            }
        }
    }

    private static void group(Group group) {
        Orderings.tasks(group, Tasks.STOP, group, Tasks.STOPPED, Relation.UNRUNNABLE_FIRST_BLOCKS);
        Orderings.tasks(group, Tasks.STOPPED, group, Tasks.START, Relation.ORDERED);
        Orderings.tasks(group, Tasks.START, group, Tasks.RUNNING, Relation.UNRUNNABLE_FIRST_BLOCKS);
        boolean promotable = group.top().promotable;
        Resource previous = null;
        Resource lastActive = null;
        for (Resource member : group.children) {
            member(group, member, previous, promotable);
            if (!member.active.isEmpty()) {
                if (group.ordered
                        && previous != null
                        && previous.active.isEmpty()
                        && lastActive != null) {
                    Orderings.stops(member, lastActive, Relation.ORDERED);
                }
                lastActive = member;
            }
            previous = member;
        }
    }

    private static void member(
            Group group, Resource member, @Nullable Resource previous, boolean promotable) {
        add(member);
        int down = Relation.THEN_IMPLIES_FIRST_GRAPHED;
        int afterDown = Relation.FIRST_IMPLIES_THEN_GRAPHED;
        if (previous == null) {
            if (group.ordered) {
                down |= Relation.ORDERED;
                afterDown = Relation.FIRST_IMPLIES_THEN;
            }
        } else if (group.colocated) {
            Colocations.add(
                    "group:internal_colocation",
                    null,
                    Score.INFINITY,
                    member,
                    previous,
                    Role.UNKNOWN,
                    Role.UNKNOWN,
                    member.critical,
                    false);
        }
        int upTogether =
                Relation.FIRST_IMPLIES_THEN
                        | Relation.UNRUNNABLE_FIRST_BLOCKS
                        | Relation.THEN_IMPLIES_FIRST_GRAPHED;
        if (promotable) {
            Orderings.tasks(group, Tasks.DEMOTE, member, Tasks.DEMOTE, down);
            Orderings.tasks(member, Tasks.DEMOTE, group, Tasks.DEMOTED, afterDown);
            Orderings.tasks(member, Tasks.PROMOTE, group, Tasks.PROMOTED, UP);
            Orderings.tasks(
                    group,
                    Tasks.PROMOTE,
                    member,
                    Tasks.PROMOTE,
                    Relation.THEN_IMPLIES_FIRST_GRAPHED);
        }
        Orderings.stops(group, member, down);
        Orderings.tasks(member, Tasks.STOP, group, Tasks.STOPPED, afterDown);
        Orderings.starts(group, member, Relation.THEN_IMPLIES_FIRST_GRAPHED);
        Orderings.tasks(member, Tasks.START, group, Tasks.RUNNING, UP);
        if (!group.ordered) {
            Orderings.starts(group, member, upTogether);
            if (promotable) {
                Orderings.tasks(group, Tasks.PROMOTE, member, Tasks.PROMOTE, upTogether);
            }
        } else if (previous == null) {
            Orderings.starts(group, member, Relation.NONE);
            if (promotable) {
                Orderings.tasks(group, Tasks.PROMOTE, member, Tasks.PROMOTE, Relation.NONE);
            }
        } else {
            afterPrevious(member, previous, promotable);
        }
    }

    private static void afterPrevious(Resource member, Resource previous, boolean promotable) {
        int up = Relation.FIRST_IMPLIES_THEN | Relation.UNRUNNABLE_FIRST_BLOCKS;
        Orderings.starts(previous, member, up);
        Orderings.stops(member, previous, Relation.ORDERED | Relation.INTERMEDIATE_STOP);
        if (!member.active.isEmpty() && previous.active.isEmpty()) {
            // a member put in before it while this one was running
            Orderings.tasks(
                    member,
                    Tasks.STOP,
                    previous,
                    Tasks.START,
                    Relation.THEN_IMPLIES_FIRST | Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
        if (promotable) {
            Orderings.tasks(previous, Tasks.PROMOTE, member, Tasks.PROMOTE, up);
            Orderings.tasks(member, Tasks.DEMOTE, previous, Tasks.DEMOTE, Relation.ORDERED);
        }
    }

    private static void clone(Clone clone) {
        Orderings.tasks(clone, Tasks.STOPPED, clone, Tasks.START, Relation.ORDERED);
        Orderings.tasks(clone, Tasks.START, clone, Tasks.RUNNING, Relation.UNRUNNABLE_FIRST_BLOCKS);
        Orderings.tasks(clone, Tasks.STOP, clone, Tasks.STOPPED, Relation.UNRUNNABLE_FIRST_BLOCKS);
        if (clone.promotable) {
            Orderings.tasks(clone, Tasks.DEMOTED, clone, Tasks.STOP, Relation.ORDERED);
            Orderings.tasks(
                    clone, Tasks.RUNNING, clone, Tasks.PROMOTE, Relation.UNRUNNABLE_FIRST_BLOCKS);
        }
        if (clone.ordered) {
            Instances.sortByNumber(clone);
        }
        List<Resource> before = new ArrayList<>();
        for (Resource instance : clone.children) {
            add(instance);
            Orderings.starts(
                    clone,
                    instance,
                    Relation.UNRUNNABLE_FIRST_BLOCKS | Relation.THEN_IMPLIES_FIRST_GRAPHED);
            Orderings.tasks(
                    instance,
                    Tasks.START,
                    clone,
                    Tasks.RUNNING,
                    Relation.FIRST_IMPLIES_THEN_GRAPHED);
            for (Resource earlier : before) {
                Orderings.starts(earlier, instance, Relation.ORDERED);
            }
            Orderings.stops(clone, instance, Relation.THEN_IMPLIES_FIRST_GRAPHED);
            Orderings.tasks(
                    instance,
                    Tasks.STOP,
                    clone,
                    Tasks.STOPPED,
                    Relation.FIRST_IMPLIES_THEN_GRAPHED);
            for (Resource earlier : before) {
                Orderings.stops(instance, earlier, Relation.ORDERED);
            }
            if (clone.ordered) {
                before.add(instance);
            }
        }
        if (clone.promotable) {
            promotable(clone);
        }
    }

    /** Promotions wait until all that goes down is down and all that starts has started. */
    static void aroundPromotions(Resource resource) {
        order(resource, Tasks.STOPPED, Tasks.START);
        order(resource, Tasks.STOPPED, Tasks.PROMOTE);
        order(resource, Tasks.DEMOTED, Tasks.STOP);
        order(resource, Tasks.DEMOTED, Tasks.START);
        order(resource, Tasks.DEMOTED, Tasks.PROMOTE);
        order(resource, Tasks.RUNNING, Tasks.PROMOTE);
        order(resource, Tasks.DEMOTE, Tasks.DEMOTED);
    }

    private static void order(Resource resource, String first, String then) {
        Orderings.tasks(resource, first, resource, then, Relation.ORDERED);
    }

    private static void promotable(Clone clone) {
        aroundPromotions(clone);
        Resource previous = null;
        for (Resource instance : clone.children) {
            Orderings.tasks(instance, Tasks.DEMOTE, instance, Tasks.PROMOTE, Relation.ORDERED);
            Orderings.tasks(clone, Tasks.PROMOTE, instance, Tasks.PROMOTE, Relation.ORDERED);
            Orderings.tasks(instance, Tasks.PROMOTE, clone, Tasks.PROMOTED, Relation.ORDERED);
            if (previous != null && clone.ordered) {
                Orderings.tasks(previous, Tasks.PROMOTE, instance, Tasks.PROMOTE, Relation.ORDERED);
            }
            Orderings.tasks(
                    clone,
                    Tasks.DEMOTE,
                    instance,
                    Tasks.DEMOTE,
                    Relation.THEN_IMPLIES_FIRST_GRAPHED);
            Orderings.tasks(
                    instance,
                    Tasks.DEMOTE,
                    clone,
                    Tasks.DEMOTED,
                    Relation.FIRST_IMPLIES_THEN_GRAPHED);
            if (previous != null && clone.ordered) {
                Orderings.tasks(instance, Tasks.DEMOTE, previous, Tasks.DEMOTE, Relation.ORDERED);
            }
            previous = instance;
        }
    }
}
