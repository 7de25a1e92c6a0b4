package io.holdfast.daemon.offline;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Location;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.TicketConstraint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads, from a cluster that was decided about, what led to a resource's place. A final score is
 * shown as the scheduler had it; the parts are the constraints, stickiness and failures that the
 * same calculation used. Which share a colocation had in a score is not kept by the scheduler, so
 * colocations are named and not added up.
 */
final class Reasons {
    private Reasons() {}

    static String verdict(Resource resource, Node node) {
        if (resource.assigned != null && resource.assigned.node == node) {
            return "chosen, score " + score(resource, node);
        }
        String state = unavailable(node);
        if (state != null) {
            return "cannot be used: " + state;
        }
        NodeScore entry = entry(resource, node);
        if (entry == null) {
            return "not allowed: no constraint lets it run here";
        }
        return entry.score <= -Score.INFINITY
                ? "not allowed, score -INFINITY"
                : "possible, score " + Score.text(entry.score) + ", but another is preferred";
    }

    private static @Nullable String unavailable(Node node) {
        if (node.unclean) {
            return "it is unclean: what runs there is not known until it is fenced";
        }
        if (!node.online) {
            return "it is offline";
        }
        if (node.standby) {
            return "it is in standby; `holdfast crm node online " + node.name + "` ends that";
        }
        if (node.maintenance) {
            return "it is in maintenance";
        }
        return node.shutdown ? "it is shutting down" : null;
    }

    /** The parts of a node's score that are known, one a line. */
    static List<String> ofScore(Resource resource, Node node) {
        List<String> reasons = new ArrayList<>();
        for (Resource at = resource; at != null; at = at.parent) {
            String whose = at == resource ? "" : " (of " + at.id + ")";
            for (Location location : at.locations) {
                for (NodeScore entry : location.nodes) {
                    if (entry.node == node) {
                        reasons.add("location " + location.id + whose + ": " + signed(entry.score));
                    }
                }
            }
        }
        if (resource.active.contains(node) && resource.stickiness != 0) {
            reasons.add("it runs here, resource-stickiness: " + signed(resource.stickiness));
        }
        for (Cluster.FailedOperation failure : resource.cluster.failed) {
            if (failure.node() == node && failure.resource().equals(resource.id)) {
                reasons.add(
                        "failed here: "
                                + failure.operation().attribute("operation_key", "an operation")
                                + " ended with "
                                + failure.operation().attribute("rc-code", "?")
                                + "; `holdfast crm resource cleanup "
                                + resource.id
                                + "` forgets it");
            }
        }
        return reasons;
    }

    /** Colocations and tickets, which depend on more than the node. */
    static List<String> ofRelations(Resource resource) {
        List<String> reasons = new ArrayList<>();
        for (Resource at = resource; at != null; at = at.parent) {
            for (Colocation colocation : at.thisWith) {
                if (colocation.explicit()) {
                    reasons.add(
                            "colocation "
                                    + colocation.id()
                                    + ": "
                                    + at.id
                                    + (colocation.score() < 0 ? " away from " : " with ")
                                    + colocation.primary().id
                                    + place(colocation.primary())
                                    + ", "
                                    + signed(colocation.score()));
                }
            }
            for (Colocation colocation : at.withThis) {
                if (colocation.explicit() && colocation.influence()) {
                    reasons.add(
                            "colocation "
                                    + colocation.id()
                                    + ": "
                                    + colocation.dependent().id
                                    + " goes by it and has a say, "
                                    + signed(colocation.score()));
                }
            }
            for (TicketConstraint ticket : at.tickets) {
                reasons.add(
                        "ticket "
                                + ticket.ticket().id
                                + " ("
                                + ticket.id()
                                + "): "
                                + (ticket.ticket().standby
                                        ? "in standby"
                                        : ticket.ticket().granted ? "granted" : "not granted"));
            }
            String role = at.meta.get("target-role");
            if (role != null) {
                reasons.add("target-role of " + at.id + ": " + role);
            }
        }
        return reasons;
    }

    /** What would be done with it, each with the reason that the scheduler noted. */
    static List<String> ofActions(Resource resource) {
        List<String> lines = new ArrayList<>();
        for (Action action : resource.actions) {
            boolean isDone = action.is(Action.ADDED_TO_GRAPH) && !action.is(Action.PSEUDO);
            boolean isBlocked = !isDone && !action.isAny(Action.OPTIONAL | Action.RUNNABLE);
            if (action.node != null && (isDone || isBlocked)) {
                lines.add(
                        (isDone ? "would be done: " : "cannot be done: ")
                                + action.task
                                + " on "
                                + action.node.name
                                + (action.reason == null ? "" : ", because: " + action.reason));
            }
        }
        return lines;
    }

    private static String place(Resource primary) {
        return primary.assigned == null ? "" : " (on " + primary.assigned.node.name + ")";
    }

    private static @Nullable NodeScore entry(Resource resource, Node node) {
        for (NodeScore entry : resource.allowed.byName()) {
            if (entry.node == node) {
                return entry;
            }
        }
        return null;
    }

    private static String score(Resource resource, Node node) {
        NodeScore entry = entry(resource, node);
        return entry == null ? "unknown" : Score.text(entry.score);
    }

    private static String signed(int score) {
        return score > 0 ? "+" + Score.text(score) : Score.text(score);
    }
}
