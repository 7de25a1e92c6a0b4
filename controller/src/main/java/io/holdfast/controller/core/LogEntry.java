package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.util.SortedSet;

/**
 * A change of {@link ClusterState}, decided by the coordinator and replayed by every member in the
 * same order. Entries say what is so, not what somebody wished: replaying cannot fail.
 */
public sealed interface LogEntry {
    /** The first entry of each term: from here on these members decide. */
    record TermInstalled(Term term, SortedSet<NodeId> members) implements LogEntry {}

    /** The configuration is now this CIB (without status), in Pacemaker's XML. */
    record ConfigurationReplaced(String cibXml) implements LogEntry {}

    record VolumePromoted(VolumeId volume, NodeId node, Epoch epoch) implements LogEntry {}

    record VolumeReleased(VolumeId volume, NodeId node, Epoch epoch) implements LogEntry {}

    record ReplicaOutdated(VolumeId volume, NodeId replica, Epoch since) implements LogEntry {}

    record ReplicaUpToDate(VolumeId volume, NodeId replica) implements LogEntry {}
}
