package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Colocation constraints: kept with both resources, most important first, and found again. */
public final class Colocations {
    private Colocations() {}

    public static void add(
            String id,
            @Nullable String nodeAttribute,
            int score,
            Resource dependent,
            Resource primary,
            Role dependentRole,
            Role primaryRole,
            boolean influence,
            boolean explicit) {
        if (score == 0) {
            return;
        }
        Colocation colocation =
                new Colocation(
                        id,
                        dependent,
                        primary,
                        dependentRole == Role.STARTED ? Role.UNKNOWN : dependentRole,
                        primaryRole == Role.STARTED ? Role.UNKNOWN : primaryRole,
                        nodeAttribute == null ? "#uname" : nodeAttribute,
                        score,
                        influence,
                        explicit);
        insert(dependent.thisWith, colocation, false);
        insert(primary.withThis, colocation, true);
        dependent.cluster.colocations.add(colocation);
        if (score <= -Score.INFINITY) {
            orderApart(dependent, colocation.dependentRole(), primary, colocation.primaryRole());
            orderApart(primary, colocation.primaryRole(), dependent, colocation.dependentRole());
        }
    }

    /** What may not be together leaves before the other comes. */
    private static void orderApart(Resource first, Role firstRole, Resource then, Role thenRole) {
        List<String> leaving =
                switch (firstRole) {
                    case PROMOTED -> List.of(Tasks.DEMOTE);
                    case UNPROMOTED -> List.of(Tasks.STOP, Tasks.PROMOTE);
                    default -> List.of(Tasks.STOP);
                };
        List<String> coming =
                switch (thenRole) {
                    case PROMOTED -> List.of(Tasks.PROMOTE);
                    case UNPROMOTED -> List.of(Tasks.START, Tasks.DEMOTE);
                    default -> List.of(Tasks.START);
                };
        for (String leave : leaving) {
            for (String come : coming) {
                Orderings.tasks(first, leave, then, come, Relation.IF_REQUIRED_ON_SAME_NODE);
            }
        }
    }

    private static void insert(List<Colocation> list, Colocation colocation, boolean byDependent) {
        int at = 0;
        while (at < list.size() && compare(colocation, list.get(at), byDependent) > 0) {
            at++;
        }
        list.add(at, colocation);
    }

    private static int compare(Colocation a, Colocation b, boolean byDependent) {
        Resource one = byDependent ? a.dependent() : a.primary();
        Resource other = byDependent ? b.dependent() : b.primary();
        if (one.priority != other.priority) {
            return Integer.compare(other.priority, one.priority);
        }
        if (one.rank() != other.rank()) {
            return Integer.compare(other.rank(), one.rank());
        }
        if (one.isClone() && one.promotable != other.promotable) {
            return one.promotable ? -1 : 1;
        }
        return one.id.compareTo(other.id);
    }

    private static void insertAll(
            List<Colocation> list, List<Colocation> more, boolean byDependent) {
        if (list.isEmpty()) {
            list.addAll(more);
            return;
        }
        for (Colocation colocation : more) {
            insert(list, colocation, byDependent);
        }
    }

    /** Every colocation that matters for a resource as the dependent. */
    public static List<Colocation> thisWith(Resource resource) {
        List<Colocation> found = new ArrayList<>(resource.thisWith.size());
        collectThisWith(resource, resource, found);
        return found;
    }

    /** Every colocation that matters for a resource as the primary. */
    public static List<Colocation> withThis(Resource resource) {
        List<Colocation> found = new ArrayList<>(resource.withThis.size());
        collectWithThis(resource, resource, found);
        return found;
    }

    private static void collectThisWith(Resource at, Resource wanted, List<Colocation> found) {
        switch (at) {
            case Group group -> {
                if (group.children.isEmpty()) {
                    return;
                }
                if (group == wanted || wanted == group.children.getFirst()) {
                    insertAll(found, group.thisWith, false);
                    if (group.parent != null) {
                        collectThisWith(group.parent, wanted, found);
                    }
                    otherMembers(group, wanted)
                            .forEach(member -> collectThisWith(member, wanted, found));
                } else {
                    behindUnmanaged(group, wanted, found);
                }
            }
            case Bundle bundle -> {
                if (isFor(bundle, wanted)) {
                    insertAll(found, bundle.thisWith, false);
                }
            }
            case Clone clone -> {
                insertAll(found, clone.thisWith, false);
                if (clone.parent != null) {
                    collectThisWith(clone.parent, wanted, found);
                }
            }
            default -> {
                if (at == wanted) {
                    insertAll(found, at.thisWith, false);
                    if (at.parent != null) {
                        collectThisWith(at.parent, wanted, found);
                    }
                } else {
                    for (Colocation colocation : at.thisWith) {
                        if (colocation.explicit()) {
                            insert(found, colocation, false);
                        }
                    }
                }
            }
        }
    }

    /** The members whose own colocations matter for all of a group, as they stay together. */
    private static List<Resource> otherMembers(Group group, Resource wanted) {
        return group.colocated
                ? group.children.stream().filter(member -> member != wanted).toList()
                : List.of();
    }

    /** Later members follow the first, unless one between them is unmanaged. */
    private static void behindUnmanaged(Group group, Resource wanted, List<Colocation> found) {
        for (Resource member : group.children) {
            if (member == wanted) {
                return;
            }
            if (!member.managed) {
                for (Colocation colocation : group.thisWith) {
                    if (colocation.score() == Score.INFINITY) {
                        insert(found, colocation, false);
                    }
                }
                return;
            }
        }
    }

    private static void collectWithThis(Resource at, Resource wanted, List<Colocation> found) {
        switch (at) {
            case Group group -> {
                if (!group.children.isEmpty()
                        && (group == wanted || wanted == group.lastMember())) {
                    insertAll(found, group.withThis, true);
                    if (group.parent != null) {
                        collectWithThis(group.parent, wanted, found);
                    }
                    otherMembers(group, wanted)
                            .forEach(member -> collectWithThis(member, wanted, found));
                }
            }
            case Bundle bundle -> {
                if (isFor(bundle, wanted)) {
                    insertAll(found, bundle.withThis, true);
                }
            }
            case Clone clone -> {
                insertAll(found, clone.withThis, true);
                if (clone.parent != null) {
                    collectWithThis(clone.parent, wanted, found);
                }
            }
            default -> {
                if (at == wanted) {
                    insertAll(found, at.withThis, true);
                    if (at.parent != null) {
                        collectWithThis(at.parent, wanted, found);
                    }
                } else {
                    for (Colocation colocation : at.withThis) {
                        if (colocation.explicit()) {
                            insert(found, colocation, true);
                        }
                    }
                }
            }
        }
    }

    /** Whether the dependent has a say in where the primary goes. */
    static boolean hasInfluence(Colocation colocation, Resource on) {
        if (colocation.dependent().remoteNestingAllowed && !on.failed && on.active.size() == 1) {
            // a connection moves lightly, its container does not
            return false;
        }
        return colocation.influence() || on.active.isEmpty();
    }

    static boolean hasInfluence(Colocation colocation) {
        return hasInfluence(colocation, colocation.primary());
    }

    /**
     * Whether a bundle's colocations are for one of its parts: for its containers always, for the
     * service inside when roles are chosen.
     */
    private static boolean isFor(Bundle bundle, Resource wanted) {
        if (bundle == wanted || wanted.replicaContainer) {
            return true;
        }
        Clone child = bundle.child;
        if (child == null || !child.promotable || wanted.top() != child) {
            return false;
        }
        return wanted == child ? child.promotionConstrained : !wanted.unassigned;
    }
}
