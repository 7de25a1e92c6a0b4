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

    /**
     * Applies a colocation on behalf of the dependent.
     *
     * @return what was added to the dependent's promotion priority
     */
    static int apply(Resource dependent, Resource primary, Colocation colocation) {
        return switch (dependent) {
            case Group group -> applyToGroup(group, primary, colocation);
            case Primitive primitive -> withPrimary(primitive, primary, colocation);
            default -> 0;
        };
    }

    private static int applyToGroup(Group group, Resource primary, Colocation colocation) {
        if (group.children.isEmpty()) {
            return 0;
        }
        if (group.colocated) {
            // the others follow the first; where roles are chosen the group's own priority counts
            int added = apply(group.children.getFirst(), primary, colocation);
            group.priority = Score.add(added, group.priority);
            return added;
        }
        int sum = 0;
        if (colocation.score() < Score.INFINITY) {
            for (Resource member : group.children) {
                sum = Score.add(sum, apply(member, primary, colocation));
            }
        }
        return sum;
    }

    private static int withPrimary(Resource dependent, Resource primary, Colocation colocation) {
        return switch (primary) {
            case Primitive one -> withPrimitive(dependent, one, colocation);
            case Group group -> withGroup(dependent, group, colocation);
            case Clone clone -> withClone(dependent, clone, colocation);
            case Bundle bundle -> withBundle(dependent, bundle, colocation);
        };
    }

    private static int withEach(
            Resource dependent, List<Resource> primaries, Colocation colocation) {
        int sum = 0;
        for (Resource primary : primaries) {
            sum = Score.add(sum, withPrimary(dependent, primary, colocation));
        }
        return sum;
    }

    private static int withPrimitive(Resource dependent, Primitive primary, Colocation colocation) {
        return switch (affects(dependent, primary, colocation, false)) {
            case ROLE -> toPriority(dependent, primary, colocation);
            case LOCATION -> {
                toScores(dependent, primary, colocation);
                yield 0;
            }
            case NOTHING -> 0;
        };
    }

    private static int withGroup(Resource dependent, Group primary, Colocation colocation) {
        if (primary.unassigned || primary.children.isEmpty()) {
            return 0;
        }
        if (primary.colocated) {
            // if it is mandatory all of the group has to be there, else its beginning will do
            Resource member =
                    colocation.score() >= Score.INFINITY
                            ? primary.children.getLast()
                            : primary.children.getFirst();
            return withPrimary(dependent, member, colocation);
        }
        return colocation.score() < Score.INFINITY
                ? withEach(dependent, primary.children, colocation)
                : 0;
    }

    private static int withClone(Resource dependent, Clone primary, Colocation colocation) {
        if (primary.unassigned) {
            return 0;
        }
        if (primary.promotable && colocation.primaryRole() != Role.UNKNOWN) {
            if (dependent.unassigned) {
                withPromotable(dependent, primary, colocation);
                return 0;
            } else if (colocation.dependentRole() == Role.PROMOTED) {
                return promotionPriority(dependent, primary, colocation);
            }
        }
        if (canInterleave(colocation)) {
            return withPartner(
                    dependent,
                    Instances.compatible(dependent, primary, Role.UNKNOWN, false),
                    colocation);
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
            return 0;
        }
        return withEach(dependent, primary.children, colocation);
    }

    /** One instance goes with one other; without a partner it cannot run if it must have one. */
    private static int withPartner(
            Resource dependent, @Nullable Resource partner, Colocation colocation) {
        if (partner != null) {
            return apply(dependent, partner, colocation);
        }
        if (colocation.score() >= Score.INFINITY) {
            Assignment.assign(dependent, null, true, true);
        }
        return 0;
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

    private static int withBundle(Resource dependent, Bundle primary, Colocation colocation) {
        if (primary.unassigned) {
            return 0;
        }
        if (colocation.dependent().rank() > 1) {
            return withPartner(
                    dependent, Instances.compatibleContainer(dependent, primary), colocation);
        }
        if (colocation.score() < Score.INFINITY) {
            return withEach(dependent, primary.containers(), colocation);
        }
        List<NodeScore> nodes = new ArrayList<>();
        for (Bundle.Replica replica : primary.replicas) {
            Resource container = replica.container;
            NodeScore chosen = container == null ? null : container.location(false);
            if (container != null
                    && chosen != null
                    && !container.anyInTree(each -> each.blocked)
                    && hasRole(replica, colocation.primaryRole())) {
                nodes.add(chosen);
            }
        }
        intersect(dependent, nodes, false);
        return 0;
    }

    /** Whether a container's service will have the role that a colocation is about. */
    private static boolean hasRole(Bundle.Replica replica, Role role) {
        return !role.atLeast(Role.PROMOTED)
                || (replica.child != null && replica.child.nextRole.atLeast(Role.PROMOTED));
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

    private static int promotionPriority(Resource dependent, Clone primary, Colocation colocation) {
        if (primary.children.stream().anyMatch(each -> isBeside(dependent, each, colocation))) {
            dependent.priority = Score.add(dependent.priority, colocation.score());
            return colocation.score();
        }
        if (colocation.score() >= Score.INFINITY) {
            dependent.priority = -Score.INFINITY;
            return -Score.INFINITY;
        }
        return 0;
    }

    /** Whether an instance has the role that is asked for, where the dependent will be. */
    private static boolean isBeside(Resource dependent, Resource instance, Colocation colocation) {
        NodeScore here = dependent.location(false);
        NodeScore there = instance.location(false);
        if (here == null
                || there == null
                || instance.state(false) != colocation.primaryRole()
                || instance.anyInTree(each -> each.blocked)) {
            return false;
        }
        String attribute = colocation.nodeAttribute();
        return same(
                NodeAttributes.forColocation(here.node, attribute, dependent),
                NodeAttributes.forColocation(there.node, attribute, instance));
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

    /** What a colocation by role adds to the dependent's promotion priority; returns that. */
    private static int toPriority(Resource dependent, Resource primary, Colocation colocation) {
        if (dependent.assigned == null) {
            return 0;
        }
        if (primary.assigned != null
                && colocation.primaryRole() != Role.UNKNOWN
                && colocation.primaryRole() != roleHolder(primary).nextRole) {
            return 0;
        }
        String attribute = colocation.nodeAttribute();
        String here = NodeAttributes.forColocation(dependent.assigned.node, attribute, dependent);
        String there =
                primary.assigned == null
                        ? null
                        : NodeAttributes.forColocation(primary.assigned.node, attribute, primary);
        int sign = colocation.dependentRole() == Role.UNPROMOTED ? -1 : 1;
        if (!same(here, there)) {
            if (colocation.score() != Score.INFINITY
                    || colocation.dependentRole() != Role.PROMOTED) {
                return 0;
            }
            sign = -1; // it must not be promoted away from the primary
        }
        int added = sign * colocation.score();
        dependent.priority = Score.add(added, dependent.priority);
        return added;
    }
}
