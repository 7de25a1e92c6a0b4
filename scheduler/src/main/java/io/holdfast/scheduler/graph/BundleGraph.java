package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.actions.Bundles;
import io.holdfast.scheduler.actions.Parameters;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of bundles, as they come into the graph. */
final class BundleGraph {
    private BundleGraph() {}

    /** The parts in their order; addresses that are the container's node are filled in. */
    static List<Resource> prepare(Bundle bundle) {
        List<Resource> parts = new ArrayList<>();
        add(parts, bundle.child);
        for (Bundle.Replica replica : bundle.replicas) {
            Primitive remote = replica.remote;
            if (remote != null) {
                String address = Bundles.remoteName(remote);
                if (address != null) {
                    Parameters.of(remote, null).put("addr", address);
                }
            }
            add(parts, replica.ip);
            add(parts, replica.container);
            add(parts, replica.remote);
        }
        return parts;
    }

    private static void add(List<Resource> parts, @Nullable Resource part) {
        if (part != null) {
            parts.add(part);
        }
    }
}
