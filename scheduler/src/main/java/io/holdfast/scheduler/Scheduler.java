package io.holdfast.scheduler;

import io.holdfast.cib.Cib;
import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.graph.Graph;
import io.holdfast.scheduler.graph.Placements;
import io.holdfast.scheduler.graph.TransitionSummary;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.ordering.ApplyOrderings;
import io.holdfast.scheduler.ordering.InternalConstraints;
import io.holdfast.scheduler.placement.Assignment;
import io.holdfast.scheduler.steps.ConfigurationChanges;
import io.holdfast.scheduler.steps.NodeCriteria;
import io.holdfast.scheduler.steps.NodeHealth;
import io.holdfast.scheduler.steps.NodeSteps;
import io.holdfast.scheduler.steps.Probes;
import io.holdfast.scheduler.steps.RemoteOrders;
import io.holdfast.scheduler.steps.RemovedResources;
import io.holdfast.scheduler.steps.ResourceSteps;
import io.holdfast.scheduler.unpack.Constraints;
import io.holdfast.scheduler.unpack.Unpack;
import java.time.Instant;
import java.util.List;

/**
 * Decides what a cluster has to do. A pure function: the same CIB and the same time give the same
 * transition, and nothing else is asked.
 */
public final class Scheduler {
    private Scheduler() {}

    public static Transition schedule(Cib cib, Instant now) {
        Cluster cluster = new Cluster(cib.root(), now.getEpochSecond());
        return schedule(cluster);
    }

    /** The calculation, whose every phase fills in more of the cluster. */
    public static Transition schedule(Cluster cluster) {
        Unpack.clusterStatus(cluster);
        return continueFromStatus(cluster);
    }

    /** The state of a cluster, without a decision what to do. */
    public static Cluster status(Element cib, Instant now) {
        Cluster cluster = new Cluster(cib, now.getEpochSecond());
        Unpack.clusterStatus(cluster);
        return cluster;
    }

    /** Decides for a cluster whose status has been read. */
    public static Transition continueFromStatus(Cluster cluster) {
        // what is wanted
        NodeHealth.apply(cluster);
        Constraints.unpack(cluster);
        NodeCriteria.apply(cluster);
        InternalConstraints.add(cluster);
        ConfigurationChanges.handle(cluster);
        // where everything goes
        Assignment.all(cluster);
        // what has to be done for that
        ConfigurationChanges.handleDeferred(cluster);
        if (cluster.probeResources) {
            Probes.schedule(cluster);
        }
        if (cluster.stopRemovedResources) {
            RemovedResources.clearFailures(cluster);
        }
        for (Resource resource : List.copyOf(cluster.resources)) {
            ResourceSteps.create(resource);
        }
        RemoteOrders.order(cluster);
        NodeSteps.create(cluster);
        // in which order
        ApplyOrderings.apply(cluster);
        List<Transition.Step> steps = Graph.create(cluster);
        return new Transition(
                steps,
                Graph.settings(cluster),
                cluster.recheckBy,
                Placements.of(cluster),
                TransitionSummary.of(cluster));
    }
}
