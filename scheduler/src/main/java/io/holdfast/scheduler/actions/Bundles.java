package io.holdfast.scheduler.actions;

import io.holdfast.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/** What bundles add to actions. */
public final class Bundles {
    private Bundles() {}

    /** Whether the address of a connection is the node its container is on. */
    public static boolean needsRemoteName(Resource resource) {
        return resource.remoteConnection
                && resource.isBundled()
                && "#uname".equals(Parameters.of(resource, null).get("addr"));
    }

    /** The address to connect to when it is the container's node; null when it is configured. */
    public static @Nullable String remoteName(Resource resource) {
        if (!needsRemoteName(resource)) {
            return null;
        }
        Resource container = resource.launcher;
        if (container == null) {
            return null;
        }
        if (container.assigned != null) {
            return container.assigned.node.name;
        }
        var node = container.currentNode();
        return node == null ? null : node.name;
    }
}
