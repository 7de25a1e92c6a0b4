package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Colocation;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nodes can carry, and what resources take of it. */
final class Utilization {
    private Utilization() {}

    /** Negative when the first node has more room. */
    static int compareCapacity(Node one, Node other) {
        int result = 0;
        for (Map.Entry<String, String> capacity : one.utilization.entrySet()) {
            result +=
                    Integer.compare(
                            value(other.utilization.get(capacity.getKey())),
                            value(capacity.getValue()));
        }
        for (Map.Entry<String, String> capacity : other.utilization.entrySet()) {
            if (!one.utilization.containsKey(capacity.getKey())) {
                result += Integer.compare(value(capacity.getValue()), 0);
            }
        }
        return result;
    }

    private static int value(@Nullable String text) {
        return Values.integer(text, 0);
    }

    static void consume(Node node, Resource resource) {
        resource.utilization.forEach(
                (name, value) -> {
                    String before = node.utilization.get(name);
                    int rest = before == null ? 0 : value(before) - value(value);
                    node.utilization.put(name, Integer.toString(rest));
                });
    }

    static void release(Node node, Resource resource) {
        add(node.utilization, resource);
    }

    private static void add(Map<String, String> sum, Resource resource) {
        resource.utilization.forEach(
                (name, value) ->
                        sum.put(name, Integer.toString(value(sum.get(name)) + value(value))));
    }

    /**
     * Bans a resource from nodes too small for it and all that has to be with it. When no node is
     * large enough for all of that, from those too small for itself; then the roomiest is returned.
     */
    static @Nullable Node banInsufficient(Resource resource) {
        if (resource.cluster.placementStrategy.equals("default")) {
            return null;
        }
        List<Resource> together = new ArrayList<>();
        collect(resource, resource, together);
        if (!together.contains(resource)) {
            together.add(resource);
        }
        Map<String, String> needed = new LinkedHashMap<>();
        for (Resource each : together) {
            addNeeds(each, together, needed);
        }
        boolean anyCapable = false;
        Node roomiest = null;
        for (NodeScore entry : resource.allowed) {
            if (!Availability.isOpen(entry)) {
                continue;
            }
            anyCapable |= fits(entry.node, needed);
            if (roomiest == null || compareCapacity(entry.node, roomiest) < 0) {
                roomiest = entry.node;
            }
        }
        for (NodeScore entry : resource.allowed) {
            if (Availability.isOpen(entry)
                    && !fits(entry.node, anyCapable ? needed : resource.utilization)) {
                Scores.ban(resource, entry.node, "the node has too little left of what it needs");
            }
        }
        return anyCapable ? null : roomiest;
    }

    private static boolean fits(Node node, Map<String, String> needed) {
        for (Map.Entry<String, String> need : needed.entrySet()) {
            if (value(need.getValue()) > value(node.utilization.get(need.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** All that has to be where a resource is. */
    private static void collect(Resource resource, Resource origin, List<Resource> found) {
        if (resource instanceof Group group && !group.children.isEmpty()) {
            boolean cloned = group.parent != null && group.parent.isClone();
            if (group.colocated || cloned) {
                if (!found.contains(group)) {
                    found.add(group);
                    for (Resource member : group.children) {
                        collect(member, origin, found);
                    }
                }
                return;
            }
        }
        if (found.contains(resource)) {
            return;
        }
        found.add(resource);
        for (Colocation colocation : Colocations.thisWith(resource)) {
            Resource primary = colocation.primary();
            if (primary != origin && isMandatory(resource, primary, colocation)) {
                collect(primary, origin, found);
            }
        }
        for (Colocation colocation : Colocations.withThis(resource)) {
            Resource dependent = colocation.dependent();
            if (dependent != origin
                    && !(resource.isClone() && !dependent.isClone())
                    && isMandatory(dependent, resource, colocation)) {
                collect(dependent, origin, found);
            }
        }
    }

    private static boolean isMandatory(
            Resource dependent, Resource primary, Colocation colocation) {
        return colocation.score() == Score.INFINITY
                && ColocationEffects.affects(dependent, primary, colocation, true)
                        == ColocationEffects.Affects.LOCATION;
    }

    private static void addNeeds(
            Resource resource, List<Resource> together, Map<String, String> needed) {
        if (!resource.unassigned) {
            return;
        }
        switch (resource) {
            case Primitive primitive -> add(needed, primitive);
            case Group group -> {
                boolean all = group.colocated || (group.parent != null && group.parent.isClone());
                for (Resource member : group.children) {
                    if (member.unassigned && !together.contains(member)) {
                        addNeeds(member, together, needed);
                    }
                    if (!all) {
                        return;
                    }
                }
            }
            case Clone clone -> addCloneNeeds(clone, together, needed);
            case Bundle bundle -> {
                List<Resource> containers = bundle.containers();
                if (!containers.isEmpty()) {
                    addNeeds(containers.getFirst(), together, needed);
                }
            }
        }
    }

    private static void addCloneNeeds(
            Clone clone, List<Resource> together, Map<String, String> needed) {
        boolean existing = false;
        for (Resource instance : clone.children) {
            if (together.contains(instance)) {
                existing = true;
                continue;
            }
            for (Resource member : instance.children) {
                if (together.contains(member)) {
                    addNeeds(instance, together, needed);
                    existing = true;
                    break;
                }
            }
        }
        if (!existing && !clone.children.isEmpty()) {
            addNeeds(clone.children.getFirst(), together, needed);
        }
    }
}
