package io.holdfast.api.message;

import io.holdfast.base.NodeId;
import java.util.List;

/**
 * Everything {@code storaged} has.
 *
 * @param leaseRemainingMillis what the lease page says; 0 when this node may not act
 */
public record StorageStatus(
        NodeId node,
        long leaseRemainingMillis,
        List<VolumeStatus> volumes,
        List<TargetStatus> targets)
        implements Answer {
    public StorageStatus {
        volumes = List.copyOf(volumes);
        targets = List.copyOf(targets);
    }
}
