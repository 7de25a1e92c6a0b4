package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.Transition.Kind;
import io.holdfast.scheduler.Transition.Step;
import io.holdfast.scheduler.Transition.Target;
import io.holdfast.scheduler.actions.Digests;
import io.holdfast.scheduler.actions.Parameters;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.steps.RemoteOrders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers all that whoever does an action has to know of it. */
final class GraphStep {
    /** The version of the interface to agents that this speaks. */
    static final String FEATURE_SET = "3.20.5";

    private final Cluster cluster;
    private final Action action;
    private final Kind kind;
    private final boolean withNode;

    GraphStep(Cluster cluster, Action action) {
        this.cluster = cluster;
        this.action = action;
        this.kind = kind(action);
        this.withNode = needsNode(action) && action.node != null;
        noteNode(action);
    }

    private static Kind kind(Action action) {
        return switch (action.task) {
            case Tasks.FENCE -> action.is(Action.PSEUDO) ? Kind.PSEUDO : Kind.FENCING;
            case Tasks.SHUTDOWN, Tasks.CLEAR_FAILCOUNT, Tasks.LRM_DELETE -> Kind.CLUSTER_OPERATION;
            default -> action.is(Action.PSEUDO) ? Kind.PSEUDO : Kind.RESOURCE_OPERATION;
        };
    }

    private static boolean needsNode(Action action) {
        return kind(action) != Kind.PSEUDO || action.task.equals(Tasks.FENCE);
    }

    /** An action's meta-attributes tell its node, once it is in the graph. */
    static void noteNode(Action action) {
        Node node = action.node;
        if (node != null && needsNode(action)) {
            action.meta.put("on_node", node.name);
            action.meta.put("on_node_uuid", node.id);
        }
    }

    Step finish(List<Integer> inputs, int priority) {
        Resource resource = action.resource;
        Node node = withNode ? action.node : null;
        Node router = withNode ? RemoteOrders.host(action) : null;
        String key = action.key;
        String internalKey = null;
        if (resource != null && resource.historyId != null) {
            internalKey = action.key;
            key = historyKey(resource.historyId);
        }
        boolean real = resource != null && !action.is(Action.PSEUDO);
        Map<String, String> attributes = attributes();
        Map<String, Boolean> maintenance = new LinkedHashMap<>();
        if (action.task.equals(Tasks.MAINTENANCE_NODES)) {
            for (Node each : cluster.nodes) {
                if (each.remoteKind && each.maintenance != each.remoteMaintenance) {
                    maintenance.put(each.id, each.maintenance);
                }
            }
        }
        return new Step(
                action.id,
                kind,
                action.task,
                key,
                internalKey,
                node == null ? null : node.name,
                node == null ? null : node.id,
                router == null ? null : router.name,
                action.task.equals(Tasks.LRM_DELETE) ? "cib" : null,
                real && resource != null ? target(resource) : null,
                real && resource != null ? shutdownLock(resource) : 0,
                attributes,
                node == null ? List.of() : downed(node),
                maintenance,
                List.copyOf(inputs),
                priority,
                real ? Digests.ofOperation(attributes) : null);
    }

    private String historyKey(String historyId) {
        long interval = Values.number(action.meta.get("interval"), 0);
        if (action.task.equals(Tasks.NOTIFY)) {
            return Keys.notification(
                    historyId,
                    action.meta.getOrDefault("notify_type", ""),
                    action.meta.getOrDefault("notify_operation", ""));
        }
        return Keys.operation(
                historyId, action.cancelTask == null ? action.task : action.cancelTask, interval);
    }

    private static Target target(Resource resource) {
        String id;
        String longId = null;
        if (resource.removed && resource.historyId != null) {
            id = resource.historyId;
            longId = resource.id;
        } else if (!resource.unique) {
            id = resource.xml.id();
            longId =
                    resource.historyId != null && !resource.historyId.equals(id)
                            ? resource.historyId
                            : resource.id;
        } else {
            id = resource.id;
        }
        return new Target(
                resource.xml.name(),
                id,
                longId,
                resource.meta.get("class"),
                resource.meta.get("provider"),
                resource.meta.get("type"));
    }

    private long shutdownLock(Resource resource) {
        Node node = action.node;
        if (node == null || resource.lockNode != node) {
            return 0;
        }
        return node.shutdown && !action.task.equals(Tasks.STOP) ? 0 : resource.lockTime;
    }

    private Map<String, String> attributes() {
        TreeMap<String, String> all = new TreeMap<>();
        all.put("crm_feature_set", FEATURE_SET);
        all.putAll(action.extra);
        Resource resource = action.resource;
        if (resource != null && (action.node != null || resource.isPrimitive())) {
            for (Map.Entry<String, String> parameter :
                    Parameters.of(resource, action.node).entrySet()) {
                all.putIfAbsent(parameter.getKey(), substitute(resource, parameter));
            }
        }
        action.meta.forEach((name, value) -> meta(all, name, value));
        if (resource != null) {
            for (Resource at = resource; at != null; at = at.parent) {
                own(at, all);
            }
            bundleMeta(resource, all);
        }
        return all;
    }

    private static String substitute(Resource resource, Map.Entry<String, String> parameter) {
        if (parameter.getKey().equals("addr") && parameter.getValue().equals("#uname")) {
            String base = Parameters.of(resource, null).get("addr");
            return base == null ? parameter.getValue() : base;
        }
        return parameter.getValue();
    }

    private static void meta(Map<String, String> all, String name, String value) {
        if (name.indexOf('#') < 0 && name.indexOf(':') < 0) {
            all.put(Digests.metaName(name), value);
        }
    }

    private static void own(Resource resource, Map<String, String> all) {
        switch (resource) {
            case Primitive primitive -> {
                put(all, "CRM_meta_clone", primitive.meta.get("clone"));
                put(all, "CRM_meta_remote_node", primitive.meta.get("remote-node"));
                for (Resource at = primitive; at != null; at = at.parent) {
                    if (at.launcher != null) {
                        all.put("CRM_meta_container", at.launcher.id);
                    }
                }
                put(all, "pcmk_external_ip", primitive.meta.get("external-ip"));
            }
            case Clone clone -> {
                all.put("CRM_meta_globally_unique", Boolean.toString(clone.unique));
                all.put("CRM_meta_notify", Boolean.toString(clone.notify));
                all.put("CRM_meta_clone_max", Integer.toString(clone.cloneMax));
                all.put("CRM_meta_clone_node_max", Integer.toString(clone.cloneNodeMax));
                if (clone.promotable) {
                    String max = Integer.toString(clone.promotedMax);
                    String nodeMax = Integer.toString(clone.promotedNodeMax);
                    all.put("CRM_meta_promoted_max", max);
                    all.put("CRM_meta_promoted_node_max", nodeMax);
                    all.put("CRM_meta_master_max", max);
                    all.put("CRM_meta_master_node_max", nodeMax);
                }
            }
            default -> {}
        }
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null) {
            all.put(name, value);
        }
    }

    /** On guests agents learn which machine they are really on. */
    private void bundleMeta(Resource resource, Map<String, String> all) {
        Node guest = action.node;
        if (guest == null || !guest.isGuest()) {
            return;
        }
        String task = action.task;
        if (task.equals(Tasks.NOTIFY) || task.equals(Tasks.NOTIFIED)) {
            task = action.meta.getOrDefault("notify_operation", "");
        }
        Resource container = guest.guestResource();
        Node host =
                switch (task) {
                    case Tasks.STOP, Tasks.STOPPED, Tasks.DEMOTE, Tasks.DEMOTED ->
                            container.currentNode();
                    case Tasks.START, Tasks.RUNNING, Tasks.MONITOR, Tasks.PROMOTE, Tasks.PROMOTED ->
                            container.assigned == null ? null : container.assigned.node;
                    default -> null;
                };
        if (host != null) {
            put(
                    all,
                    "CRM_meta_container_attribute_target",
                    resource.meta.get("container-attribute-target"));
            all.put("CRM_meta_physical_host", host.name);
        }
    }

    private List<String> downed(Node node) {
        List<String> downed = new ArrayList<>(1);
        Resource resource = action.resource;
        if (action.task.equals(Tasks.SHUTDOWN)) {
            downed.add(node.id);
        } else if (action.task.equals(Tasks.FENCE)) {
            String how = action.meta.getOrDefault("stonith_action", "");
            if (how.equals("off") || how.equals("reboot") || how.equals("poweroff")) {
                downed.add(node.id);
                for (Node guest : cluster.nodes) {
                    if (guest.isGuest() && isOn(guest.guestResource(), node)) {
                        downed.add(guest.id);
                    }
                }
            }
        } else if (resource != null
                && resource.remoteConnection
                && action.task.equals(Tasks.STOP)) {
            boolean migrating = false;
            for (Action.Related input : action.before) {
                Resource other = input.action.resource;
                migrating |=
                        other != null
                                && other.id.equals(resource.id)
                                && input.action.task.equals(Tasks.MIGRATE_FROM);
            }
            if (!migrating) {
                downed.add(resource.id);
            }
        }
        return downed;
    }

    private static boolean isOn(Resource resource, Node node) {
        return resource.active.contains(node);
    }
}
