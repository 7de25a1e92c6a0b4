package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a colocation does to the dependent once the primary has its place. */
public final class ColocationEffects {
    /** At which point of the calculation a colocation matters. */
    public enum Affects {
        NOTHING,
        LOCATION,
        ROLE
    }

    private ColocationEffects() {}

    /** Applies a colocation on behalf of the dependent. */
    static void apply(Resource dependent, Resource primary, Colocation colocation) {
        if (dependent instanceof Group group) {
            applyToGroup(group, primary, colocation);
        } else if (dependent instanceof Primitive) {
            withPrimary(dependent, primary, colocation);
        }
    }

    private static void applyToGroup(Group group, Resource primary, Colocation colocation) {
        if (group.children.isEmpty()) {
            return;
        }
        if (group.colocated) {
            apply(group.children.getFirst(), primary, colocation);
        } else if (colocation.score() < Score.INFINITY) {
            for (Resource member : group.children) {
                apply(member, primary, colocation);
            }
        }
    }

    private static void withPrimary(Resource dependent, Resource primary, Colocation colocation) {
        switch (primary) {
            case Primitive one -> withPrimitive(dependent, one, colocation);
            case Group group -> withGroup(dependent, group, colocation);
            case Clone clone -> withClone(dependent, clone, colocation);
            case Bundle bundle -> withBundle(dependent, bundle, colocation);
        }
    }

    private static void withPrimitive(
            Resource dependent, Primitive primary, Colocation colocation) {
        switch (affects(dependent, primary, colocation, false)) {
            case ROLE -> toPriority(dependent, primary, colocation);
            case LOCATION -> toScores(dependent, primary, colocation);
            case NOTHING -> {}
        }
    }

    private static void withGroup(Resource dependent, Group primary, Colocation colocation) {
        if (primary.unassigned || primary.children.isEmpty()) {
            return;
        }
        if (primary.colocated) {
            // if it is mandatory all of the group has to be there, else its beginning will do
            Resource member =
                    colocation.score() >= Score.INFINITY
                            ? primary.children.getLast()
                            : primary.children.getFirst();
            withPrimary(dependent, member, colocation);
        } else if (colocation.score() < Score.INFINITY) {
            for (Resource member : primary.children) {
                withPrimary(dependent, member, colocation);
            }
        }
    }

    private static void withClone(Resource dependent, Clone primary, Colocation colocation) {
        if (primary.promotable) {
            if (primary.unassigned) {
                return;
            }
            if (colocation.primaryRole() != Role.UNKNOWN) {
                if (dependent.unassigned) {
                    withPromotable(dependent, primary, colocation);
                    return;
                } else if (colocation.dependentRole() == Role.PROMOTED) {
                    promotionPriority(dependent, primary, colocation);
                    return;
                }
            }
        }
        if (primary.unassigned) {
            return;
        }
        if (canInterleave(colocation)) {
            Resource instance = Instances.compatible(dependent, primary, Role.UNKNOWN, false);
            if (instance != null) {
                apply(dependent, instance, colocation);
            } else if (colocation.score() >= Score.INFINITY) {
                Assignment.assign(dependent, null, true, true);
            }
            return;
        }
        if (colocation.score() >= Score.INFINITY) {
            List<NodeScore> nodes = new ArrayList<>();
            for (Resource instance : primary.children) {
                NodeScore chosen = instance.location(false);
                if (chosen != null && !instance.anyInTree(each -> each.blocked)) {
                    nodes.add(chosen);
                }
            }
            intersect(dependent, nodes, false);
            return;
        }
        for (Resource instance : primary.children) {
            withPrimary(dependent, instance, colocation);
        }
    }

    private static boolean canInterleave(Colocation colocation) {
        Resource dependent = colocation.dependent();
        return dependent.rank() > 1
                && Values.isTrue(dependent.meta.get("interleave"))
                && copiesPerNode(dependent) == copiesPerNode(colocation.primary());
    }

    private static int copiesPerNode(Resource resource) {
        return switch (resource) {
            case Clone clone ->
                    clone.unique ? Values.integer(clone.meta.get("clone-node-max"), 1) : 1;
            case Bundle bundle -> bundle.replicasPerHost;
            default -> 1;
        };
    }

    private static void withBundle(Resource dependent, Bundle primary, Colocation colocation) {
        if (primary.unassigned) {
            return;
        }
        if (colocation.dependent().rank() > 1) {
            Resource container = Instances.compatible(dependent, primary, Role.UNKNOWN, false);
            if (container != null) {
                apply(dependent, container, colocation);
            } else if (colocation.score() >= Score.INFINITY) {
                Assignment.assign(dependent, null, true, true);
            }
            return;
        }
        List<NodeScore> nodes = new ArrayList<>();
        for (Bundle.Replica replica : primary.replicas) {
            Resource container = replica.container;
            if (container == null) {
                continue;
            }
            if (colocation.score() < Score.INFINITY) {
                withPrimary(dependent, container, colocation);
                continue;
            }
            NodeScore chosen = container.location(false);
            Resource child = replica.child;
            if (chosen == null
                    || container.anyInTree(each -> each.blocked)
                    || (colocation.primaryRole().atLeast(Role.PROMOTED) && child == null)
                    || (colocation.primaryRole().atLeast(Role.PROMOTED)
                            && child != null
                            && child.nextRole.compareTo(Role.PROMOTED) < 0)) {
                continue;
            }
            nodes.add(chosen);
        }
        if (colocation.score() >= Score.INFINITY) {
            intersect(dependent, nodes, false);
        }
    }

    private static void withPromotable(Resource dependent, Clone primary, Colocation colocation) {
        List<NodeScore> nodes = new ArrayList<>();
        for (Resource instance : primary.children) {
            NodeScore chosen = instance.location(false);
            if (chosen == null || instance.state(false) != colocation.primaryRole()) {
                continue;
            }
            if (colocation.score() < Score.INFINITY) {
                String attribute = colocation.nodeAttribute();
                String value = NodeAttributes.forColocation(chosen.node, attribute, primary);
                for (NodeScore entry : dependent.allowed) {
                    if (same(
                            value,
                            NodeAttributes.forColocation(entry.node, attribute, dependent))) {
                        entry.score = Score.add(entry.score, colocation.score());
                    }
                }
            }
            nodes.add(chosen);
        }
        if (colocation.score() >= Score.INFINITY
                && !(colocation.dependentRole() == Role.PROMOTED
                        && colocation.primaryRole() == Role.PROMOTED)) {
            intersect(dependent, nodes, true);
        }
    }

    private static void promotionPriority(
            Resource dependent, Clone primary, Colocation colocation) {
        Resource instance =
                Instances.compatible(dependent, primary, colocation.primaryRole(), false);
        if (instance != null) {
            dependent.priority = Score.add(dependent.priority, colocation.score());
        } else if (colocation.score() >= Score.INFINITY) {
            dependent.priority = -Score.INFINITY;
        }
    }

    /** Bans a dependent from where no primary will be. */
    private static void intersect(
            Resource dependent, List<NodeScore> primaryNodes, boolean addScores) {
        for (NodeScore entry : dependent.allowed) {
            NodeScore match = null;
            for (NodeScore candidate : primaryNodes) {
                if (candidate.node == entry.node) {
                    match = candidate;
                }
            }
            if (match == null) {
                entry.score = -Score.INFINITY;
            } else if (addScores) {
                entry.score = Score.add(entry.score, match.score);
            }
        }
    }

    private static boolean same(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equalsIgnoreCase(b);
    }

    /** A container has no role; the resource inside it has. */
    private static Resource roleHolder(Resource resource) {
        if (resource.replicaContainer && resource.parent instanceof Bundle bundle) {
            for (Bundle.Replica replica : bundle.replicas) {
                if (replica.container == resource && replica.child != null) {
                    return replica.child;
                }
            }
        }
        return resource;
    }

    /** What a colocation matters for now. */
    public static Affects affects(
            Resource dependent, Resource primary, Colocation colocation, boolean preview) {
        if (!preview && primary.unassigned) {
            return Affects.NOTHING;
        }
        Resource dependentHolder = roleHolder(dependent);
        Resource primaryHolder = roleHolder(primary);
        if (colocation.dependentRole().atLeast(Role.UNPROMOTED)
                && dependentHolder.parent != null
                && dependentHolder.parent.promotable
                && !dependentHolder.unassigned) {
            return Affects.ROLE;
        }
        if (!preview && !dependent.unassigned) {
            return Affects.NOTHING;
        }
        if (colocation.dependentRole() != Role.UNKNOWN
                && colocation.dependentRole() != dependentHolder.nextRole) {
            return Affects.NOTHING;
        }
        if (colocation.primaryRole() != Role.UNKNOWN
                && colocation.primaryRole() != primaryHolder.nextRole) {
            return Affects.NOTHING;
        }
        return Affects.LOCATION;
    }

    private static void toScores(Resource dependent, Resource primary, Colocation colocation) {
        NodeScore assigned = primary.assigned;
        int score = colocation.score();
        if (assigned == null && score < 0) {
            return;
        }
        String attribute = colocation.nodeAttribute();
        String value =
                assigned == null
                        ? null
                        : NodeAttributes.forColocation(assigned.node, attribute, primary);
        NodeTable work = dependent.allowed.copy();
        for (NodeScore entry : work) {
            if (assigned == null) {
                entry.score = Score.add(-score, entry.score);
            } else if (same(
                    NodeAttributes.forColocation(entry.node, attribute, dependent), value)) {
                if (score < Score.INFINITY) {
                    entry.score = Score.add(score, entry.score);
                }
            } else if (score >= Score.INFINITY) {
                entry.score = -Score.INFINITY;
            }
        }
        if (colocation.mandatory() || Availability.anyOpen(work)) {
            dependent.allowed = work;
        }
    }

    private static void toPriority(Resource dependent, Resource primary, Colocation colocation) {
        if (primary.assigned == null || dependent.assigned == null) {
            return;
        }
        String attribute = colocation.nodeAttribute();
        String here = NodeAttributes.forColocation(dependent.assigned.node, attribute, dependent);
        String there = NodeAttributes.forColocation(primary.assigned.node, attribute, primary);
        if (!same(here, there)) {
            if (colocation.score() == Score.INFINITY
                    && colocation.dependentRole() == Role.PROMOTED) {
                dependent.priority = -Score.INFINITY;
            }
            return;
        }
        if (colocation.primaryRole() != Role.UNKNOWN
                && colocation.primaryRole() != roleHolder(primary).nextRole) {
            return;
        }
        int sign = colocation.dependentRole() == Role.UNPROMOTED ? -1 : 1;
        dependent.priority = Score.add(sign * colocation.score(), dependent.priority);
    }
}
