package io.holdfast.scheduler.explain;

import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.explain.Explanation.Part;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Share;
import io.holdfast.scheduler.model.TicketConstraint;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the reasons of a decision from the cluster that {@link Scheduler} decided about, with
 * {@link Cluster#collectShares} set: nothing is calculated a second time.
 */
public final class Explain {
    private final ZoneId zone;

    private Explain(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * Explains every primitive that is the resource or inside it; empty when there is none.
     *
     * @param decided the cluster after {@link Scheduler#schedule(Cluster)}
     * @param zone in which times are told
     */
    public static List<Explanation> resource(Cluster decided, String name, ZoneId zone) {
        List<Explanation> all = new ArrayList<>();
        Explain explain = new Explain(zone);
        decided.resources.forEach(resource -> explain.collect(resource, name, false, all));
        return all;
    }

    private void collect(Resource resource, String name, boolean inside, List<Explanation> all) {
        boolean named =
                inside
                        || resource.id.equals(name)
                        || resource.xml.id().equals(name)
                        || name.equals(resource.historyId);
        if (named && resource.isPrimitive()) {
            all.add(explain(resource));
        }
        resource.children.forEach(child -> collect(child, name, named, all));
    }

    private Explanation explain(Resource resource) {
        List<Explanation.NodeScore> nodes = new ArrayList<>();
        for (Node node : resource.cluster.nodes) {
            if (isBesideThePoint(resource, node)) {
                continue;
            }
            NodeScore entry = resource.allowed.get(node);
            nodes.add(
                    new Explanation.NodeScore(
                            node.name,
                            Verdict.of(resource, node),
                            entry == null ? null : Score.text(entry.score),
                            parts(resource, node),
                            PastFailures.of(resource, node, zone)));
        }
        return new Explanation(
                resource.id,
                resource.role.text(),
                resource.active.stream().map(node -> node.name).toList(),
                resource.failed,
                resource.assigned == null ? null : resource.assigned.node.name,
                resource.nextRole.text(),
                general(resource),
                actions(resource),
                nodes,
                relations(resource),
                WhatMoves.of(resource));
    }

    /** Whether it is the inside of some other container. */
    static boolean isBesideThePoint(Resource resource, Node node) {
        return node.isBundleNode() && !resource.allowed.has(node);
    }

    private static List<Part> parts(Resource resource, Node node) {
        List<Part> parts = new ArrayList<>();
        for (Share share : resource.shares) {
            if (share.node() == node) {
                parts.add(new Part(share.source(), Score.text(share.added())));
            }
        }
        return parts;
    }

    private static List<String> general(Resource resource) {
        List<String> lines = new ArrayList<>();
        if (!resource.managed) {
            lines.add("the cluster leaves it alone: it is unmanaged");
        }
        if (resource.blocked) {
            lines.add("it is blocked by a failure that the cluster cannot recover from");
        }
        if (!resource.cluster.quorate) {
            lines.add("the cluster has no quorum");
        }
        for (Resource at = resource; at != null; at = at.parent) {
            String role = at.meta.get("target-role");
            if (role != null) {
                lines.add("target-role of " + at.id + ": " + role);
            }
            for (TicketConstraint need : at.tickets) {
                lines.add(
                        "ticket "
                                + need.ticket().id
                                + " ("
                                + need.id()
                                + "): "
                                + (need.ticket().standby
                                        ? "in standby"
                                        : need.ticket().granted ? "granted" : "not granted"));
            }
        }
        return lines;
    }

    /** What would be done with it, each with the reason that the scheduler noted. */
    private static List<String> actions(Resource resource) {
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

    private static List<String> relations(Resource resource) {
        List<String> lines = new ArrayList<>();
        for (Resource at = resource; at != null; at = at.parent) {
            for (Colocation colocation : at.thisWith) {
                if (colocation.explicit()) {
                    lines.add(
                            relation(colocation, at)
                                    + (colocation.score() < 0 ? " away from " : " with ")
                                    + colocation.primary().id
                                    + place(colocation)
                                    + ", "
                                    + Score.text(colocation.score()));
                }
            }
            for (Colocation colocation : at.withThis) {
                if (colocation.explicit()) {
                    lines.add(
                            relation(colocation, colocation.dependent())
                                    + (colocation.score() < 0 ? " away from " : " with ")
                                    + at.id
                                    + ", "
                                    + Score.text(colocation.score())
                                    + (colocation.influence() ? "; it has a say" : ""));
                }
            }
        }
        return lines;
    }

    private static String relation(Colocation colocation, Resource dependent) {
        return "colocation " + colocation.id() + ": " + dependent.id;
    }

    /** Where a primary will be, in the role that is asked for. */
    private static String place(Colocation colocation) {
        Role role = colocation.primaryRole();
        Set<String> nodes = new TreeSet<>();
        places(colocation.primary(), role, nodes);
        String asked = role == Role.UNKNOWN ? "" : role.text() + " ";
        return nodes.isEmpty()
                ? " (" + asked + "nowhere)"
                : " (" + asked + "on " + String.join(", ", nodes) + ")";
    }

    private static void places(Resource resource, Role role, Set<String> nodes) {
        NodeScore assigned = resource.assigned;
        if (assigned != null && (role == Role.UNKNOWN || resource.nextRole == role)) {
            nodes.add(assigned.node.name);
        }
        resource.children.forEach(child -> places(child, role, nodes));
    }
}
