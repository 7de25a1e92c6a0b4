package io.holdfast.replication;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import java.util.concurrent.CompletionStage;

/**
 * What a volume asks of the cluster: whether this node may act now, and to write down which
 * replicas are no longer equal. `storaged` answers from the lease page and over the socket to
 * `clusterd`.
 */
public interface ActingRight {
    /**
     * Until when ({@link System#nanoTime}) this node may acknowledge I/O as Primary of {@code
     * volume} under {@code epoch}; a time in the past when it may not. Cheap: called for each
     * acknowledgement.
     */
    long actingUntilNanos(VolumeId volume, Epoch epoch);

    /**
     * Records on the quorate side that {@code replica} is Outdated since {@code epoch}. Completes
     * when the record cannot be lost; fails when the record is refused (this node's epoch is over).
     */
    CompletionStage<Void> recordOutdated(VolumeId volume, Epoch epoch, NodeId replica);

    /** Records that {@code replica} is equal again and connected. Completes as above. */
    CompletionStage<Void> recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica);
}
