package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.model.Bundle;

/** Makes the actions of bundles. */
final class BundleSteps {
    private BundleSteps() {}

    static void create(Bundle bundle) {}
}
