package io.holdfast.scheduler.explain;

import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.explain.Explanation.NodeReasons;
import io.holdfast.scheduler.explain.Explanation.Reason;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Location;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.placement.Availability;
import io.holdfast.scheduler.unpack.FailCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the reasons of a decision from the cluster that {@link Scheduler} decided about. */
public final class Explain {
    private Explain() {}

    /**
     * Explains every primitive that is the resource or inside it.
     *
     * @param decided the cluster after {@link Scheduler#schedule(Cluster)}
     */
    public static List<Explanation> resource(Cluster decided, String name) {
        List<Explanation> all = new ArrayList<>();
        decided.resources.forEach(resource -> collect(resource, name, false, all));
        return all;
    }

    private static void collect(
            Resource resource, String name, boolean inside, List<Explanation> all) {
        boolean named = inside || resource.id.equals(name) || name.equals(resource.historyId);
        if (named && resource.isPrimitive()) {
            all.add(explain(resource));
        }
        resource.children.forEach(child -> collect(child, name, named, all));
    }

    private static Explanation explain(Resource resource) {
        Map<String, NodeReasons> nodes = new TreeMap<>();
        for (NodeScore entry : resource.allowed.byName()) {
            nodes.put(
                    entry.node.name,
                    new NodeReasons(
                            entry.node.name,
                            Score.text(entry.score),
                            Availability.canRun(entry.node),
                            reasons(resource, entry.node)));
        }
        Node target = resource.assigned == null ? null : resource.assigned.node;
        return new Explanation(
                resource.id,
                resource.active.stream().map(node -> node.name).toList(),
                target == null ? null : target.name,
                resource.nextRole.text(),
                general(resource),
                List.copyOf(nodes.values()),
                wouldMove(resource, target));
    }

    private static List<String> general(Resource resource) {
        List<String> lines = new ArrayList<>();
        if (!resource.managed) {
            lines.add("the cluster leaves it alone: it is not managed");
        }
        if (resource.blocked) {
            lines.add("it is blocked by a failure that the cluster cannot recover from");
        }
        for (Resource at = resource; at != null; at = at.parent) {
            String role = at.meta.get("target-role");
            if (role != null && Role.STOPPED.text().equalsIgnoreCase(role)) {
                lines.add("target-role of " + at.id + " is " + role);
                break;
            }
        }
        if (!resource.cluster.quorate) {
            lines.add("the cluster has no quorum");
        }
        return lines;
    }

    private static List<Reason> reasons(Resource resource, Node node) {
        List<Reason> reasons = new ArrayList<>();
        state(node, reasons);
        if (resource.stickiness != 0 && resource.active.contains(node)) {
            reasons.add(
                    reason("it runs here, and stays (resource-stickiness)", resource.stickiness));
        }
        failures(resource, node, reasons);
        for (Resource at = resource; at != null; at = at.parent) {
            for (Location location : at.locations) {
                for (NodeScore entry : location.nodes) {
                    if (entry.node == node) {
                        reasons.add(
                                reason("location " + location.id + of(at, resource), entry.score));
                    }
                }
            }
            colocations(at, resource, node, reasons);
        }
        return reasons;
    }

    private static String of(Resource owner, Resource resource) {
        return owner == resource ? "" : " of " + owner.id;
    }

    private static void state(Node node, List<Reason> reasons) {
        if (!node.online) {
            reasons.add(new Reason("the node is offline", ""));
        }
        if (node.unclean) {
            reasons.add(new Reason("the node is unclean: it must be fenced first", ""));
        }
        if (node.standby) {
            reasons.add(new Reason("the node is in standby", ""));
        }
        if (node.maintenance) {
            reasons.add(new Reason("the node is in maintenance", ""));
        }
        if (node.shutdown) {
            reasons.add(new Reason("the node is shutting down", ""));
        }
    }

    private static void failures(Resource resource, Node node, List<Reason> reasons) {
        int failures = FailCounts.effective(node, resource);
        if (failures > 0) {
            boolean bans = failures >= resource.migrationThreshold;
            reasons.add(
                    new Reason(
                            "it failed "
                                    + Score.text(failures)
                                    + " times here, migration-threshold is "
                                    + Score.text(resource.migrationThreshold),
                            bans ? Score.text(-Score.INFINITY) : ""));
        }
    }

    private static void colocations(
            Resource owner, Resource resource, Node node, List<Reason> reasons) {
        for (Colocation colocation : owner.thisWith) {
            String place = place(colocation.primary(), colocation.primaryRole(), node);
            if (place != null) {
                reasons.add(
                        reason(
                                "colocation "
                                        + colocation.id()
                                        + of(owner, resource)
                                        + ": "
                                        + place,
                                colocation.score()));
            }
        }
        for (Colocation colocation : owner.withThis) {
            String place = place(colocation.dependent(), colocation.dependentRole(), node);
            if (place != null && colocation.influence()) {
                reasons.add(
                        reason(
                                "colocation "
                                        + colocation.id()
                                        + of(owner, resource)
                                        + " wants it with "
                                        + colocation.dependent().id,
                                colocation.score()));
            }
        }
    }

    /** How another resource will be on a node, when it will be there. */
    private static @Nullable String place(Resource other, Role role, Node node) {
        if (other.isPrimitive()) {
            boolean here = other.assigned != null && other.assigned.node == node;
            boolean inRole = role.above(Role.STARTED) ? other.nextRole == role : true;
            return here && inRole ? other.id + " will be " + other.nextRole.text() + " here" : null;
        }
        for (Resource child : other.children) {
            String place = place(child, role, node);
            if (place != null) {
                return place;
            }
        }
        return null;
    }

    private static String wouldMove(Resource resource, @Nullable Node target) {
        NodeScore here = null;
        NodeScore next = null;
        for (NodeScore entry : resource.allowed.byName()) {
            if (entry.node == target) {
                here = entry;
            } else if (Availability.isOpen(entry) && (next == null || entry.score > next.score)) {
                next = entry;
            }
        }
        if (next == null) {
            return "No other node can run it.";
        }
        if (here == null) {
            return "It could run on " + next.node.name + ".";
        }
        if (here.score >= Score.INFINITY) {
            return "It is bound to "
                    + here.node.name
                    + "; were that node gone, it would go to "
                    + next.node.name
                    + ".";
        }
        int gap = here.score - next.score + 1;
        return "A score greater by " + gap + " would bring it to " + next.node.name + ".";
    }

    private static Reason reason(String source, int score) {
        return new Reason(source, Score.text(score));
    }
}
