package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.NodeTable;
import org.jspecify.annotations.Nullable;

/** Whether nodes can run resources. */
public final class Availability {
    private Availability() {}

    /** Whether the node can run resources at all. */
    public static boolean canRun(@Nullable Node node) {
        return node != null
                && node.online
                && !node.shutdown
                && !node.unclean
                && !node.standby
                && !node.maintenance;
    }

    public static boolean canRun(@Nullable NodeScore entry) {
        return entry != null && canRun(entry.node);
    }

    /** Whether the node can run resources and is not banned by its score. */
    public static boolean isOpen(@Nullable NodeScore entry) {
        return entry != null && entry.score >= 0 && canRun(entry.node);
    }

    /** The same for a node by itself, whose score is that of new resources. */
    public static boolean isOpen(@Nullable Node node) {
        return node != null && node.score >= 0 && canRun(node);
    }

    /** Whether the node can run resources and, if it is a guest, the guest will run. */
    static boolean canRunAsGuest(@Nullable NodeScore entry) {
        return entry != null && canRun(entry.node) && guestRuns(entry.node);
    }

    static boolean guestRuns(Node node) {
        return !node.isGuest() || node.guestResource().location(false) != null;
    }

    static boolean anyOpen(NodeTable table) {
        for (NodeScore entry : table) {
            if (isOpen(entry)) {
                return true;
            }
        }
        return false;
    }
}
