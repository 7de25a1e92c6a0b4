package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Resource;
import java.util.List;

/** The parts of bundles, as they come into the graph. */
final class BundleGraph {
    private BundleGraph() {}

    static List<Resource> prepare(Bundle bundle) {
        return List.of();
    }
}
