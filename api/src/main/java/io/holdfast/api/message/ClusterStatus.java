package io.holdfast.api.message;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one of its nodes sees it now.
 *
 * @param node who answers
 * @param witness null when none is configured
 * @param leaseRemainingMillis how long {@code node} may still act; 0 when it may not
 * @param resources in the configuration's order, groups and clones with what is in them
 * @param volumes as {@code node}'s storaged reports them; empty while it cannot be reached
 * @param warnings unsafe settings and things an administrator should look at
 * @param configurationVersion {@code admin_epoch.epoch.num_updates}
 * @param lastChange null until something was changed
 */
public record ClusterStatus(
        String clusterName,
        NodeId node,
        View view,
        @Nullable Witness witness,
        List<Link> links,
        long leaseRemainingMillis,
        List<Node> nodes,
        List<ResourceStatus> resources,
        List<FailedOperation> failedOperations,
        List<VolumeStatus> volumes,
        List<FloatingAddress> addresses,
        List<Problem> warnings,
        String configurationVersion,
        LogPosition logPosition,
        @Nullable LastChange lastChange)
        implements Answer {

    public ClusterStatus {
        links = List.copyOf(links);
        nodes = List.copyOf(nodes);
        resources = List.copyOf(resources);
        failedOperations = List.copyOf(failedOperations);
        volumes = List.copyOf(volumes);
        addresses = List.copyOf(addresses);
        warnings = List.copyOf(warnings);
    }

    /** The membership view. */
    public record View(
            Term term,
            List<NodeId> members,
            @Nullable NodeId coordinator,
            boolean quorate,
            int votesExpected,
            int votesPresent,
            int quorum) {
        public View {
            members = List.copyOf(members);
        }
    }

    public record Witness(NodeId name, boolean up) {}

    /** One ring to one peer; {@code localAddress} null when it is not known. */
    public record Link(
            int ring, NodeId peer, @Nullable String localAddress, String peerAddress, boolean up) {}

    /** A node of the configuration, member or not. */
    public record Node(
            NodeId name, int votes, NodeState state, boolean standby, boolean maintenance) {}

    public enum NodeState {
        ONLINE,
        /** In the view, but it has not yet reported what runs on it. */
        PENDING,
        /** Gone in order. */
        OFFLINE,
        /** Gone, and what ran there may still run. */
        UNCLEAN
    }

    /** An operation whose failure still counts. */
    public record FailedOperation(
            String resource,
            String operation,
            long intervalMillis,
            NodeId node,
            int returnCode,
            String returnCodeName,
            String status,
            String exitReason,
            int callId,
            long finishedEpochMillis,
            long executionMillis) {}

    /** An address that belongs to whoever runs its resource; {@code node} null when nobody does. */
    public record FloatingAddress(
            String resource,
            String address,
            int prefixLength,
            @Nullable String networkInterface,
            @Nullable NodeId node) {}

    public record LastChange(long epochMillis, NodeId node, String by) {}
}
