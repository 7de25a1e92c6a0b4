package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the quorate side has written down about a volume. It outlives every node that wrote it, so a
 * replica that missed writes cannot be promoted by mistake.
 *
 * @param epoch of the last promotion; {@link Epoch#NONE} before the first
 * @param holder the node that was promoted and has not released the volume yet
 * @param outdatedSince replicas that may lack acknowledged writes, and since which epoch
 */
public record VolumeRecord(
        Epoch epoch, Optional<NodeId> holder, SortedMap<NodeId, Epoch> outdatedSince) {
    public static final VolumeRecord NEW =
            new VolumeRecord(Epoch.NONE, Optional.empty(), new TreeMap<>());

    public VolumeRecord {
        outdatedSince = Collections.unmodifiableSortedMap(new TreeMap<>(outdatedSince));
    }

    VolumeRecord promoted(NodeId node, Epoch newEpoch) {
        // Who is promoted by force although it was Outdated is what the others are measured by now.
        var outdated = new TreeMap<>(outdatedSince);
        outdated.remove(node);
        return new VolumeRecord(newEpoch, Optional.of(node), outdated);
    }

    VolumeRecord released() {
        return new VolumeRecord(epoch, Optional.empty(), outdatedSince);
    }

    VolumeRecord withOutdated(NodeId replica, Epoch since) {
        var outdated = new TreeMap<>(outdatedSince);
        outdated.putIfAbsent(replica, since);
        return new VolumeRecord(epoch, holder, outdated);
    }

    VolumeRecord withUpToDate(NodeId replica) {
        var outdated = new TreeMap<>(outdatedSince);
        outdated.remove(replica);
        return new VolumeRecord(epoch, holder, outdated);
    }
}
