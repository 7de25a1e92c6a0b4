package io.holdfast.scheduler.text;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes of a cluster as the tools print them. */
final class NodeText {
    private NodeText() {}

    static void add(Cluster cluster, List<String> lines) {
        lines.add("  * Node List:");
        List<Node> online = new ArrayList<>();
        List<Node> offline = new ArrayList<>();
        List<Node> remoteOnline = new ArrayList<>();
        List<Node> remoteOffline = new ArrayList<>();
        List<Node> guestsOnline = new ArrayList<>();
        for (Node node : cluster.nodes) {
            String health = health(cluster, node);
            if (node.unclean
                    || node.pending
                    || (node.standbyOnFail && node.online)
                    || node.standby
                    || node.maintenance
                    || health != null) {
                lines.add("    * " + alone(node, health));
            } else if (node.online) {
                (node.isGuest() ? guestsOnline : node.isRemote() ? remoteOnline : online).add(node);
            } else if (node.isRemote()) {
                remoteOffline.add(node);
            } else if (!node.isGuest()) {
                offline.add(node);
            }
        }
        list(lines, "Online", online);
        list(lines, "OFFLINE", offline);
        list(lines, "RemoteOnline", remoteOnline);
        list(lines, "RemoteOFFLINE", remoteOffline);
        list(lines, "GuestOnline", guestsOnline);
    }

    private static void list(List<String> lines, String title, List<Node> nodes) {
        if (!nodes.isEmpty()) {
            lines.add("    * " + title + ": [ " + names(nodes) + " ]");
        }
    }

    static String names(List<Node> nodes) {
        List<String> names = new ArrayList<>();
        nodes.forEach(node -> names.add(node.name));
        names.sort(io.holdfast.scheduler.model.Values.NUMERIC_NAMES);
        return String.join(" ", names);
    }

    private static String alone(Node node, @Nullable String health) {
        String kind = node.isGuest() ? "GuestNode " : node.isRemote() ? "RemoteNode " : "Node ";
        return kind + node.name + ": " + state(node) + (health == null ? "" : health);
    }

    private static String state(Node node) {
        if (node.unclean) {
            return node.online
                    ? "UNCLEAN (online)"
                    : node.pending ? "UNCLEAN (pending)" : "UNCLEAN (offline)";
        }
        if (node.pending) {
            return "pending";
        }
        if (node.standbyOnFail && node.online) {
            return "standby (on-fail" + (node.running.isEmpty() ? ")" : ", with active resources)");
        }
        if (node.standby) {
            return !node.online
                    ? "OFFLINE (standby)"
                    : node.running.isEmpty() ? "standby" : "standby (with active resources)";
        }
        if (node.maintenance) {
            return node.online ? "maintenance" : "OFFLINE (maintenance)";
        }
        return node.online ? "online" : "OFFLINE";
    }

    private static @Nullable String health(Cluster cluster, Node node) {
        String colour = healthColour(node);
        return colour.equals("green")
                        || cluster.option("node-health-strategy", "none").equals("none")
                ? null
                : " (health is " + colour.toUpperCase(Locale.ROOT) + ")";
    }

    /** The worst that health agents say of a node. */
    static String healthColour(Node node) {
        boolean yellow = false;
        for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
            if (attribute.getKey().startsWith("#health")) {
                if (attribute.getValue().equalsIgnoreCase("red")) {
                    return "red";
                }
                yellow |= attribute.getValue().equalsIgnoreCase("yellow");
            }
        }
        return yellow ? "yellow" : "green";
    }
}
