package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a {@link Change} means for a {@link ClusterState}; changes nothing itself. The rules
 * of docs/adr/0002, 9 and 10, stand here and nowhere else.
 */
final class ChangeRules {
    /**
     * @param entry what is to be logged; null when nothing needs to change or it is refused
     * @param epoch the new epoch of a promotion
     * @param problems why it is refused; empty when it is not
     */
    record Decision(
            @Nullable LogEntry entry, Epoch epoch, List<Problem> warnings, List<Problem> problems) {
        static Decision accept(LogEntry entry) {
            return new Decision(entry, Epoch.NONE, List.of(), List.of());
        }

        static Decision alreadySo() {
            return new Decision(null, Epoch.NONE, List.of(), List.of());
        }

        static Decision refuse(Problem problem) {
            return new Decision(null, Epoch.NONE, List.of(), List.of(problem));
        }
    }

    private final ClusterState state;
    private final SortedSet<NodeId> members;

    ChangeRules(ClusterState state, SortedSet<NodeId> members) {
        this.state = state;
        this.members = members;
    }

    Decision decide(Change change) {
        return switch (change) {
            case Change.LoadConfiguration c -> ConfigurationChange.load(state.cib(), c);
            case Change.SetNodeAttribute c ->
                    ConfigurationChange.nodeAttribute(state.cib(), c.node(), c.name(), c.value());
            case Change.SetResourceMeta c ->
                    ConfigurationChange.resourceMeta(
                            state.cib(), c.resource(), c.name(), c.value());
            case Change.CleanUpResource c -> Decision.alreadySo();
            case Change.PromoteVolume c -> promote(c.volume(), c.node(), c.force());
            case Change.ReleaseVolume c -> release(c);
            case Change.OutdateReplica c -> outdate(c);
            case Change.ReinstateReplica c -> reinstate(c);
        };
    }

    private Decision promote(VolumeId volume, NodeId node, boolean force) {
        VolumeRecord record = state.volume(volume);
        Optional<NodeId> holder = record.holder();
        // A holder outside the view has no lease any more: its term was replaced (ADR 0002, rules
        // 2-4).
        if (holder.isPresent() && !holder.get().equals(node) && members.contains(holder.get())) {
            return Decision.refuse(
                    new Problem(
                            "volume " + volume + " is not promoted on " + node,
                            volume.name(),
                            holder.get() + " holds it under epoch " + record.epoch(),
                            "demote it there first: holdfast drbdadm secondary " + volume));
        }
        Epoch outdatedSince = record.outdatedSince().get(node);
        if (outdatedSince != null && !force) {
            return Decision.refuse(
                    new Problem(
                            "volume " + volume + " is not promoted on " + node,
                            volume.name(),
                            "its replica there is Outdated since epoch "
                                    + outdatedSince
                                    + ": it may lack acknowledged writes",
                            "start a node with a replica that is UpToDate and let this one resync"));
        }
        Epoch epoch = record.epoch().next();
        return new Decision(
                new LogEntry.VolumePromoted(volume, node, epoch), epoch, List.of(), List.of());
    }

    private Decision release(Change.ReleaseVolume change) {
        VolumeRecord record = state.volume(change.volume());
        return holds(record, change.node(), change.epoch())
                ? Decision.accept(
                        new LogEntry.VolumeReleased(change.volume(), change.node(), change.epoch()))
                : Decision.alreadySo();
    }

    private Decision outdate(Change.OutdateReplica change) {
        VolumeRecord record = state.volume(change.volume());
        if (!holds(record, change.node(), change.epoch())) {
            return Decision.refuse(
                    notHolder(change.volume(), change.node(), change.epoch(), record));
        }
        return record.outdatedSince().containsKey(change.replica())
                ? Decision.alreadySo()
                : Decision.accept(
                        new LogEntry.ReplicaOutdated(
                                change.volume(), change.replica(), change.epoch()));
    }

    private Decision reinstate(Change.ReinstateReplica change) {
        VolumeRecord record = state.volume(change.volume());
        // A resync may outlive its source's demotion: whoever was last promoted may still say so.
        boolean mayTell =
                record.epoch().equals(change.epoch())
                        && record.holder().map(change.node()::equals).orElse(true)
                        && !record.outdatedSince().containsKey(change.node());
        if (!mayTell) {
            return Decision.refuse(
                    notHolder(change.volume(), change.node(), change.epoch(), record));
        }
        return record.outdatedSince().containsKey(change.replica())
                ? Decision.accept(new LogEntry.ReplicaUpToDate(change.volume(), change.replica()))
                : Decision.alreadySo();
    }

    private static boolean holds(VolumeRecord record, NodeId node, Epoch epoch) {
        return record.holder().equals(Optional.of(node)) && record.epoch().equals(epoch);
    }

    private static Problem notHolder(
            VolumeId volume, NodeId node, Epoch epoch, VolumeRecord record) {
        return new Problem(
                "the record of " + node + " about volume " + volume + " is refused",
                volume.name(),
                "it speaks for epoch "
                        + epoch
                        + ", but the volume is at epoch "
                        + record.epoch()
                        + record.holder().map(n -> ", held by " + n).orElse(", held by nobody"),
                "nothing: a Primary whose epoch is over stops by itself");
    }
}
