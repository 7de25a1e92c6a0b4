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
     * @param then the same afterwards
     * @param deeds what is done meanwhile
     * @param lostAtOnce whether the event itself takes it away
     */
    @Nullable String compare(@Nullable Service then, Deeds deeds, boolean lostAtOnce) {
        NavigableSet<String> to = then == null ? new TreeSet<>() : then.nodes;
        NavigableSet<String> primary = then == null ? new TreeSet<>() : then.promoted;
        if (nodes.isEmpty()) {
            return to.isEmpty() ? null : "starts to work on " + list(to) + at(deeds);
        }
        if (to.isEmpty()) {
            return "interrupted on " + list(nodes) + since(deeds, lostAtOnce) + ", and stays down";
        }
        if (!promoted.isEmpty() && !primary.equals(promoted)) {
            return "promoted on "
                    + list(promoted)
                    + ", then "
                    + (primary.isEmpty() ? "nowhere" : "on " + list(primary))
                    + duration(deeds, lostAtOnce);
        }
        if (copies && !to.equals(nodes)) {
            return "works on " + list(nodes) + ", then on " + list(to);
        }
        if (deeds.isMigrated(id)) {
            return "moves from " + list(nodes) + " to " + list(to) + " without an interruption";
        }
        if (lostAtOnce || deeds.firstLoss(id) > 0) {
            return to.equals(nodes)
                    ? "interrupted, then works on "
                            + list(to)
                            + " again"
                            + duration(deeds, lostAtOnce)
                    : "interrupted on "
                            + list(nodes)
                            + ", then on "
                            + list(to)
                            + duration(deeds, lostAtOnce);
        }
        return null;
    }

    private static String list(NavigableSet<String> names) {
        return String.join(", ", names);
    }

    private String at(Deeds deeds) {
        return deeds.lastGain(id) == 0 ? "" : " at step " + deeds.lastGain(id);
    }

    private String since(Deeds deeds, boolean lostAtOnce) {
        return lostAtOnce ? " at once" : " from step " + deeds.firstLoss(id);
    }

    /** From when to when, and how many steps that is. */
    private String duration(Deeds deeds, boolean lostAtOnce) {
        int gone = lostAtOnce ? 0 : deeds.firstLoss(id);
        int back = deeds.lastGain(id);
        if (back <= gone) {
            return "";
        }
        int steps = back - gone;
        return " (down "
                + (lostAtOnce ? "at once" : "from step " + gone)
                + " until step "
                + back
                + " is done: "
                + steps
                + (steps == 1 ? " step)" : " steps)");
    }
}
