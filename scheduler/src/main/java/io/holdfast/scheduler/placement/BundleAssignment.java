package io.holdfast.scheduler.placement;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.unpack.FailCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the parts of bundles their nodes: containers first, then what goes with each. */
final class BundleAssignment {
    private BundleAssignment() {}

    static void choose(Bundle bundle, @Nullable Node prefer, boolean stopIfFail) {
        bundle.assigning = true;
        ScoreLines.allocation(bundle, "pcmk__bundle_assign");
        List<Resource> containers = bundle.containers();
        StableSort.sort(containers, Instances::compare);
        Instances.assign(bundle, containers, bundle.replicaCount, bundle.replicasPerHost);
        for (Bundle.Replica replica : bundle.replicas) {
            replica(replica, prefer, stopIfFail);
        }
        Clone child = bundle.child;
        if (child != null) {
            for (NodeScore entry : child.allowed) {
                entry.score = isInside(bundle, entry.node) ? 0 : -Score.INFINITY;
            }
            Assignment.choose(child, prefer, stopIfFail);
        }
        bundle.assigning = false;
        bundle.unassigned = false;
    }

    private static boolean isInside(Bundle bundle, Node node) {
        for (Bundle.Replica replica : bundle.replicas) {
            if (replica.node == node) {
                return true;
            }
        }
        return false;
    }

    private static void replica(Bundle.Replica replica, @Nullable Node prefer, boolean stopIfFail) {
        if (replica.ip != null) {
            Assignment.choose(replica.ip, prefer, stopIfFail);
        }
        Primitive remote = replica.remote;
        NodeScore host = replica.container == null ? null : replica.container.assigned;
        if (remote != null) {
            if (host != null && host.node.remoteKind && host.node.remote != null) {
                // a remote node talks to one cluster node only, and so must what runs on it
                Colocations.add(
                        "#replica-remote-with-host-remote",
                        null,
                        Score.INFINITY,
                        remote,
                        host.node.remote,
                        Role.UNKNOWN,
                        Role.UNKNOWN,
                        true,
                        false);
            }
            Assignment.choose(remote, prefer, stopIfFail);
        }
        Resource child = replica.child;
        if (child == null || child.parent == null) {
            return;
        }
        for (NodeScore entry : child.allowed) {
            int before = entry.score;
            if (entry.node != replica.node) {
                entry.score = -Score.INFINITY;
            } else if (!reachedThreshold(child, entry.node)) {
                entry.score = Score.INFINITY;
            }
            Shares.note(child, "it belongs in its container", entry.node, before, entry.score);
        }
        child.parent.assigning = true;
        Assignment.choose(child, replica.node, stopIfFail);
        child.parent.assigning = false;
    }

    private static boolean reachedThreshold(Resource resource, Node node) {
        if (resource.migrationThreshold == 0 || resource.failureIgnored) {
            return false;
        }
        int failures = FailCounts.count(node, resource, true, true, null).failures();
        return failures > 0 && failures >= resource.migrationThreshold;
    }
}
