package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Parameters;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Resource.MultipleActive;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Scores;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads resources: primitives, groups, clones and bundles, with templates and defaults. */
public final class Resources {
    private Resources() {}

    static void all(Cluster cluster, Element section) {
        List<Element> elements = new ArrayList<>(section.children());
        RemoteNodes.create(cluster, elements);
        for (Element element : elements) {
            if (element.id().isEmpty()) {
                continue;
            }
            if (element.is("template")) {
                cluster.templates.computeIfAbsent(element.id(), _ -> new ArrayList<>());
                continue;
            }
            Resource resource = one(cluster, element, null, null);
            if (resource != null) {
                cluster.resources.add(resource);
            }
        }
        for (Resource resource : cluster.resources) {
            launchers(cluster, resource);
            RemoteNodes.link(cluster, resource);
        }
        cluster.resources.sort((a, b) -> Integer.compare(b.priority, a.priority));
    }

    /** Reads one resource and what is in it; null when it is not valid. */
    public static @Nullable Resource one(
            Cluster cluster,
            Element original,
            @Nullable Resource parent,
            @Nullable Integer instance) {
        Element xml = expandTemplate(cluster, original);
        if (xml == null) {
            return null;
        }
        String id = instance == null ? xml.id() : xml.id() + ":" + instance;
        Resource resource =
                switch (xml.name()) {
                    case "primitive" -> new Primitive(cluster, id, xml, parent);
                    case "group" -> new Group(cluster, id, xml, parent);
                    case "clone", "master" -> new Clone(cluster, id, xml, parent);
                    case "bundle" -> new Bundle(cluster, id, xml, parent);
                    default -> null;
                };
        if (resource == null) {
            return null;
        }
        resource.operations = cluster.resolve(xml.child("operations"));
        if (instance != null) {
            resource.meta.put("clone", instance.toString());
        }
        metaAttributes(resource);
        if (xml.is("master")) {
            resource.meta.put("promotable", "true");
        }
        flags(resource);
        boolean valid =
                switch (resource) {
                    case Primitive primitive -> primitive(primitive);
                    case Group group -> group(group, instance);
                    case Clone clone -> clone(clone);
                    case Bundle bundle -> BundleParts.unpack(bundle);
                };
        if (!valid) {
            return null;
        }
        cluster.index(resource);
        boolean guestConnection =
                resource.remoteConnection && resource.meta.containsKey("container");
        if (cluster.symmetric) {
            Scores.addByDefault(resource);
        } else if (guestConnection) {
            Scores.add(resource, null, 0, "");
        }
        Attributes.unpack(xml, "utilization", Rules.Input.of(cluster), resource.utilization);
        String template = original.attribute("template");
        if (template != null) {
            cluster.templates.computeIfAbsent(template, _ -> new ArrayList<>()).add(xml.id());
        }
        return resource;
    }

    /**
     * The element with its template's content before its own; null when there is no such template.
     */
    private static @Nullable Element expandTemplate(Cluster cluster, Element element) {
        String reference = element.attribute("template");
        if (reference == null) {
            return element;
        }
        Element template =
                cluster.cib
                        .childOrEmpty("configuration")
                        .childOrEmpty("resources")
                        .child("template", reference);
        if (template == null || reference.equals(element.id())) {
            return null;
        }
        Element.Builder builder = Element.builder(element.name());
        for (Attribute attribute : template.attributes()) {
            builder.attribute(attribute.name(), attribute.value());
        }
        builder.attribute("id", element.id());
        Element own = element.child("operations");
        Element inherited = template.child("operations");
        for (Element child : template.children()) {
            if (!(child.is("operations") && own != null)) {
                builder.child(child);
            }
        }
        for (Element child : element.children()) {
            builder.child(child.is("operations") ? joined(child, inherited) : child);
        }
        return builder.build();
    }

    private static Element joined(Element own, @Nullable Element inherited) {
        if (inherited == null) {
            return own;
        }
        List<String> known = new ArrayList<>();
        for (Element operation : own.children()) {
            known.add(templateKey(operation));
        }
        Element result = own;
        for (Element operation : inherited.children()) {
            if (!known.contains(templateKey(operation))) {
                result = result.withChild(operation);
            }
        }
        return result;
    }

    private static String templateKey(Element operation) {
        Role role = Role.parse(operation.attribute("role"));
        if (role == Role.STARTED || role == Role.UNPROMOTED) {
            role = Role.UNKNOWN;
        }
        return operation.attribute("name", "") + "-" + role;
    }

    private static void metaAttributes(Resource resource) {
        Cluster cluster = resource.cluster;
        Element xml = resource.xml;
        Map<String, String> meta = resource.meta;
        Rules.Input input =
                new Rules.Input(
                        cluster,
                        null,
                        null,
                        null,
                        xml.attribute("class"),
                        xml.attribute("provider"),
                        xml.attribute("type"),
                        null,
                        0,
                        null);
        for (Attribute attribute : xml.attributes()) {
            meta.putIfAbsent(attribute.name(), attribute.value());
        }
        Attributes.unpack(xml, "meta_attributes", input, meta);
        if (resource.parent != null) {
            Map<String, String> explicit = new LinkedHashMap<>();
            for (Resource at = resource.parent; at != null; at = at.parent) {
                Attributes.unpack(at.xml, "meta_attributes", input, explicit);
            }
            explicit.forEach(meta::putIfAbsent);
        }
        Attributes.unpack(cluster.resourceDefaults, "meta_attributes", input, meta);
        if (resource.parent != null) {
            resource.parent.meta.forEach(meta::putIfAbsent);
        }
    }

    private static void flags(Resource resource) {
        Cluster cluster = resource.cluster;
        Map<String, String> meta = resource.meta;
        resource.managed = !cluster.inMaintenance;
        resource.priority = Score.parse(meta.get("priority"));
        resource.critical = !Boolean.FALSE.equals(Values.bool(meta.get("critical")));
        resource.notify = Values.isTrue(meta.get("notify"));
        resource.remoteConnection = RemoteNodes.isConnection(resource.xml);
        boolean remoteNode = resource.remoteConnection && !meta.containsKey("container");
        resource.migratable =
                meta.containsKey("allow-migrate")
                        ? Values.isTrue(meta.get("allow-migrate"))
                        : remoteNode;
        String managed = meta.get("is-managed");
        if (managed != null && !managed.equalsIgnoreCase("default")) {
            resource.managed = Values.isTrue(managed);
        }
        if (Values.isTrue(meta.get("maintenance")) || cluster.inMaintenance) {
            resource.managed = false;
            resource.maintenance = true;
        }
        if (resource.top() instanceof Clone) {
            resource.unique = isUnique(meta);
            resource.promotable = Values.isTrue(meta.get("promotable"));
        } else {
            resource.unique = true;
        }
        resource.multipleActive =
                switch (meta.getOrDefault("multiple-active", "").toLowerCase(Locale.ROOT)) {
                    case "stop_only" -> MultipleActive.STOP_ONLY;
                    case "block" -> MultipleActive.BLOCK;
                    case "stop_unexpected" -> MultipleActive.STOP_UNEXPECTED;
                    default -> MultipleActive.RESTART;
                };
        resource.stickiness = Score.parse(meta.get("resource-stickiness"));
        int threshold = Score.parse(meta.get("migration-threshold"), Score.INFINITY);
        resource.migrationThreshold = threshold < 0 ? Score.INFINITY : threshold;
        if ("stonith".equalsIgnoreCase(resource.agentClass())) {
            cluster.haveFencing = true;
            resource.fenceDevice = true;
        }
        requires(resource, meta.get("requires"));
        resource.failureTimeoutMillis = Values.interval(meta.get("failure-timeout"));
        if (remoteNode) {
            String reconnect = Parameters.of(resource, null).get("reconnect_interval");
            if (reconnect != null) {
                resource.remoteReconnectMillis = Values.interval(reconnect);
                resource.failureTimeoutMillis = resource.remoteReconnectMillis;
            }
        }
        Role target = targetRole(resource);
        if (target != null) {
            resource.nextRole = target;
        }
    }

    private static boolean isUnique(Map<String, String> meta) {
        String value = meta.get("globally-unique");
        return value == null
                ? Values.integer(meta.get("clone-node-max"), 1) > 1
                : Values.isTrue(value);
    }

    private static void requires(Resource resource, @Nullable String wanted) {
        Cluster cluster = resource.cluster;
        switch (wanted == null ? "" : wanted.toLowerCase(Locale.ROOT)) {
            case "nothing" -> {}
            case "quorum" -> resource.needsQuorum = true;
            case "fencing" -> resource.needsFencing = true;
            case "unfencing" -> {
                if (resource.fenceDevice || !cluster.fencingEnabled) {
                    resource.needsQuorum = true;
                } else {
                    resource.needsFencing = true;
                    resource.needsUnfencing = true;
                }
            }
            default -> {
                if (resource.fenceDevice || resource.remoteConnection) {
                    requires(resource, "quorum");
                } else if (cluster.unfencingEnabled) {
                    requires(resource, "unfencing");
                } else if (cluster.fencingEnabled) {
                    requires(resource, "fencing");
                } else if (cluster.noQuorum == Cluster.NoQuorum.IGNORE) {
                    requires(resource, "nothing");
                } else {
                    requires(resource, "quorum");
                }
            }
        }
    }

    /** The role the configuration limits a resource to; null when it may have any. */
    public static @Nullable Role targetRole(Resource resource) {
        String value = resource.meta.get("target-role");
        if (value == null
                || value.equalsIgnoreCase("Started")
                || value.equalsIgnoreCase("default")) {
            return null;
        }
        Role role = Role.parse(value);
        if (role == Role.UNKNOWN) {
            return null;
        }
        if (role.above(Role.STARTED)
                && (!resource.top().promotable || role.above(Role.UNPROMOTED))) {
            return null;
        }
        return role;
    }

    private static boolean primitive(Primitive primitive) {
        Resource top = primitive.top();
        String agentClass = primitive.agentClass();
        boolean ocf = "ocf".equalsIgnoreCase(agentClass);
        boolean canBeUnique = ocf || "stonith".equalsIgnoreCase(agentClass);
        if (!canBeUnique && primitive.unique && top instanceof Clone clone) {
            clone.cloneNodeMax = 1;
            clone.cloneMax = Math.min(clone.cloneMax, clone.cluster.nodes.size());
            notUnique(clone);
            notUnique(primitive);
        }
        return ocf || !top.promotable;
    }

    private static void notUnique(Resource resource) {
        resource.unique = false;
        resource.meta.put("globally-unique", "false");
        resource.children.forEach(Resources::notUnique);
    }

    private static boolean group(Group group, @Nullable Integer instance) {
        Boolean ordered = Values.bool(group.meta.get("ordered"));
        Boolean colocated = Values.bool(group.meta.get("collocated"));
        group.ordered = ordered == null || ordered;
        group.colocated = colocated == null || colocated;
        for (Element member : group.xml.children("primitive")) {
            Resource child = one(group.cluster, member, group, instance);
            if (child != null) {
                group.children.add(child);
            }
        }
        return !group.children.isEmpty();
    }

    private static boolean clone(Clone clone) {
        Map<String, String> meta = clone.meta;
        if (clone.promotable) {
            clone.promotedMax = number(meta, "promoted-max", "master-max", 1);
            clone.promotedNodeMax = number(meta, "promoted-node-max", "master-node-max", 1);
        }
        clone.cloneNodeMax = number(meta, "clone-node-max", "clone-node-max", 1);
        clone.cloneMax =
                number(meta, "clone-max", "clone-max", Math.max(1, clone.cluster.nodes.size()));
        clone.ordered = Values.isTrue(meta.get("ordered"));
        if (!clone.unique && clone.cloneNodeMax > 1) {
            clone.cloneNodeMax = 1;
        }
        for (Element child : clone.xml.children()) {
            if (child.is("primitive") || child.is("group")) {
                clone.instanceXml = child;
                break;
            }
        }
        if (clone.instanceXml == null) {
            return false;
        }
        // a little sticky, so that instances are not shuffled for nothing
        meta.putIfAbsent("resource-stickiness", "1");
        meta.put("globally-unique", Boolean.toString(clone.unique));
        int instances = Math.max(1, clone.cloneMax);
        for (int i = 0; i < instances; i++) {
            if (addInstance(clone) == null) {
                return false;
            }
        }
        return true;
    }

    private static int number(
            Map<String, String> meta, String name, String oldName, int otherwise) {
        String value = meta.get(name);
        if (value == null) {
            value = meta.get(oldName);
        }
        return value == null ? otherwise : Math.max(0, Values.integer(value, 0));
    }

    /** Makes the next instance of a clone; one beyond its number counts as removed. */
    static @Nullable Resource addInstance(Clone clone) {
        Element xml = clone.instanceXml;
        if (xml == null) {
            return null;
        }
        boolean extra = clone.totalInstances >= clone.cloneMax;
        Resource instance = one(clone.cluster, xml, clone, clone.totalInstances);
        if (instance == null) {
            return null;
        }
        clone.totalInstances++;
        clone.children.add(instance);
        if (extra) {
            removed(instance);
        }
        instance.meta.put("clone-max", Integer.toString(clone.cloneMax));
        return instance;
    }

    private static void removed(Resource resource) {
        resource.removed = true;
        resource.children.forEach(Resources::removed);
    }

    private static void launchers(Cluster cluster, Resource resource) {
        if (!resource.children.isEmpty()) {
            for (Resource child : resource.children) {
                launchers(cluster, child);
            }
            return;
        }
        String container = resource.meta.get("container");
        if (container == null || container.equals(resource.id)) {
            return;
        }
        Resource launcher = cluster.resource(container);
        if (launcher != null) {
            resource.launcher = launcher;
            launcher.launched.add(resource);
        }
    }

    /** The nodes of the cluster whose attribute says that probes are not to be made there. */
    static boolean probesAllowed(Node node) {
        return !Boolean.FALSE.equals(Values.bool(node.attribute("resource-discovery-enabled")));
    }
}
