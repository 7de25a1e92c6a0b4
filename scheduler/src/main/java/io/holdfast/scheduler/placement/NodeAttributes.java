package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/** Node attributes as resources see them: a guest's host may answer in its place. */
public final class NodeAttributes {
    private NodeAttributes() {}

    /** The value by which a colocation compares nodes. */
    static @Nullable String forColocation(Node node, String name, Resource resource) {
        if (name.equals("#uname") && !node.isGuest()) {
            return node.name;
        }
        // what is colocated with a service in a bundle cannot be in the container: its host counts
        boolean host =
                node.isBundleNode()
                        && resource.topWithBundle() instanceof Bundle bundle
                        && resource.top() == bundle.child;
        return value(node, name, resource, host, false);
    }

    /** An attribute, asked of the host where the resource wants that for guests. */
    static @Nullable String value(
            Node node, String name, Resource resource, boolean forceHost, boolean current) {
        if (!node.isGuest()
                || !(forceHost
                        || "host"
                                .equalsIgnoreCase(
                                        resource.meta.get("container-attribute-target")))) {
            return name.equals("#uname") ? node.name : node.attribute(name);
        }
        Resource container = node.guestResource();
        Node host =
                current
                        ? container.currentNode()
                        : container.assigned == null ? null : container.assigned.node;
        if (host == null) {
            return null;
        }
        return name.equals("#uname") ? host.name : host.attribute(name);
    }
}
