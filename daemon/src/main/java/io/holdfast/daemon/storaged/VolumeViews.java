package io.holdfast.daemon.storaged;

import io.holdfast.api.message.VolumeStatus;
import io.holdfast.replication.core.ConnectionState;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;

/** What replication knows of a volume, in the words of the api. */
final class VolumeViews {
    private VolumeViews() {}

    static VolumeStatus of(io.holdfast.replication.driver.VolumeStatus volume) {
        var counters = volume.counters();
        return new VolumeStatus(
                volume.volume(),
                volume.device(),
                volume.up(),
                role(volume.role()),
                disk(volume.disk()),
                volume.protocol().name(),
                volume.epoch(),
                volume.sizeBytes(),
                volume.suspended(),
                volume.peers().stream().map(VolumeViews::peer).toList(),
                new VolumeStatus.Counters(
                        counters.sentBytes(),
                        counters.receivedBytes(),
                        counters.diskWrittenBytes(),
                        counters.diskReadBytes(),
                        counters.requestsInFlight(),
                        counters.flushes(),
                        counters.activityLogWrites(),
                        counters.bitmapWrites()),
                volume.problem().orElse(null));
    }

    private static VolumeStatus.Peer peer(
            io.holdfast.replication.driver.VolumeStatus.PeerStatus peer) {
        return new VolumeStatus.Peer(
                peer.node(),
                connection(peer.connection()),
                role(peer.role()),
                disk(peer.disk()),
                replication(peer.replication()),
                peer.syncPercent(),
                peer.outOfSyncBytes(),
                new VolumeStatus.Progress(
                        peer.resyncLeftBytes(),
                        peer.resyncBytesPerSecond(),
                        peer.resyncEstimateSeconds(),
                        peer.verifiedPercent()));
    }

    private static VolumeStatus.Role role(Role role) {
        return VolumeStatus.Role.valueOf(role.name());
    }

    private static VolumeStatus.Disk disk(DiskState disk) {
        return VolumeStatus.Disk.valueOf(disk.name());
    }

    private static VolumeStatus.Connection connection(ConnectionState connection) {
        return VolumeStatus.Connection.valueOf(connection.name());
    }

    private static VolumeStatus.Replication replication(ReplicationState replication) {
        return switch (replication) {
            case OFF -> VolumeStatus.Replication.OFF;
            case ESTABLISHED -> VolumeStatus.Replication.ESTABLISHED;
            case WAITING_FOR_BITMAP_AS_SOURCE, WAITING_FOR_BITMAP_AS_TARGET ->
                    VolumeStatus.Replication.HANDSHAKE;
            case PAUSED_AHEAD -> VolumeStatus.Replication.PAUSED_SYNC_SOURCE;
            case PAUSED_BEHIND -> VolumeStatus.Replication.PAUSED_SYNC_TARGET;
            case VERIFY_SOURCE -> VolumeStatus.Replication.VERIFY_SOURCE;
            case SYNC_SOURCE -> VolumeStatus.Replication.SYNC_SOURCE;
            case SYNC_TARGET -> VolumeStatus.Replication.SYNC_TARGET;
        };
    }
}
