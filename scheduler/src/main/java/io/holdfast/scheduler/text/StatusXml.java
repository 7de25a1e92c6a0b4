package io.holdfast.scheduler.text;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The state of a cluster as the tools write it with {@code --output-as=xml}. */
final class StatusXml {
    private StatusXml() {}

    static Element of(String name, Cluster cluster, SimulateText.Details details) {
        Element.Builder status = Element.builder(name);
        status.child(nodes(cluster)).child(resources(cluster));
        if (details.attributes()) {
            Element attributes = attributes(cluster);
            if (!attributes.children().isEmpty()) {
                status.child(attributes);
            }
        }
        if (details.failCounts()) {
            status.child(failCounts(cluster, details.zone()));
            if (!cluster.failed.isEmpty()) {
                status.child(failures(cluster));
            }
        }
        return status.build();
    }

    private static Element nodes(Cluster cluster) {
        Element.Builder nodes = Element.builder("nodes");
        for (Node node : cluster.nodes) {
            Element.Builder xml = Element.builder("node");
            xml.attribute("name", node.name).attribute("id", node.id);
            flag(xml, "online", node.online);
            flag(xml, "standby", node.standby);
            flag(xml, "standby_onfail", node.standbyOnFail);
            flag(xml, "maintenance", node.maintenance);
            flag(xml, "pending", node.pending);
            flag(xml, "unclean", node.unclean);
            xml.attribute("health", NodeText.healthColour(node));
            flag(xml, "shutdown", node.shutdown);
            flag(xml, "expected_up", node.expectedUp);
            flag(xml, "is_dc", node.id.equals(cluster.dcId));
            xml.attribute("resources_running", Integer.toString(node.running.size()));
            xml.attribute("type", node.remoteKind ? "remote" : "member");
            if (node.isGuest()) {
                xml.attribute("id_as_resource", node.guestResource().id);
            }
            nodes.child(xml.build());
        }
        return nodes.build();
    }

    private static Element resources(Cluster cluster) {
        Element.Builder all = Element.builder("resources");
        for (Resource resource : cluster.resources) {
            boolean isInternal = "true".equals(resource.meta.get("internal_rsc"));
            if (!isInternal && (!resource.removed || resource.isActive(true))) {
                all.child(resource(resource));
            }
        }
        return all.build();
    }

    private static Element resource(Resource resource) {
        return switch (resource) {
            case Primitive primitive -> primitive(primitive);
            case Group group -> group(group);
            case Clone clone -> clone(clone);
            case Bundle bundle -> bundle(bundle);
        };
    }

    private static Element primitive(Primitive primitive) {
        Element.Builder xml = Element.builder("resource");
        xml.attribute("id", StatusText.printableId(primitive));
        xml.attribute("resource_agent", agent(primitive.xml));
        xml.attribute("role", PrimitiveText.displayedRole(primitive).text());
        String target = primitive.meta.get("target-role");
        if (target != null) {
            xml.attribute("target_role", target);
        }
        flag(xml, "active", primitive.isActive(true));
        flag(xml, "orphaned", primitive.removed);
        flag(xml, "blocked", primitive.blocked);
        if (primitive.maintenance) {
            flag(xml, "maintenance", true);
        }
        flag(xml, "managed", primitive.managed);
        flag(xml, "failed", primitive.failed);
        flag(xml, "failure_ignored", primitive.failureIgnored);
        xml.attribute("nodes_running_on", Integer.toString(primitive.active.size()));
        if (primitive.pendingAction != null) {
            xml.attribute("pending", primitive.pendingAction);
        }
        for (Node node : primitive.active) {
            xml.child(
                    Element.of(
                            "node",
                            "name",
                            node.name,
                            "id",
                            node.id,
                            "cached",
                            Boolean.toString(node.online)));
        }
        return xml.build();
    }

    private static String agent(Element xml) {
        List<String> words = new ArrayList<>();
        for (String part : List.of("class", "provider", "type")) {
            String word = xml.attribute(part);
            if (word != null) {
                words.add(word);
            }
        }
        return String.join(":", words);
    }

    private static Element group(Group group) {
        Element.Builder xml = Element.builder("group").attribute("id", group.id);
        xml.attribute("number_resources", Integer.toString(group.children.size()));
        flag(xml, "managed", group.managed);
        flag(xml, "disabled", StatusText.isDisabled(group));
        group.children.forEach(member -> xml.child(resource(member)));
        return xml.build();
    }

    private static Element clone(Clone clone) {
        Element.Builder xml = Element.builder("clone").attribute("id", clone.id);
        flag(xml, "multi_state", clone.promotable);
        flag(xml, "unique", clone.unique);
        flag(xml, "managed", clone.managed);
        flag(xml, "disabled", StatusText.isDisabled(clone));
        flag(xml, "failed", clone.failed);
        flag(xml, "failure_ignored", clone.failureIgnored);
        clone.children.forEach(instance -> xml.child(resource(instance)));
        return xml.build();
    }

    private static Element bundle(Bundle bundle) {
        Element.Builder xml = Element.builder("bundle").attribute("id", bundle.id);
        xml.attribute("type", bundle.agent).attribute("image", bundle.image);
        flag(xml, "unique", bundle.unique);
        flag(xml, "managed", bundle.managed);
        flag(xml, "failed", bundle.failed);
        for (Bundle.Replica replica : bundle.replicas) {
            Element.Builder one = Element.builder("replica");
            one.attribute("id", Integer.toString(replica.number));
            Bundle.parts(replica).forEach(part -> one.child(resource(part)));
            xml.child(one.build());
        }
        return xml.build();
    }

    private static Element attributes(Cluster cluster) {
        Element.Builder all = Element.builder("node_attributes");
        for (Node node : cluster.nodes) {
            Element.Builder of = Element.builder("node").attribute("name", node.name);
            DetailsText.shownAttributes(node)
                    .forEach(
                            (name, value) ->
                                    of.child(
                                            Element.of("attribute", "name", name, "value", value)));
            Element built = of.build();
            if (node.online && !built.children().isEmpty()) {
                all.child(built);
            }
        }
        return all.build();
    }

    private static Element failCounts(Cluster cluster, ZoneId zone) {
        Element.Builder all = Element.builder("node_history");
        for (Node node : cluster.nodes) {
            Element.Builder of = Element.builder("node").attribute("name", node.name);
            for (DetailsText.Failures failures : DetailsText.failures(cluster, node)) {
                Element.Builder one = Element.builder("resource_history");
                one.attribute("id", failures.name());
                flag(one, "orphan", failures.resource().removed);
                one.attribute(
                        "migration-threshold",
                        Integer.toString(failures.resource().migrationThreshold));
                one.attribute("fail-count", Score.text(failures.count().failures()));
                if (failures.count().last() > 0) {
                    one.attribute("last-failure", DetailsText.time(failures.count().last(), zone));
                }
                of.child(one.build());
            }
            Element built = of.build();
            if (node.online && !built.children().isEmpty()) {
                all.child(built);
            }
        }
        return all.build();
    }

    private static Element failures(Cluster cluster) {
        Element.Builder all = Element.builder("failures");
        for (Cluster.FailedOperation failed : cluster.failed) {
            Element operation = failed.operation();
            String code = operation.attribute("rc-code", "0");
            Element.Builder one = Element.builder("failure");
            one.attribute("op_key", operation.attribute("operation_key", failed.resource()));
            one.attribute("node", failed.node().name);
            one.attribute("exitstatus", ResultText.exit(code));
            one.attribute("exitreason", operation.attribute("exit-reason", ""));
            one.attribute("exitcode", code);
            one.attribute("call", operation.attribute("call-id", "-1"));
            one.attribute("status", ResultText.status(operation));
            String change = operation.attribute("last-rc-change", "");
            if (change.matches("[0-9]{1,12}")) {
                one.attribute("last-rc-change", isoTime(Long.parseLong(change)));
                one.attribute("queued", operation.attribute("queue-time", "0"));
                one.attribute("exec", operation.attribute("exec-time", "0"));
                one.attribute("interval", operation.attribute("interval", "0"));
                one.attribute("task", operation.attribute("operation", ""));
            }
            all.child(one.build());
        }
        return all.build();
    }

    private static String isoTime(long seconds) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                .withZone(java.time.ZoneOffset.UTC)
                .format(Instant.ofEpochSecond(seconds));
    }

    private static void flag(Element.Builder xml, String name, boolean value) {
        xml.attribute(name, Boolean.toString(value));
    }
}
