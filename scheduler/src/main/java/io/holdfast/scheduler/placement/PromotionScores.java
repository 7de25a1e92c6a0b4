package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import org.jspecify.annotations.Nullable;

/** What the agents of promotable resources have said about where promotion would be good. */
final class PromotionScores {
    private PromotionScores() {}

    /** Makes instances prefer the nodes on which they could be promoted. */
    static void add(Clone clone) {
        if (clone.promotionScoresAdded) {
            return;
        }
        clone.promotionScoresAdded = true;
        for (Resource instance : clone.children) {
            for (NodeScore entry : instance.allowed) {
                if (!Availability.canRun(entry)) {
                    continue;
                }
                Integer given = of(instance, entry.node);
                int score = given == null ? 0 : given;
                if (score > 0) {
                    int before = entry.score;
                    entry.score = Score.add(before, score);
                    Shares.note(instance, "promotion score", entry.node, before, entry.score);
                }
                instance.priority = Math.max(instance.priority, score);
            }
        }
    }

    /** The promotion score of an instance on a node (a group's: the sum); null when none is set. */
    static @Nullable Integer of(Resource instance, Node node) {
        if (!instance.children.isEmpty()) {
            int sum = 0;
            boolean any = false;
            for (Resource member : instance.children) {
                Integer one = of(member, node);
                if (one != null) {
                    any = true;
                    sum += one;
                }
            }
            return any ? sum : null;
        }
        if (!applies(instance, node)) {
            return null;
        }
        String known = instance.historyId == null ? instance.id : instance.historyId;
        String value = attribute(instance, node, known);
        if (value == null && !instance.unique) {
            String stripped = Keys.withoutInstance(instance.id);
            if (!stripped.equals(instance.id)) {
                value = attribute(instance, node, stripped);
            }
        }
        return value == null ? null : Score.parse(value);
    }

    private static @Nullable String attribute(Resource instance, Node node, String name) {
        return NodeAttributes.value(node, "master-" + name, instance, false, instance.unassigned);
    }

    private static boolean applies(Resource instance, Node node) {
        if (!instance.unique) {
            String id = Keys.withoutInstance(instance.id);
            Resource parent = instance.top();
            Resource active = activeOn(parent, id, node);
            if (active == instance || (active == null && isKnownOn(parent, id, node))) {
                return isAllowed(instance, node);
            }
        }
        boolean unknown = instance.active.isEmpty() && instance.probed.isEmpty();
        if (unknown || instance.probed.has(node) || instance.active.contains(node)) {
            return isAllowed(instance, node);
        }
        return false;
    }

    private static boolean isAllowed(Resource instance, Node node) {
        NodeScore entry = instance.allowed.get(node);
        return entry != null && entry.score >= 0;
    }

    private static @Nullable Resource activeOn(Resource clone, String id, Node node) {
        for (Resource child : clone.children) {
            Resource found = findActive(child, id, node);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Resource findActive(Resource at, String id, Node node) {
        if (at.children.isEmpty()) {
            return Keys.withoutInstance(at.id).equals(id) && at.active.contains(node) ? at : null;
        }
        for (Resource child : at.children) {
            Resource found = findActive(child, id, node);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean isKnownOn(Resource clone, String id, Node node) {
        for (Resource child : clone.children) {
            Resource instance = child.children.isEmpty() ? child : member(child, id);
            if (instance != null && instance.probed.has(node)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Resource member(Resource group, String id) {
        for (Resource member : group.children) {
            if (Keys.withoutInstance(member.id).equals(id)) {
                return member;
            }
        }
        return null;
    }
}
