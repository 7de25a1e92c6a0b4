package io.holdfast.scheduler.text;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state of a cluster as the tools print it: its nodes, then its resources. */
public final class StatusText {
    private final List<String> lines;

    private StatusText(List<String> lines) {
        this.lines = lines;
    }

    /** The lines of the status, the title first. */
    public static List<String> of(Cluster cluster, String title) {
        List<String> lines = new ArrayList<>();
        lines.add(title + ":");
        StatusText text = new StatusText(lines);
        NodeText.add(cluster, lines);
        lines.add("");
        text.line(1, "Full List of Resources:");
        for (Resource resource : cluster.resources) {
            if (!resource.removed || resource.isActive(true)) {
                text.resource(resource, 2);
            }
        }
        return lines;
    }

    private void line(int depth, String text) {
        lines.add("  ".repeat(depth) + "* " + text);
    }

    private void resource(Resource resource, int depth) {
        switch (resource) {
            case Primitive primitive -> {
                if (!Values.isTrue(primitive.meta.get("internal_rsc"))) {
                    line(depth, PrimitiveText.of(primitive, printableId(primitive), null));
                }
            }
            case Group group -> group(group, depth);
            case Clone clone -> clone(clone, depth);
            case Bundle bundle -> bundle(bundle, depth);
        }
    }

    static String printableId(Resource resource) {
        return resource.unique ? resource.id : resource.xml.id();
    }

    private static @Nullable Role configuredRole(Resource resource) {
        String role = resource.meta.get("target-role");
        return role == null ? null : Role.parse(role);
    }

    /** Whether a resource is not to run, or not to be promoted. */
    static boolean isDisabled(Resource resource) {
        Role role = configuredRole(resource);
        return role == Role.STOPPED || (role == Role.UNPROMOTED && resource.top().promotable);
    }

    private static void addManagement(Resource resource, List<String> flags) {
        if (resource.maintenance) {
            flags.add("maintenance");
        } else if (!resource.managed) {
            flags.add("unmanaged");
        }
    }

    private static String flags(List<String> flags) {
        return flags.isEmpty() ? "" : " (" + String.join(", ", flags) + ")";
    }

    private void group(Group group, int depth) {
        List<String> flags = new ArrayList<>();
        if (isDisabled(group)) {
            flags.add("disabled");
        }
        addManagement(group, flags);
        line(depth, "Resource Group: " + group.id + flags(flags) + ":");
        for (Resource member : group.children) {
            resource(member, depth + 1);
        }
    }

    private void clone(Clone clone, int depth) {
        List<String> flags = new ArrayList<>();
        if (clone.promotable) {
            flags.add("promotable");
        }
        if (clone.unique) {
            flags.add("unique");
        }
        if (isDisabled(clone)) {
            flags.add("disabled");
        }
        addManagement(clone, flags);
        String inner = clone.instanceXml == null ? "" : clone.instanceXml.id();
        line(depth, "Clone Set: " + clone.id + " [" + inner + "]" + flags(flags) + ":");
        List<Node> promoted = new ArrayList<>();
        List<Node> started = new ArrayList<>();
        Map<String, String> stopped = new LinkedHashMap<>();
        for (Resource instance : clone.children) {
            if (isShownAlone(clone, instance, promoted, started, stopped)) {
                resource(instance, depth + 1);
            }
        }
        nodes(depth + 1, "Promoted", promoted);
        nodes(
                depth + 1,
                !clone.promotable
                        ? "Started"
                        : role(clone) == Role.UNPROMOTED
                                ? "Unpromoted (target-role)"
                                : "Unpromoted",
                started);
        if (!clone.unique && clone.cloneMax > promoted.size() + started.size()) {
            stopped.clear();
            stoppedNodes(clone, stopped);
        }
        TreeMap<String, List<String>> byState = new TreeMap<>();
        stopped.forEach(
                (name, state) ->
                        byState.computeIfAbsent(state, key -> new ArrayList<>()).add(name));
        byState.forEach(
                (state, names) -> {
                    names.sort(Values.NUMERIC_NAMES);
                    line(depth + 1, state + ": [ " + String.join(" ", names) + " ]");
                });
    }

    private void nodes(int depth, String title, List<Node> nodes) {
        if (!nodes.isEmpty()) {
            line(depth, title + ": [ " + NodeText.names(nodes) + " ]");
        }
    }

    private static @Nullable Role role(Clone clone) {
        Role own = configuredRole(clone);
        return own != null || clone.children.isEmpty()
                ? own
                : configuredRole(clone.children.getFirst());
    }

    /** Whether an instance gets lines of its own; else it is noted in one of the lists. */
    private static boolean isShownAlone(
            Clone clone,
            Resource instance,
            List<Node> promoted,
            List<Node> started,
            Map<String, String> stopped) {
        boolean partly = instance.isActive(false);
        if (clone.unique) {
            return partly || !clone.removed;
        }
        if (instance.pendingAction != null && !instance.pendingAction.equals("probe")) {
            return true;
        }
        if (!partly) {
            if (!instance.removed) {
                stopped.put(instance.id, "Stopped");
            }
            return false;
        }
        if (instance.anyInTree(each -> each.removed)
                || !instance.allInTree(each -> each.managed)
                || instance.anyInTree(each -> each.failed)
                || !instance.isActive(true)) {
            return true;
        }
        NodeScore location = instance.location(true);
        if (location == null || (!location.node.online && location.node.unclean)) {
            return true;
        }
        if (instance.state(true).above(Role.UNPROMOTED)) {
            promoted.add(location.node);
        } else {
            started.add(location.node);
        }
        return false;
    }

    private static void stoppedNodes(Clone clone, Map<String, String> stopped) {
        NodeTable table = clone.allowed.isEmpty() ? clone.probed : clone.allowed;
        for (NodeScore entry : table.byName()) {
            if (clone.active.contains(entry.node)) {
                continue;
            }
            String failure = PrimitiveText.failedProbe(clone, entry.node.name);
            String state =
                    failure != null
                            ? "Stopped (" + failure + ")"
                            : role(clone) == Role.STOPPED ? "Stopped (disabled)" : "Stopped";
            stopped.put(entry.node.name, state);
        }
    }

    private void bundle(Bundle bundle, int depth) {
        String flags =
                (bundle.unique ? " (unique)" : "")
                        + (bundle.maintenance
                                ? " (maintenance)"
                                : bundle.managed ? "" : " (unmanaged)");
        line(
                depth,
                "Container bundle"
                        + (bundle.replicaCount > 1 ? " set" : "")
                        + ": "
                        + bundle.id
                        + " ["
                        + bundle.image
                        + "]"
                        + flags
                        + ":");
        for (Bundle.Replica replica : bundle.replicas) {
            Resource container = replica.container;
            if (container == null) {
                continue;
            }
            Resource named = replica.remote == null ? container : replica.remote;
            String name =
                    printableId(named)
                            + (replica.address == null ? "" : " (" + replica.address + ")");
            Resource shown = replica.child == null ? container : replica.child;
            line(depth + 1, PrimitiveText.of(shown, name, container.currentNode()));
        }
    }
}
