package io.holdfast.scheduler.explain;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/** What came out for a node, in words. */
final class Verdict {
    private Verdict() {}

    static String of(Resource resource, Node node) {
        if (resource.assigned != null && resource.assigned.node == node) {
            return "chosen";
        }
        String state = unusable(node);
        if (state != null) {
            return "cannot be used: " + state;
        }
        NodeScore entry = resource.allowed.get(node);
        if (entry == null) {
            return "not allowed: no constraint lets it run here";
        }
        return entry.score < 0 ? "not allowed (below 0)" : "possible, but another is preferred";
    }

    /** Why nothing can run on a node; null when something can. */
    static @Nullable String unusable(Node node) {
        if (node.unclean) {
            return "it is unclean: what runs there is not known until it is fenced";
        }
        if (!node.online) {
            return "it is offline";
        }
        if (node.standbyOnFail) {
            return "it is in standby, because something failed there (on-fail=standby)";
        }
        if (node.standby) {
            return "it is in standby; `holdfast crm node online " + node.name + "` ends that";
        }
        if (node.maintenance) {
            return "it is in maintenance";
        }
        return node.shutdown ? "it is shutting down" : null;
    }
}
