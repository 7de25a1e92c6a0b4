package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Bundle;

/** The constraints among the parts of bundles. */
final class BundleConstraints {
    private BundleConstraints() {}

    static void add(Bundle bundle) {}
}
