package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What resources prefer counts, weakened, for those they are colocated with. */
final class ColocatedScores {
    /** How scores are taken over. */
    record Mode(boolean thisWith, boolean nonNegative, boolean active) {
        static final Mode PLAIN = new Mode(false, false, false);
        static final Mode NON_NEGATIVE = new Mode(false, true, false);
        static final Mode ACTIVE = new Mode(false, false, true);
        static final Mode ACTIVE_NON_NEGATIVE = new Mode(false, true, true);
        static final Mode THIS_WITH = new Mode(true, false, false);

        Mode activated() {
            return new Mode(thisWith, nonNegative, true);
        }
    }

    /** Marks a node that would have become negative. */
    private static final int UNUSABLE = -100 * Score.INFINITY;

    private ColocatedScores() {}

    /** Adds what the dependent of a colocation prefers to the nodes of the primary. */
    static void addDependentScores(Colocation colocation, Resource target) {
        if (!Colocations.hasInfluence(colocation)) {
            return;
        }
        Mode mode = target.isClone() ? Mode.ACTIVE_NON_NEGATIVE : Mode.ACTIVE;
        target.allowed =
                add(
                        colocation.dependent(),
                        target,
                        target.allowed,
                        colocation,
                        factor(colocation),
                        mode);
    }

    static float factor(Colocation colocation) {
        return colocation.score() / (float) Score.INFINITY;
    }

    /** The table with the scores of a source, and of what is colocated with it, added. */
    static NodeTable add(
            Resource source,
            Resource target,
            NodeTable nodes,
            Colocation colocation,
            float factor,
            Mode mode) {
        if (source.updatingNodes) {
            return nodes;
        }
        if (source instanceof Group group) {
            group.updatingNodes = true;
            NodeTable result =
                    group.children.isEmpty()
                            ? nodes
                            : add(
                                    group.children.getFirst(),
                                    target,
                                    nodes,
                                    colocation,
                                    factor,
                                    mode);
            group.updatingNodes = false;
            return result;
        }
        source.updatingNodes = true;
        NodeTable work = nodes.copy();
        addMatching(work, source, target, colocation, factor, mode.nonNegative());
        NodeTable result = spread(source, target, work, factor, mode);
        source.updatingNodes = false;
        return result == null ? nodes : result;
    }

    /** A resource's own table with the scores of what it is colocated with added. */
    static NodeTable ofPrimaries(Resource source) {
        if (source.updatingNodes) {
            return source.allowed.copy();
        }
        source.updatingNodes = true;
        Resource asked = source;
        if (source instanceof Group group && group.lastMember() != null) {
            asked = group.lastMember();
        }
        NodeTable work = asked.allowed.copy();
        if (asked != source) {
            asked.updatingNodes = true;
        }
        NodeTable result = spread(asked, asked, work, 1, Mode.THIS_WITH);
        asked.updatingNodes = false;
        source.updatingNodes = false;
        return result == null ? work : result;
    }

    private static @Nullable NodeTable spread(
            Resource source, Resource target, NodeTable from, float factor, Mode mode) {
        NodeTable work = from;
        if (Availability.anyOpen(work)) {
            Mode next = mode.activated();
            List<Colocation> more =
                    mode.thisWith() ? Colocations.thisWith(source) : Colocations.withThis(source);
            for (Colocation colocation : more) {
                if (!mode.thisWith() && !Colocations.hasInfluence(colocation)) {
                    continue;
                }
                Resource other = mode.thisWith() ? colocation.primary() : colocation.dependent();
                float weakened = factor * colocation.score() / (float) Score.INFINITY;
                work = add(other, target, work, colocation, weakened, next);
            }
        } else if (mode.active()) {
            return null;
        }
        if (mode.nonNegative()) {
            for (NodeScore entry : work) {
                if (entry.score == UNUSABLE) {
                    entry.score = 1;
                }
            }
        }
        return work;
    }

    private static void addMatching(
            NodeTable nodes,
            Resource source,
            Resource target,
            Colocation colocation,
            float factor,
            boolean onlyPositive) {
        String attribute = colocation.nodeAttribute();
        NodeTable own = ownTable(source, colocation);
        for (NodeScore entry : nodes) {
            String value = NodeAttributes.forColocation(entry.node, attribute, target);
            int score = bestMatching(own, source, attribute, value);
            if (factor < 0 && score < 0 && ignoresDoubleNegative(colocation, score)) {
                continue;
            }
            if (entry.score == UNUSABLE) {
                continue;
            }
            int sum = Score.add(weakened(factor, score), entry.score);
            if (onlyPositive && sum < 0 && entry.score > 0) {
                entry.score = UNUSABLE;
            } else if (!(onlyPositive && sum < 0 && entry.score == 0)) {
                entry.score = sum;
            }
        }
    }

    /** That a dependent avoids a node should draw the primary there only in an emergency. */
    private static boolean ignoresDoubleNegative(Colocation colocation, int score) {
        return colocation.primary().stickiness >= -score
                || !Colocations.hasInfluence(colocation)
                || !isAllowedOnOne(colocation.dependent());
    }

    private static boolean isAllowedOnOne(Resource resource) {
        int count = 0;
        for (NodeScore entry : resource.allowed) {
            if (entry.score >= 0) {
                count++;
            }
        }
        return count == 1;
    }

    private static int weakened(float factor, int score) {
        float exact = factor * score;
        int rounded = (int) (exact < 0 ? exact - 0.5 : exact + 0.5);
        if (rounded == 0 && score != 0) {
            return factor > 0 ? 1 : factor < 0 ? -1 : 0;
        }
        return rounded;
    }

    /**
     * What a resource thinks of nodes. Locations of a group count once, with its first member; a
     * later member that a constraint names brings them along here.
     */
    private static NodeTable ownTable(Resource source, Colocation colocation) {
        boolean laterMember =
                source == colocation.dependent()
                        && colocation.explicit()
                        && source.parent instanceof Group group
                        && source != group.children.getFirst();
        return laterMember ? Locations.withThoseOfGroup(source) : source.allowed;
    }

    private static int bestMatching(
            NodeTable own, Resource source, String attribute, @Nullable String value) {
        int best = -Score.INFINITY;
        for (NodeScore entry : own) {
            if (entry.score > best && Availability.canRun(entry)) {
                String other = NodeAttributes.forColocation(entry.node, attribute, source);
                if (value == null ? other == null : value.equalsIgnoreCase(other)) {
                    best = entry.score;
                }
            }
        }
        return best;
    }
}
