package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.Transition.Placement;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells of every primitive where it is, where it will be, and by which scores. */
public final class Placements {
    private Placements() {}

    public static List<Placement> of(Cluster cluster) {
        List<Placement> all = new ArrayList<>();
        for (Resource resource : cluster.resources) {
            add(resource, all);
        }
        return all;
    }

    private static void add(Resource resource, List<Placement> all) {
        if (resource.isPrimitive()) {
            Map<String, Integer> scores = new LinkedHashMap<>();
            for (NodeScore entry : resource.allowed.byName()) {
                scores.put(entry.node.name, entry.score);
            }
            all.add(
                    new Placement(
                            resource.id,
                            resource.active.stream().map(node -> node.name).toList(),
                            resource.role.text(),
                            resource.assigned == null ? null : resource.assigned.node.name,
                            resource.nextRole.text(),
                            scores));
        }
        for (Resource child : resource.children) {
            add(child, all);
        }
    }
}
