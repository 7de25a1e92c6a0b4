package io.holdfast.daemon.offline;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A primitive, or all copies of an anonymous clone's, and where it works. Which copy has which
 * number says nothing to users and changes from one calculation to the next.
 *
 * @param copies whether several run at a time
 * @param promoted where it is promoted; empty for what knows no roles
 */
record Service(
        String id, boolean copies, NavigableSet<String> nodes, NavigableSet<String> promoted) {

    /** Everything that works somewhere or could, by id, in the order of the configuration. */
    static Map<String, Service> of(Cluster cluster) {
        Map<String, Service> services = new LinkedHashMap<>();
        cluster.resources.forEach(resource -> add(resource, services));
        return services;
    }

    private static void add(Resource resource, Map<String, Service> services) {
        resource.children.forEach(child -> add(child, services));
        if (!resource.isPrimitive()) {
            return;
        }
        boolean copies = resource.top().isClone() && !resource.unique;
        String id = copies ? resource.xml.id() : resource.id;
        Service service =
                services.computeIfAbsent(
                        id, key -> new Service(key, copies, new TreeSet<>(), new TreeSet<>()));
        resource.active.forEach(node -> service.nodes.add(node.name));
        if (resource.role == Role.PROMOTED) {
            resource.active.forEach(node -> service.promoted.add(node.name));
        }
    }

    /**
     * What becomes of it, in words; null when its users notice nothing.
     *
     * @param touched whether it was stopped or lost in between
     */
    @Nullable String compare(@Nullable Service then, boolean touched) {
        NavigableSet<String> to = then == null ? new TreeSet<>() : then.nodes;
        NavigableSet<String> primary = then == null ? new TreeSet<>() : then.promoted;
        if (nodes.isEmpty()) {
            return null;
        }
        if (!promoted.isEmpty() && !primary.equals(promoted)) {
            return "promoted on "
                    + String.join(", ", promoted)
                    + ", then "
                    + (primary.isEmpty() ? "nowhere" : "on " + String.join(", ", primary));
        }
        if (to.isEmpty()) {
            return "interrupted on " + String.join(", ", nodes) + ", and stays down";
        }
        if (!to.equals(nodes)) {
            return (copies ? "works on " : "interrupted on ")
                    + String.join(", ", nodes)
                    + ", then on "
                    + String.join(", ", to);
        }
        return touched ? "interrupted, then works on " + String.join(", ", to) + " again" : null;
    }
}
