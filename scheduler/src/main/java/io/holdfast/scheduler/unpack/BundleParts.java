package io.holdfast.scheduler.unpack;

import io.holdfast.scheduler.model.Bundle;

/** Makes the resources a bundle stands for. */
final class BundleParts {
    private BundleParts() {}

    static boolean unpack(Bundle bundle) {
        return false;
    }
}
