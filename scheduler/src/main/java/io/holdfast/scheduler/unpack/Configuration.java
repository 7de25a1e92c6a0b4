package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Rules;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the cluster's options, nodes and tags. */
public final class Configuration {
    /** Options by their present name, and the names they had. */
    private static final List<List<String>> RENAMED =
            List.of(
                    List.of("fencing-enabled", "stonith-enabled", "stonith_enabled"),
                    List.of("fencing-action", "stonith-action", "stonith_action"),
                    List.of("fencing-timeout", "stonith-timeout"),
                    List.of("fencing-watchdog-timeout", "stonith-watchdog-timeout"),
                    List.of("no-quorum-policy", "no_quorum_policy"),
                    List.of("symmetric-cluster", "symmetric_cluster"),
                    List.of(
                            "stop-removed-resources",
                            "stop-orphan-resources",
                            "stop_orphan_resources"),
                    List.of(
                            "cancel-removed-actions",
                            "stop-orphan-actions",
                            "stop_orphan_actions"));

    private Configuration() {}

    static void options(Cluster cluster, Element config) {
        Rules.Input input = Rules.Input.of(cluster);
        Attributes.unpack(
                config,
                "cluster_property_set",
                input,
                cluster.options,
                "cib-bootstrap-options",
                false);
        for (List<String> names : RENAMED) {
            for (String old : names.subList(1, names.size())) {
                String value = cluster.options.get(old);
                if (value != null) {
                    cluster.options.putIfAbsent(names.getFirst(), value);
                }
            }
        }
        flag(cluster, "enable-startup-probes", value -> cluster.probeResources = value);
        if (Values.isTrue(cluster.options.get("have-watchdog"))) {
            cluster.haveFencing = true;
        }
        cluster.unfencingEnabled = wantsUnfencing(cluster);
        flag(cluster, "fencing-enabled", value -> cluster.fencingEnabled = value);
        String action = cluster.option("fencing-action", "reboot").toLowerCase(Locale.ROOT);
        cluster.fenceAction = action.equals("off") || action.equals("poweroff") ? "off" : "reboot";
        flag(cluster, "concurrent-fencing", value -> cluster.concurrentFencing = value);
        cluster.priorityFencingMillis =
                Values.interval(cluster.options.get("priority-fencing-delay"));
        flag(cluster, "stop-all-resources", value -> cluster.stopAll = value);
        flag(cluster, "symmetric-cluster", value -> cluster.symmetric = value);
        cluster.noQuorum = noQuorumPolicy(cluster);
        flag(cluster, "stop-removed-resources", value -> cluster.stopRemovedResources = value);
        flag(cluster, "cancel-removed-actions", value -> cluster.cancelRemovedActions = value);
        flag(cluster, "maintenance-mode", value -> cluster.inMaintenance = value);
        flag(cluster, "start-failure-is-fatal", value -> cluster.startFailureFatal = value);
        if (cluster.fencingEnabled) {
            cluster.startupFencing = true;
            flag(cluster, "startup-fencing", value -> cluster.startupFencing = value);
        }
        cluster.healthRed = Score.parse(cluster.options.get("node-health-red"), -Score.INFINITY);
        cluster.healthYellow = Score.parse(cluster.options.get("node-health-yellow"), 0);
        cluster.healthGreen = Score.parse(cluster.options.get("node-health-green"), 0);
        cluster.placementStrategy =
                cluster.option("placement-strategy", "default").toLowerCase(Locale.ROOT);
        flag(cluster, "shutdown-lock", value -> cluster.shutdownLock = value);
        cluster.shutdownLockMillis = Values.interval(cluster.options.get("shutdown-lock-limit"));
        cluster.nodePendingMillis = Values.interval(cluster.options.get("node-pending-timeout"));
        flag(
                cluster,
                "fence-remote-without-quorum",
                value -> cluster.fenceRemoteWithoutQuorum = value);
    }

    private static void flag(Cluster cluster, String name, Consumer<Boolean> setter) {
        Boolean value = Values.bool(cluster.options.get(name));
        if (value != null) {
            setter.accept(value);
        }
    }

    private static Cluster.NoQuorum noQuorumPolicy(Cluster cluster) {
        return switch (cluster.option("no-quorum-policy", "stop").toLowerCase(Locale.ROOT)) {
            case "ignore" -> Cluster.NoQuorum.IGNORE;
            case "freeze" -> Cluster.NoQuorum.FREEZE;
            case "demote" -> Cluster.NoQuorum.DEMOTE;
            case "fence", "suicide" -> {
                boolean panic = Values.integer(cluster.cib.attribute("no-quorum-panic"), 0) != 0;
                // a cluster that never had quorum must not shoot itself
                yield cluster.fencingEnabled && (panic || cluster.quorate)
                        ? Cluster.NoQuorum.FENCE
                        : Cluster.NoQuorum.STOP;
            }
            default -> Cluster.NoQuorum.STOP;
        };
    }

    private static boolean wantsUnfencing(Cluster cluster) {
        Element configuration = cluster.cib.childOrEmpty("configuration");
        return configuration.childOrEmpty("resources").stream()
                        .anyMatch(Configuration::mentionsUnfencing)
                || configuration.childOrEmpty("rsc_defaults").stream()
                        .anyMatch(Configuration::mentionsUnfencing);
    }

    private static boolean mentionsUnfencing(Element set) {
        if (!set.is("meta_attributes")) {
            return false;
        }
        for (Element pair : set.children("nvpair")) {
            String name = pair.attribute("name", "");
            if (pair.attribute("value", "").equals("unfencing")
                    && (name.equals("provides") || name.equals("requires"))) {
                return true;
            }
        }
        return false;
    }

    static void nodes(Cluster cluster, Element nodes) {
        for (Element element : nodes.children("node")) {
            String id = element.attribute("id");
            String name = element.attribute("uname", id == null ? "" : id);
            String type = element.attribute("type", "member");
            boolean remote = type.equalsIgnoreCase("remote");
            if (id == null
                    || !(remote
                            || type.equalsIgnoreCase("member")
                            || type.equalsIgnoreCase("normal"))) {
                continue;
            }
            Node node = cluster.addNode(id, name, remote, Score.parse(element.attribute("score")));
            startupFencing(cluster, node);
            attributes(cluster, element, node, false);
        }
    }

    /** A node nobody has reported on is unclean until it is seen. */
    static void startupFencing(Cluster cluster, Node node) {
        if (node.remoteKind && node.remote == null) {
            return; // left over from a connection that was removed
        }
        node.unclean = cluster.startupFencing;
    }

    /** Adds the attributes of a set to a node, with those that every node has. */
    static void attributes(
            Cluster cluster, @Nullable Element element, Node node, boolean overwrite) {
        node.attributes.put("#uname", node.name);
        node.attributes.put("#id", node.id);
        node.isDc = node.id.equals(cluster.dcId);
        node.attributes.put("#is_dc", Boolean.toString(node.isDc));
        String clusterName = cluster.options.get("cluster-name");
        if (clusterName != null) {
            node.attributes.put("#cluster-name", clusterName);
        }
        Rules.Input input = Rules.Input.of(cluster);
        Attributes.unpack(element, "instance_attributes", input, node.attributes, null, overwrite);
        Attributes.unpack(element, "utilization", input, node.utilization);
        if (!node.attributes.containsKey("#site-name")) {
            String site = node.attributes.get("site-name");
            String named = site == null ? clusterName : site;
            if (named != null) {
                node.attributes.put("#site-name", named);
            }
        }
    }

    static void tags(Cluster cluster, Element tags) {
        for (Element tag : tags.children("tag")) {
            List<String> references =
                    cluster.tags.computeIfAbsent(tag.id(), _ -> new java.util.ArrayList<>());
            for (Element reference : tag.children("obj_ref")) {
                if (!references.contains(reference.id())) {
                    references.add(reference.id());
                }
            }
        }
    }
}
