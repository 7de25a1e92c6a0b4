package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Location;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.TicketConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which instances of a promotable clone are promoted. */
final class Promotion {
    private Promotion() {}

    static void setRoles(Clone clone) {
        for (NodeScore entry : clone.allowed) {
            entry.count = 0;
        }
        for (Resource instance : clone.children) {
            setPriority(instance, clone);
        }
        sort(clone);
        int promoted = 0;
        for (Resource instance : clone.children) {
            if (setRole(instance, clone, promoted)) {
                promoted++;
            }
        }
    }

    private static void setPriority(Resource instance, Clone clone) {
        if (instance.state(true) == Role.STARTED) {
            startedIsUnpromoted(instance);
        }
        NodeScore chosen = instance.location(false);
        if (chosen == null) {
            return;
        }
        Role next = instance.state(false);
        switch (next) {
            case STARTED, UNKNOWN -> {
                Integer score = PromotionScores.of(instance, chosen.node);
                instance.priority = score == null ? -1 : score;
            }
            case UNPROMOTED, STOPPED -> instance.priority = -Score.INFINITY;
            case PROMOTED -> {}
        }
        addPromotedLocations(instance, instance.locations, chosen.node);
        addPromotedLocations(instance, clone.locations, chosen.node);
        for (Colocation colocation : Colocations.thisWith(instance)) {
            ColocationEffects.apply(instance, colocation.primary(), colocation);
        }
        instance.sortIndex = next == Role.PROMOTED ? Score.INFINITY : instance.priority;
    }

    private static void startedIsUnpromoted(Resource resource) {
        if (resource.role == Role.STARTED) {
            resource.role = Role.UNPROMOTED;
        }
        resource.children.forEach(Promotion::startedIsUnpromoted);
    }

    private static void addPromotedLocations(
            Resource instance, List<Location> locations, Node chosen) {
        for (int i = locations.size() - 1; i >= 0; i--) {
            Location location = locations.get(i);
            if (location.role != Role.PROMOTED) {
                continue;
            }
            for (NodeScore entry : location.nodes) {
                if (entry.node == chosen) {
                    instance.priority = Score.add(instance.priority, entry.score);
                    break;
                }
            }
        }
    }

    /** Sorts instances by how much speaks for promoting them, colocations included. */
    private static void sort(Clone clone) {
        if (clone.promotionConstrained) {
            return;
        }
        clone.promotionConstrained = true;
        clone.updatingNodes = true;
        for (Resource instance : clone.children) {
            NodeScore chosen = instance.sortIndex < 0 ? null : instance.location(false);
            NodeScore entry = chosen == null ? null : clone.allowed.get(chosen.node);
            if (entry != null) {
                entry.score = Score.add(instance.sortIndex, entry.score);
            }
        }
        for (Colocation colocation : Colocations.withThis(clone)) {
            if (colocation.primaryRole() == Role.PROMOTED && Colocations.hasInfluence(colocation)) {
                clone.allowed =
                        ColocatedScores.add(
                                colocation.dependent(),
                                clone,
                                clone.allowed,
                                colocation,
                                ColocatedScores.factor(colocation),
                                ColocatedScores.Mode.ACTIVE_NON_NEGATIVE);
            }
        }
        for (TicketConstraint constraint : clone.tickets) {
            if (constraint.role() == Role.PROMOTED
                    && (!constraint.ticket().granted || constraint.ticket().standby)) {
                Scores.ban(
                        clone,
                        null,
                        "ticket " + constraint.ticket().id + " (" + constraint.id() + ")");
            }
        }
        for (Resource instance : clone.children) {
            NodeScore chosen = instance.location(false);
            if (!instance.managed && instance.nextRole == Role.PROMOTED) {
                instance.sortIndex = Score.INFINITY;
            } else if (chosen == null) {
                instance.sortIndex = -Score.INFINITY;
            } else if (instance.sortIndex >= 0) {
                NodeScore entry = clone.allowed.get(chosen.node);
                if (entry != null) {
                    instance.sortIndex = entry.score;
                }
            }
        }
        StableSort.sort(clone.children, Promotion::compare);
        clone.updatingNodes = false;
    }

    private static int compare(Resource one, Resource other) {
        if (one.sortIndex != other.sortIndex) {
            return Integer.compare(other.sortIndex, one.sortIndex);
        }
        Role role1 = one.state(true);
        Role role2 = other.state(true);
        return role1 != role2 ? role2.compareTo(role1) : Instances.compare(one, other);
    }

    /** True when the instance is promoted. */
    private static boolean setRole(Resource instance, Clone clone, int promoted) {
        NodeScore chosen = instance.location(false);
        ScoreLines.promotion(instance, chosen);
        NodeScore where = null;
        if (instance.sortIndex >= 0 && (promoted < clone.promotedMax || !clone.managed)) {
            where = promotionNode(instance, clone);
        }
        Cluster cluster = clone.cluster;
        boolean frozen =
                instance.role.compareTo(Role.PROMOTED) < 0
                        && !cluster.quorate
                        && cluster.noQuorum == Cluster.NoQuorum.FREEZE;
        if (where == null || frozen) {
            nextUnpromoted(instance);
            return false;
        }
        where.count++;
        nextPromoted(instance);
        return true;
    }

    private static @Nullable NodeScore promotionNode(Resource instance, Clone clone) {
        for (Resource member : instance.children) {
            if (promotionNode(member, clone) == null) {
                return null;
            }
        }
        NodeScore chosen = instance.location(false);
        if (chosen == null) {
            return null;
        }
        if (!instance.managed) {
            if (instance.state(true) != Role.PROMOTED) {
                return null;
            }
        } else if (instance.priority < 0 || !Availability.canRunAsGuest(chosen)) {
            return null;
        }
        NodeScore atClone = clone.allowed.get(chosen.node);
        boolean full =
                atClone != null && atClone.count >= clone.promotedNodeMax && instance.managed;
        return full ? null : atClone;
    }

    private static void nextUnpromoted(Resource resource) {
        resource.nextRole = resource.locations(false).isEmpty() ? Role.STOPPED : Role.UNPROMOTED;
        resource.children.forEach(Promotion::nextUnpromoted);
    }

    private static void nextPromoted(Resource resource) {
        if (resource.nextRole == Role.UNKNOWN) {
            resource.nextRole = Role.PROMOTED;
        }
        resource.children.forEach(Promotion::nextPromoted);
    }
}
