package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives resources their nodes. */
public final class Assignment {
    private Assignment() {}

    /** Assigns all resources: connections to remote nodes first, for others may run on those. */
    public static void all(Cluster cluster) {
        if (!cluster.placementStrategy.equals("default")) {
            ResourceOrder.sort(cluster);
        }
        cluster.capacityBefore.addAll(ScoreLines.capacities(cluster, "Original"));
        if (cluster.haveRemoteNodes) {
            for (Resource resource : List.copyOf(cluster.resources)) {
                if (resource.remoteConnection) {
                    choose(resource, resource.partialMigrationTarget, true);
                }
            }
        }
        for (Resource resource : List.copyOf(cluster.resources)) {
            if (!resource.remoteConnection) {
                choose(resource, null, true);
            }
        }
        cluster.capacityAfter.addAll(ScoreLines.capacities(cluster, "Remaining"));
    }

    /**
     * Chooses a node for a resource, or nodes for its parts.
     *
     * @param prefer the node to take when all else is equal
     * @param stopIfFail whether a resource that finds no node is to stop; else it can be undone
     */
    static @Nullable NodeScore choose(
            Resource resource, @Nullable Node prefer, boolean stopIfFail) {
        return switch (resource) {
            case Primitive primitive -> choosePrimitive(primitive, prefer, stopIfFail);
            case Group group -> chooseGroup(group, prefer, stopIfFail);
            case Clone clone -> {
                chooseClone(clone, prefer, stopIfFail);
                yield null;
            }
            case Bundle bundle -> {
                BundleAssignment.choose(bundle, prefer, stopIfFail);
                yield null;
            }
        };
    }

    private static @Nullable NodeScore choosePrimitive(
            Primitive primitive, @Nullable Node prefer, boolean stopIfFail) {
        Resource parent = primitive.parent;
        if (parent != null && !parent.assigning) {
            choose(parent, prefer, stopIfFail);
        }
        if (!primitive.unassigned) {
            return primitive.assigned;
        }
        if (primitive.assigning) {
            return null;
        }
        primitive.assigning = true;
        applyColocations(primitive);
        Cluster cluster = primitive.cluster;
        if (primitive.nextRole == Role.STOPPED) {
            Scores.ban(primitive, null, "it is not to run");
        } else if (primitive.nextRole.above(primitive.role)
                && !cluster.quorate
                && cluster.noQuorum == Cluster.NoQuorum.FREEZE) {
            primitive.nextRole = primitive.role;
        }
        ScoreLines.allocation(primitive, "pcmk__primitive_assign");
        if (cluster.fencingEnabled && !cluster.haveFencing) {
            primitive.managed = false;
        }
        if (!primitive.managed) {
            primitive.nextRole = primitive.role;
            Node current = primitive.currentNode();
            NodeScore entry = current == null ? null : new NodeScore(current, current.score);
            assign(primitive, entry, true, stopIfFail);
        } else if (cluster.stopAll) {
            assign(primitive, null, true, stopIfFail);
        } else {
            chooseBest(primitive, prefer, stopIfFail);
        }
        primitive.assigning = false;
        if (primitive.remoteConnection) {
            connectionAssigned(primitive);
        }
        return primitive.assigned;
    }

    private static void applyColocations(Primitive primitive) {
        List<Colocation> thisWith = Colocations.thisWith(primitive);
        List<Colocation> withThis = Colocations.withThis(primitive);
        for (boolean mandatory : new boolean[] {true, false}) {
            for (Colocation colocation : thisWith) {
                if (colocation.mandatory() == mandatory) {
                    applyThisWith(colocation, primitive);
                }
            }
            for (Colocation colocation : withThis) {
                if (colocation.mandatory() == mandatory) {
                    withDependent(colocation, primitive);
                }
            }
        }
    }

    private static void withDependent(Colocation colocation, Resource resource) {
        Shares.around(
                resource,
                Shares.source(colocation, colocation.dependent()),
                () -> ColocatedScores.addDependentScores(colocation, resource));
    }

    private static void applyThisWith(Colocation colocation, Primitive resource) {
        Resource other = colocation.primary();
        NodeTable before = null;
        if (colocation.dependentRole().atLeast(Role.PROMOTED)
                || (colocation.score() < 0 && colocation.score() > -Score.INFINITY)) {
            before = resource.allowed.copy();
        }
        if (other.unassigned) {
            choose(other, null, true);
        }
        Shares.around(
                resource,
                Shares.source(colocation, other),
                () -> ColocationEffects.apply(resource, other, colocation));
        if (before != null && !Availability.anyOpen(resource.allowed)) {
            resource.allowed = before;
        }
    }

    private static void chooseBest(Primitive resource, @Nullable Node wanted, boolean stopIfFail) {
        Node roomiest = Utilization.banInsufficient(resource);
        Node prefer = wanted == null ? roomiest : wanted;
        if (!resource.unassigned) {
            return;
        }
        Node current = resource.currentNode();
        List<NodeScore> nodes = NodeOrder.best(resource.cluster, resource.allowed, current);
        NodeScore best = nodes.isEmpty() ? null : nodes.getFirst();
        NodeScore chosen = null;
        if (prefer != null && best != null) {
            chosen = resource.allowed.get(prefer);
            if (chosen != null && (chosen.score < best.score || !Availability.isOpen(chosen))) {
                chosen = null;
            }
        }
        if (chosen == null && best != null) {
            chosen = best;
            boolean uniqueInstance = resource.parent != null && resource.parent.isUniqueClone();
            if (!uniqueInstance
                    && best.score > 0
                    && Availability.canRun(best)
                    && Availability.isOpen(current)) {
                for (NodeScore equal : nodes) {
                    if (equal.score != best.score) {
                        break;
                    }
                    if (equal.node == current) {
                        chosen = equal;
                    }
                }
            }
        }
        assign(resource, chosen, false, stopIfFail);
    }

    private static void connectionAssigned(Primitive connection) {
        Node node = connection.cluster.node(connection.id);
        if (node == null) {
            return;
        }
        if (connection.assigned != null && connection.nextRole != Role.STOPPED) {
            node.online = true;
            if (!node.seen) {
                node.unclean = false;
            }
        } else {
            node.shutdown = true;
        }
    }

    private static @Nullable NodeScore chooseGroup(
            Group group, @Nullable Node prefer, boolean stopIfFail) {
        if (!group.unassigned) {
            return group.assigned;
        }
        if (group.assigning) {
            return null;
        }
        if (group.children.isEmpty()) {
            group.unassigned = false;
            return null;
        }
        group.assigning = true;
        Resource first = group.children.getFirst();
        group.role = first.role;
        ScoreLines.allocation(group, "pcmk__group_assign");
        NodeScore firstAssigned = null;
        for (Resource member : group.children) {
            NodeScore node = choose(member, prefer, stopIfFail);
            if (firstAssigned == null) {
                firstAssigned = node;
            }
        }
        group.nextRole = first.nextRole;
        group.assigning = false;
        group.unassigned = false;
        return group.colocated ? firstAssigned : null;
    }

    private static void chooseClone(Clone clone, @Nullable Node prefer, boolean stopIfFail) {
        if (!clone.unassigned || clone.assigning) {
            return;
        }
        clone.assigning = true;
        if (clone.promotable) {
            PromotionScores.add(clone);
        }
        for (Colocation colocation : List.copyOf(clone.thisWith)) {
            choose(colocation.primary(), prefer, stopIfFail);
        }
        for (Colocation colocation : List.copyOf(clone.withThis)) {
            withDependent(colocation, clone);
        }
        ScoreLines.allocation(clone, "pcmk__clone_assign");
        StableSort.sort(clone.children, Instances::compare);
        Instances.assign(clone, clone.children, clone.cloneMax, clone.cloneNodeMax);
        if (clone.promotable) {
            Promotion.setRoles(clone);
        }
        clone.unassigned = false;
        clone.assigning = false;
    }

    /** Assigns a resource to a node (or none); true when that changed something. */
    public static boolean assign(
            Resource resource, @Nullable NodeScore node, boolean force, boolean stopIfFail) {
        if (!resource.children.isEmpty()) {
            boolean changed = false;
            for (Resource child : resource.children) {
                changed |= assign(child, node, force, stopIfFail);
            }
            return changed;
        }
        boolean changed = resource.assigned != null;
        NodeScore chosen = node;
        if (!force
                && chosen != null
                && (chosen.score < 0 || (!Availability.isOpen(chosen) && !chosen.node.isGuest()))) {
            chosen = null;
            if (stopIfFail) {
                resource.nextRole = Role.STOPPED;
            }
        }
        unassign(resource);
        if (chosen == null && !stopIfFail) {
            return changed;
        }
        resource.unassigned = false;
        if (chosen == null) {
            resource.nextRole = Role.STOPPED;
            for (Action action : resource.actions) {
                blockWithoutNode(action);
            }
            return changed;
        }
        changed = !changed;
        resource.assigned = chosen.copy();
        chosen.node.assignedCount++;
        chosen.count++;
        Utilization.consume(chosen.node, resource);
        ScoreLines.utilization(resource, chosen.node);
        return changed;
    }

    private static void blockWithoutNode(Action action) {
        switch (action.task) {
            case Tasks.STOP -> action.clear(Action.OPTIONAL);
            case Tasks.START -> action.clear(Action.RUNNABLE);
            default -> {
                String interval = action.meta.get("interval");
                String expected = action.meta.get("op_target_rc");
                if (interval != null && Values.number(interval, 0) != 0 && !"7".equals(expected)) {
                    action.clear(Action.RUNNABLE);
                }
            }
        }
    }

    /** Takes a resource's node away; undoes an assignment that was only tried. */
    static void unassign(Resource resource) {
        for (Resource child : resource.children) {
            unassign(child);
        }
        NodeScore old = resource.assigned;
        resource.unassigned = true;
        if (old == null) {
            return;
        }
        resource.assigned = null;
        old.node.assignedCount--;
        old.count--;
        Utilization.release(old.node, resource);
    }
}
