package io.holdfast.controller.core;

import io.holdfast.base.Invariant;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.cib.Cib;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything the cluster has agreed on: the configuration, and what is written down about each
 * volume. Immutable; {@link #replay} is the same code on every node, so equal logs make equal
 * states. What merely is (the status section) is not in here.
 *
 * @param position of the last entry replayed
 * @param installedTerm the last term whose members took this state over
 * @param installedMembers those members
 * @param leftOut nodes that once were members, and the last term that was installed without them
 * @param cib the configuration; its status section is empty
 */
public record ClusterState(
        LogPosition position,
        Term installedTerm,
        SortedSet<NodeId> installedMembers,
        SortedMap<NodeId, Term> leftOut,
        Cib cib,
        SortedMap<VolumeId, VolumeRecord> volumes) {

    public ClusterState {
        installedMembers = Collections.unmodifiableSortedSet(new TreeSet<>(installedMembers));
        leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
        volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
    }

    /** Before the first entry. */
    public static ClusterState empty() {
        return new ClusterState(
                LogPosition.NONE,
                Term.NONE,
                new TreeSet<>(),
                new TreeMap<>(),
                Cib.empty(),
                new TreeMap<>());
    }

    public VolumeRecord volume(VolumeId volume) {
        return volumes.getOrDefault(volume, VolumeRecord.NEW);
    }

    /** Whether a term later than {@code term} was installed without {@code node}. */
    public boolean wasLeftOutSince(NodeId node, Term term) {
        return leftOut.getOrDefault(node, Term.NONE).compareTo(term) > 0;
    }

    /** The state after {@code entry}, which stands at {@code at}. */
    public ClusterState replay(LogPosition at, LogEntry entry) {
        Invariant.check(
                at.sequence() == position.sequence() + 1
                        && at.term().compareTo(position.term()) >= 0,
                "entry %s does not follow %s",
                at,
                position);
        return switch (entry) {
            case LogEntry.TermInstalled e ->
                    new ClusterState(at, e.term(), e.members(), leftOutBy(e), cib, volumes);
            case LogEntry.ConfigurationReplaced e ->
                    new ClusterState(
                            at,
                            installedTerm,
                            installedMembers,
                            leftOut,
                            Cib.parse(e.cibXml()),
                            volumes);
            case LogEntry.VolumePromoted e ->
                    with(at, e.volume(), volume(e.volume()).promoted(e.node(), e.epoch()));
            case LogEntry.VolumeReleased e -> with(at, e.volume(), volume(e.volume()).released());
            case LogEntry.ReplicaOutdated e ->
                    with(at, e.volume(), volume(e.volume()).withOutdated(e.replica(), e.since()));
            case LogEntry.ReplicaUpToDate e ->
                    with(at, e.volume(), volume(e.volume()).withUpToDate(e.replica()));
        };
    }

    private SortedMap<NodeId, Term> leftOutBy(LogEntry.TermInstalled entry) {
        var changed = new TreeMap<>(leftOut);
        // Kept for members too: one may miss this installation and come back in a later term.
        installedMembers.forEach(node -> changed.putIfAbsent(node, Term.NONE));
        changed.replaceAll((node, last) -> entry.members().contains(node) ? last : entry.term());
        return changed;
    }

    private ClusterState with(LogPosition at, VolumeId volume, VolumeRecord record) {
        var changed = new TreeMap<>(volumes);
        changed.put(volume, record);
        return new ClusterState(at, installedTerm, installedMembers, leftOut, cib, changed);
    }
}
