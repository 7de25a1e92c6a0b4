package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes that are no members: remote nodes behind a connection, guests inside a resource. */
public final class RemoteNodes {
    private RemoteNodes() {}

    /** Whether an element is the connection to a remote node. */
    public static boolean isConnection(Element xml) {
        return xml.is("primitive")
                && "ocf".equals(xml.attribute("class"))
                && "pacemaker".equals(xml.attribute("provider"))
                && "remote".equals(xml.attribute("type"));
    }

    /** Makes the nodes that resources define, and adds the connections that guests need. */
    static void create(Cluster cluster, List<Element> elements) {
        for (Element element : List.copyOf(elements)) {
            if (isConnection(element)) {
                addNode(cluster, element.id());
            } else if (element.is("primitive")) {
                guest(cluster, element, elements);
            } else if (element.is("group")) {
                for (Element member : element.children("primitive")) {
                    guest(cluster, member, elements);
                }
            }
        }
    }

    private static void guest(Cluster cluster, Element element, List<Element> elements) {
        Map<String, String> meta = new LinkedHashMap<>();
        for (Element set : element.children("meta_attributes")) {
            for (Element pair : set.children("nvpair")) {
                meta.put(pair.attribute("name", ""), pair.attribute("value", ""));
            }
        }
        String name = meta.get("remote-node");
        if (name == null) {
            return;
        }
        for (Element other : elements) {
            if (other.id().equals(name)) {
                return;
            }
        }
        elements.add(
                connection(
                        name,
                        element.id(),
                        meta.get("remote-allow-migrate"),
                        meta.get("is-managed"),
                        meta.getOrDefault("remote-connect-timeout", "60s"),
                        meta.get("remote-addr"),
                        meta.get("remote-port")));
        addNode(cluster, name);
    }

    private static void addNode(Cluster cluster, String name) {
        if (cluster.node(name) == null) {
            cluster.addNode(name, name, true, 0);
        }
    }

    /** The primitive of a connection that the configuration does not write out. */
    static Element connection(
            String name,
            @Nullable String container,
            @Nullable String allowMigrate,
            @Nullable String managed,
            @Nullable String connectTimeout,
            @Nullable String address,
            @Nullable String port) {
        Element.Builder meta =
                Element.builder("meta_attributes").attribute("id", name + "-meta_attributes");
        pair(meta, name, "container", container);
        pair(meta, name, "internal_rsc", "true");
        pair(meta, name, "allow-migrate", allowMigrate);
        pair(meta, name, "is-managed", managed);
        Element.Builder operations =
                Element.builder("operations").child(operation(name, "monitor", "30s", "30s"));
        if (connectTimeout != null) {
            operations.child(operation(name, "start", "0", connectTimeout));
        }
        Element.Builder connection =
                Element.builder("primitive")
                        .attribute("id", name)
                        .attribute("class", "ocf")
                        .attribute("provider", "pacemaker")
                        .attribute("type", "remote")
                        .child(meta.build())
                        .child(operations.build());
        if (address != null || port != null) {
            Element.Builder parameters =
                    Element.builder("instance_attributes")
                            .attribute("id", name + "-instance_attributes");
            pair(parameters, name, "addr", address);
            pair(parameters, name, "port", port);
            connection.child(parameters.build());
        }
        return connection.build();
    }

    private static Element operation(String id, String name, String interval, String timeout) {
        return Element.of(
                "op",
                "id",
                id + "-" + name + "-" + interval,
                "interval",
                interval,
                "name",
                name,
                "timeout",
                timeout);
    }

    private static void pair(Element.Builder set, String id, String name, @Nullable String value) {
        if (value != null) {
            set.child(Element.of("nvpair", "id", id + "-" + name, "name", name, "value", value));
        }
    }

    /** Ties a node to the resource that connects to it. */
    static void link(Cluster cluster, Resource resource) {
        if (!(resource instanceof Primitive connection) || !connection.remoteConnection) {
            return;
        }
        Node node = cluster.node(resource.id);
        if (node == null) {
            return;
        }
        node.remote = connection;
        if (resource.launcher == null) {
            Configuration.startupFencing(cluster, node);
        } else {
            node.attributes.put("#kind", "container");
        }
    }

    /** The connections to all guests that run inside a resource. */
    static List<Resource> guestsIn(Resource resource) {
        List<Resource> found = new ArrayList<>(1);
        for (Resource launched : resource.launched) {
            if (launched.remoteConnection) {
                found.add(launched);
            }
        }
        return found;
    }
}
