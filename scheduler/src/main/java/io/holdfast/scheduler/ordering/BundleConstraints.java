package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.placement.Colocations;

/** The constraints among the parts of bundles. */
final class BundleConstraints {
    private static final int BEFORE = Relation.THEN_IMPLIES_FIRST_GRAPHED;
    private static final int AFTER = Relation.FIRST_IMPLIES_THEN_GRAPHED;

    private BundleConstraints() {}

    static void add(Bundle bundle) {
        Clone child = bundle.child;
        if (child != null) {
            Orderings.starts(bundle, child, BEFORE);
            Orderings.stops(bundle, child, BEFORE);
            Orderings.tasks(child, Tasks.RUNNING, bundle, Tasks.RUNNING, AFTER);
            Orderings.tasks(child, Tasks.STOPPED, bundle, Tasks.STOPPED, AFTER);
        }
        for (Bundle.Replica replica : bundle.replicas) {
            if (replica.container != null) {
                replica(bundle, replica, replica.container);
            }
        }
        if (child == null) {
            return;
        }
        InternalConstraints.add(child);
        if (child.promotable) {
            InternalConstraints.aroundPromotions(bundle);
            Orderings.tasks(child, Tasks.DEMOTED, bundle, Tasks.DEMOTED, AFTER);
            Orderings.tasks(bundle, Tasks.DEMOTE, child, Tasks.DEMOTE, BEFORE);
            Orderings.tasks(child, Tasks.PROMOTED, bundle, Tasks.PROMOTED, AFTER);
            Orderings.tasks(bundle, Tasks.PROMOTE, child, Tasks.PROMOTE, BEFORE);
        }
    }

    private static void replica(Bundle bundle, Bundle.Replica replica, Primitive container) {
        InternalConstraints.add(container);
        Orderings.starts(bundle, container, Relation.UNRUNNABLE_FIRST_BLOCKS | BEFORE);
        if (replica.child != null) {
            Orderings.stops(bundle, replica.child, BEFORE);
        }
        Orderings.stops(bundle, container, BEFORE);
        Orderings.tasks(container, Tasks.START, bundle, Tasks.RUNNING, AFTER);
        Orderings.tasks(container, Tasks.STOP, bundle, Tasks.STOPPED, AFTER);
        Primitive ip = replica.ip;
        if (ip != null) {
            InternalConstraints.add(ip);
            Orderings.starts(
                    ip, container, Relation.UNRUNNABLE_FIRST_BLOCKS | Relation.GUEST_ALLOWED);
            Orderings.stops(container, ip, Relation.THEN_IMPLIES_FIRST | Relation.GUEST_ALLOWED);
            Colocations.add(
                    "#ip-with-container",
                    null,
                    Score.INFINITY,
                    ip,
                    container,
                    Role.UNKNOWN,
                    Role.UNKNOWN,
                    true,
                    false);
        }
        if (replica.remote != null) {
            // it is ordered after and placed with its container like any guest's connection
            InternalConstraints.add(replica.remote);
        }
    }
}
