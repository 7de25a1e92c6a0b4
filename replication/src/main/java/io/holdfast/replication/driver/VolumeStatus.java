package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.core.ConnectionState;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;
import java.util.List;
import java.util.Optional;

/**
 * A volume as this node sees it now.
 *
 * @param up false when only configured; then Secondary and Diskless
 * @param epoch the highest epoch this replica has on disk
 * @param sizeBytes 0 while not up
 * @param suspended whether I/O waits: lease over, or a replica is being recorded as Outdated
 * @param openCount how many users hold it open
 * @param problem why it is not as it should be
 */
public record VolumeStatus(
        VolumeId volume,
        String device,
        boolean up,
        Role role,
        DiskState disk,
        Protocol protocol,
        Epoch epoch,
        long sizeBytes,
        boolean suspended,
        int openCount,
        List<PeerStatus> peers,
        Counters counters,
        Optional<Problem> problem) {

    public VolumeStatus {
        peers = List.copyOf(peers);
    }

    /**
     * A replica elsewhere.
     *
     * @param outOfSyncBytes how much of it we know, or must assume, to differ
     * @param syncPercent of the whole volume, 0 to 100; 100 when nothing is out of sync
     * @param resyncLeftBytes of the resync that is going on, in either direction
     * @param resyncEstimateSeconds until its end; -1: none, paused, or not known yet
     * @param verifiedPercent of the verification that is going on; negative: none
     */
    public record PeerStatus(
            NodeId node,
            ConnectionState connection,
            ReplicationState replication,
            Role role,
            DiskState disk,
            long outOfSyncBytes,
            double syncPercent,
            long resyncLeftBytes,
            long resyncBytesPerSecond,
            int resyncEstimateSeconds,
            double verifiedPercent) {}

    /** Since the volume came up. */
    public record Counters(
            long sentBytes,
            long receivedBytes,
            long diskWrittenBytes,
            long diskReadBytes,
            long resyncedBytes,
            long requestsInFlight,
            long flushes,
            long activityLogWrites,
            long bitmapWrites) {
        public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
