package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;

/** Makes the actions of bundles. */
final class BundleSteps {
    private BundleSteps() {}

    static void create(Bundle bundle) {
        for (Bundle.Replica replica : bundle.replicas) {
            for (Primitive part : new Primitive[] {replica.ip, replica.container, replica.remote}) {
                if (part != null) {
                    ResourceSteps.create(part);
                }
            }
        }
        CloneSteps.instances(bundle, bundle.containers());
        if (bundle.child == null) {
            return;
        }
        ResourceSteps.create(bundle.child);
        if (bundle.child.promotable) {
            Actions.pseudo(bundle, Tasks.PROMOTE, true, true);
            Actions.pseudo(bundle, Tasks.PROMOTED, true, true).priority = Score.INFINITY;
            Actions.pseudo(bundle, Tasks.DEMOTE, true, true);
            Actions.pseudo(bundle, Tasks.DEMOTED, true, true).priority = Score.INFINITY;
        }
    }
}
