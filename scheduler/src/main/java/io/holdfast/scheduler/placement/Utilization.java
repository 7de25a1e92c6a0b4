package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/** What nodes can carry, and what resources take of it. */
final class Utilization {
    private Utilization() {}

    /** Negative when the first node has more room. */
    static int compareCapacity(Node one, Node other) {
        return 0;
    }

    /** Bans a resource from nodes too small for it; the roomiest node when that matters. */
    static @Nullable Node banInsufficient(Resource resource) {
        return null;
    }

    static void consume(Node node, Resource resource) {}

    static void release(Node node, Resource resource) {}
}
