package io.holdfast.cli.view;

import io.holdfast.api.message.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Volumes as {@code /proc/drbd} of DRBD 8.4 shows them, for scripts and eyes that know it. That has
 * one peer a volume; here each further peer gets a block of its own under the same number.
 *
 * <pre>
 *  ns nr  KiB sent to and received from peers      al bm  writes of activity log and bitmap
 *  dw dr  KiB written to and read from the disk    ap     requests of users in flight
 *  oos    KiB out of sync                          lo pe ua ep wo  not counted here
 * </pre>
 */
public final class DrbdProcView {
    private static final int BAR = 20;

    private DrbdProcView() {}

    public static List<String> of(List<VolumeStatus> volumes) {
        List<String> lines = new ArrayList<>();
        lines.add("version: 8.4.11 (api:1/proto:86-101)");
        lines.add("srcversion: holdfast");
        for (VolumeStatus volume : volumes) {
            volume(volume, lines);
        }
        return lines;
    }

    /** The number of {@code /dev/drbdN}; 0 for a device with another name. */
    static int minor(VolumeStatus volume) {
        String digits = volume.device().replaceFirst("^/dev/drbd", "");
        return digits.matches("\\d{1,7}") ? Integer.parseInt(digits) : 0;
    }

    private static void volume(VolumeStatus volume, List<String> lines) {
        int minor = minor(volume);
        if (!volume.up()) {
            lines.add(String.format(Locale.ROOT, "%2d: cs:Unconfigured", minor));
            return;
        }
        if (volume.peers().isEmpty()) {
            lines.add(head(minor, "StandAlone", volume, "Unknown", "DUnknown"));
            lines.add(counters(volume, 0));
        }
        for (VolumeStatus.Peer peer : volume.peers()) {
            lines.add(
                    head(
                            minor,
                            connection(peer),
                            volume,
                            peer.role().shown(),
                            peer.disk().shown()));
            lines.add(counters(volume, peer.outOfSyncBytes()));
            progress(volume, peer, lines);
        }
    }

    private static String head(
            int minor, String connection, VolumeStatus volume, String role, String disk) {
        return String.format(
                Locale.ROOT,
                "%2d: cs:%s ro:%s/%s ds:%s/%s %s %s-----",
                minor,
                connection,
                volume.role().shown(),
                role,
                volume.disk().shown(),
                disk,
                volume.protocol(),
                volume.suspended() ? "s" : "r");
    }

    /** One word for connection and replication, as 8.4 had it. */
    static String connection(VolumeStatus.Peer peer) {
        return switch (peer.replication()) {
            case OFF, ESTABLISHED ->
                    peer.connection() == VolumeStatus.Connection.CONNECTING
                            ? "WFConnection"
                            : peer.connection().shown();
            default -> peer.replication().shown();
        };
    }

    private static String counters(VolumeStatus volume, long outOfSyncBytes) {
        VolumeStatus.Counters counted = volume.counters();
        return String.format(
                Locale.ROOT,
                "    ns:%d nr:%d dw:%d dr:%d al:%d bm:%d lo:0 pe:0 ua:0 ap:%d ep:1 wo:f oos:%d",
                counted.sentBytes() / 1024,
                counted.receivedBytes() / 1024,
                counted.diskWrittenBytes() / 1024,
                counted.diskReadBytes() / 1024,
                counted.activityLogWrites(),
                counted.bitmapWrites(),
                counted.requestsInFlight(),
                outOfSyncBytes / 1024);
    }

    private static void progress(VolumeStatus volume, VolumeStatus.Peer peer, List<String> lines) {
        VolumeStatus.Progress progress = peer.progress();
        boolean syncing =
                peer.replication() == VolumeStatus.Replication.SYNC_SOURCE
                        || peer.replication() == VolumeStatus.Replication.SYNC_TARGET;
        double percent = syncing ? peer.syncPercent() : progress.verifiedPercent();
        if (!syncing && percent < 0) {
            return;
        }
        int full = (int) (percent * BAR / 100);
        lines.add(
                String.format(
                        Locale.ROOT,
                        "\t[%s>%s] %s: %.1f%% (%d/%d)M",
                        "=".repeat(full),
                        ".".repeat(BAR - full),
                        syncing ? "sync'ed" : "verified",
                        percent,
                        progress.leftBytes() >> 20,
                        volume.sizeBytes() >> 20));
        if (syncing) {
            int left = progress.estimateSeconds();
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "\tfinish: %s speed: %,d K/sec",
                            left < 0
                                    ? "unknown"
                                    : String.format(
                                            Locale.ROOT,
                                            "%d:%02d:%02d",
                                            left / 3600,
                                            left / 60 % 60,
                                            left % 60),
                            progress.bytesPerSecond() / 1024));
        }
    }
}
