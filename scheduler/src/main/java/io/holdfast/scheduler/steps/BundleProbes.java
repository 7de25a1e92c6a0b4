package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Node;

/** Probes the parts of bundles. */
final class BundleProbes {
    private BundleProbes() {}

    static boolean probe(Bundle bundle, Node node) {
        return false;
    }
}
