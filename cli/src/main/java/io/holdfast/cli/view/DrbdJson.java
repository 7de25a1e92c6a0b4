package io.holdfast.cli.view;

import io.holdfast.api.message.VolumeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Volumes with the names that {@code drbdsetup status --json} of DRBD 9 has. */
public final class DrbdJson {
    private DrbdJson() {}

    public static List<Map<String, Object>> of(List<VolumeStatus> volumes) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (VolumeStatus volume : volumes) {
            if (volume.up()) {
                all.add(resource(volume));
            }
        }
        return all;
    }

    private static Map<String, Object> resource(VolumeStatus volume) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("name", volume.volume().name());
        resource.put("role", volume.role().shown());
        resource.put("suspended", volume.suspended());
        resource.put("write-ordering", "flush");
        resource.put("devices", List.of(device(volume)));
        resource.put(
                "connections",
                volume.peers().stream().map(peer -> connection(volume, peer)).toList());
        return resource;
    }

    private static Map<String, Object> device(VolumeStatus volume) {
        VolumeStatus.Counters counted = volume.counters();
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("volume", 0);
        device.put("minor", DrbdProcView.minor(volume));
        device.put("disk-state", volume.disk().shown());
        device.put("client", false);
        device.put("quorum", !volume.suspended());
        device.put("size", volume.sizeBytes() / 1024);
        device.put("read", counted.diskReadBytes() / 1024);
        device.put("written", counted.diskWrittenBytes() / 1024);
        device.put("al-writes", counted.activityLogWrites());
        device.put("bm-writes", counted.bitmapWrites());
        device.put("upper-pending", counted.requestsInFlight());
        device.put("lower-pending", 0);
        return device;
    }

    private static Map<String, Object> connection(VolumeStatus volume, VolumeStatus.Peer peer) {
        Map<String, Object> connection = new LinkedHashMap<>();
        connection.put("name", peer.node().name());
        connection.put("connection-state", peer.connection().shown());
        connection.put("congested", false);
        connection.put("peer-role", peer.role().shown());
        connection.put("peer_devices", List.of(peerDevice(volume, peer)));
        return connection;
    }

    private static Map<String, Object> peerDevice(VolumeStatus volume, VolumeStatus.Peer peer) {
        VolumeStatus.Progress progress = peer.progress();
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("volume", 0);
        device.put("replication-state", peer.replication().shown());
        device.put("peer-disk-state", peer.disk().shown());
        device.put("peer-client", false);
        device.put("resync-suspended", isPaused(peer) ? "user" : "no");
        device.put("received", volume.counters().receivedBytes() / 1024);
        device.put("sent", volume.counters().sentBytes() / 1024);
        device.put("out-of-sync", peer.outOfSyncBytes() / 1024);
        device.put("percent-in-sync", Math.round(peer.syncPercent() * 100) / 100.0);
        if (progress.leftBytes() > 0) {
            device.put("rs-left", progress.leftBytes() / 1024);
            device.put("db/dt [MiB/s]", progress.bytesPerSecond() / (1 << 20));
            device.put("estimated-seconds-to-finish", progress.estimateSeconds());
        }
        if (progress.verifiedPercent() >= 0) {
            device.put("verified-percent", Math.round(progress.verifiedPercent() * 100) / 100.0);
        }
        return device;
    }

    private static boolean isPaused(VolumeStatus.Peer peer) {
        return peer.replication() == VolumeStatus.Replication.PAUSED_SYNC_SOURCE
                || peer.replication() == VolumeStatus.Replication.PAUSED_SYNC_TARGET;
    }
}
