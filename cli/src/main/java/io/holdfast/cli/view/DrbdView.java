package io.holdfast.cli.view;

import io.holdfast.api.message.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code drbdadm} prints: status as version 9 does, role, dstate and cstate as 8.4 does. */
public final class DrbdView {
    private DrbdView() {}

    public static List<String> status(VolumeStatus volume) {
        List<String> lines = new ArrayList<>();
        if (!volume.up()) {
            lines.add("# " + volume.volume() + " is down");
            return lines;
        }
        lines.add(
                volume.volume()
                        + " role:"
                        + volume.role().shown()
                        + (volume.suspended() ? " suspended:user" : ""));
        lines.add("  disk:" + volume.disk().shown());
        for (VolumeStatus.Peer peer : volume.peers()) {
            if (peer.connection() != VolumeStatus.Connection.CONNECTED) {
                lines.add("  " + peer.node() + " connection:" + peer.connection().shown());
                continue;
            }
            lines.add("  " + peer.node() + " role:" + peer.role().shown());
            lines.add("    " + replication(peer) + "peer-disk:" + peer.disk().shown() + done(peer));
        }
        return lines;
    }

    private static String replication(VolumeStatus.Peer peer) {
        return peer.replication() == VolumeStatus.Replication.ESTABLISHED
                ? ""
                : "replication:" + peer.replication().shown() + " ";
    }

    private static String done(VolumeStatus.Peer peer) {
        return peer.outOfSyncBytes() > 0
                ? String.format(Locale.ROOT, " done:%.2f", peer.syncPercent()) + left(peer)
                : "";
    }

    private static String left(VolumeStatus.Peer peer) {
        VolumeStatus.Progress progress = peer.progress();
        if (progress.verifiedPercent() >= 0) {
            return String.format(Locale.ROOT, " verified:%.2f", progress.verifiedPercent());
        }
        return progress.estimateSeconds() < 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " left:%ds at %d MiB/s",
                        progress.estimateSeconds(),
                        progress.bytesPerSecond() >> 20);
    }

    /** {@code Primary/Secondary}: mine, then each peer's. */
    public static String role(VolumeStatus volume) {
        return both(volume.role().shown(), volume, peer -> peer.role().shown());
    }

    /** {@code UpToDate/UpToDate}: mine, then each peer's. */
    public static String dstate(VolumeStatus volume) {
        return both(volume.disk().shown(), volume, peer -> peer.disk().shown());
    }

    /** {@code Connected}, or what is going on; one word a peer. */
    public static String cstate(VolumeStatus volume) {
        return volume.peers().stream()
                .map(
                        peer ->
                                switch (peer.replication()) {
                                    case OFF, ESTABLISHED -> peer.connection().shown();
                                    default -> peer.replication().shown();
                                })
                .collect(Collectors.joining("\n"));
    }

    private static String both(
            String mine, VolumeStatus volume, Function<VolumeStatus.Peer, String> ofPeer) {
        return Stream.concat(Stream.of(mine), volume.peers().stream().map(ofPeer))
                .collect(Collectors.joining("/"));
    }
}
