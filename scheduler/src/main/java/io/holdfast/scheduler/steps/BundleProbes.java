package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;

/** Probes the parts of bundles. */
final class BundleProbes {
    private BundleProbes() {}

    static boolean probe(Bundle bundle, Node node) {
        boolean any = false;
        for (Bundle.Replica replica : bundle.replicas) {
            any |= replica.ip != null && Probes.one(replica.ip, node);
            any |= replica.child != null && node == replica.node && Probes.one(replica.child, node);
            Primitive container = replica.container;
            if (container != null && Probes.one(container, node)) {
                any = true;
                if (bundle.replicasPerHost == 1) {
                    orderOthers(bundle, container);
                }
            }
            Primitive remote = replica.remote;
            if (container != null && remote != null && Probes.one(remote, node)) {
                Action probe = remote.findByTask(Tasks.MONITOR, node);
                if (probe != null) {
                    any = true;
                    // where the container runs has to be known first
                    Orderings.taskThenAction(
                            container, Tasks.START, probe, Relation.NESTED_REMOTE_PROBE);
                }
            }
        }
        return any;
    }

    /** No other container starts before it is known that none runs there already. */
    private static void orderOthers(Bundle bundle, Primitive container) {
        for (Bundle.Replica other : bundle.replicas) {
            if (other.container != null && other.container != container) {
                Orderings.tasks(
                        container,
                        Tasks.MONITOR,
                        other.container,
                        Tasks.START,
                        Relation.ORDERED | Relation.IF_ON_SAME_NODE);
            }
        }
    }
}
