package io.holdfast.api.message;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replicated volume as one node sees it, with DRBD's words.
 *
 * @param device the device name of the configuration, such as {@code /dev/drbd0}
 * @param up false when only configured: then role is SECONDARY and disk DISKLESS
 * @param protocol A, B or C
 * @param epoch the highest epoch this replica has recorded
 * @param suspended whether I/O waits (lease over, or a replica is being recorded as Outdated)
 * @param problem why it is not as it should be; null when all is well
 */
public record VolumeStatus(
        VolumeId volume,
        String device,
        boolean up,
        Role role,
        Disk disk,
        String protocol,
        Epoch epoch,
        long sizeBytes,
        boolean suspended,
        List<Peer> peers,
        Counters counters,
        @Nullable Problem problem) {

    public VolumeStatus {
        peers = List.copyOf(peers);
    }

    /**
     * A replica elsewhere.
     *
     * @param syncPercent how much is equal, 0 to 100; 100 when nothing is out of sync
     * @param outOfSyncBytes what one side still lacks
     */
    public record Peer(
            NodeId node,
            Connection connection,
            Role role,
            Disk disk,
            Replication replication,
            double syncPercent,
            long outOfSyncBytes,
            Progress progress) {
        /** Nothing is going on. */
        public Peer(
                NodeId node,
                Connection connection,
                Role role,
                Disk disk,
                Replication replication,
                double syncPercent,
                long outOfSyncBytes) {
            this(
                    node,
                    connection,
                    role,
                    disk,
                    replication,
                    syncPercent,
                    outOfSyncBytes,
                    Progress.NONE);
        }
    }

    /**
     * A resync or verification that is going on.
     *
     * @param leftBytes that are still to be resynced
     * @param estimateSeconds until the resync ends; -1: not known yet, paused, or none
     * @param verifiedPercent how much was verified; negative: no verification
     */
    public record Progress(
            long leftBytes, long bytesPerSecond, int estimateSeconds, double verifiedPercent) {
        public static final Progress NONE = new Progress(0, 0, -1, -1);
    }

    /** Since the volume came up; bytes, but for requests, flushes and writes of metadata. */
    public record Counters(
            long sentBytes,
            long receivedBytes,
            long diskWrittenBytes,
            long diskReadBytes,
            long requestsInFlight,
            long flushes,
            long activityLogWrites,
            long bitmapWrites) {
        public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0);
    }

    public enum Role {
        UNKNOWN("Unknown"),
        SECONDARY("Secondary"),
        PRIMARY("Primary");

        private final String shown;

        Role(String shown) {
            this.shown = shown;
        }

        /** As drbdadm prints it. */
        public String shown() {
            return shown;
        }
    }

    public enum Disk {
        DISKLESS("Diskless"),
        ATTACHING("Attaching"),
        FAILED("Failed"),
        INCONSISTENT("Inconsistent"),
        OUTDATED("Outdated"),
        UNKNOWN("DUnknown"),
        CONSISTENT("Consistent"),
        UP_TO_DATE("UpToDate");

        private final String shown;

        Disk(String shown) {
            this.shown = shown;
        }

        /** As drbdadm prints it. */
        public String shown() {
            return shown;
        }
    }

    public enum Connection {
        STANDALONE("StandAlone"),
        CONNECTING("Connecting"),
        REPORTING("WFReportParams"),
        CONNECTED("Connected");

        private final String shown;

        Connection(String shown) {
            this.shown = shown;
        }

        /** As drbdadm prints it. */
        public String shown() {
            return shown;
        }
    }

    public enum Replication {
        OFF("Off"),
        ESTABLISHED("Established"),
        HANDSHAKE("WFBitMapT"),
        VERIFY_SOURCE("VerifyS"),
        SYNC_SOURCE("SyncSource"),
        SYNC_TARGET("SyncTarget"),
        PAUSED_SYNC_SOURCE("PausedSyncS"),
        PAUSED_SYNC_TARGET("PausedSyncT");

        private final String shown;

        Replication(String shown) {
            this.shown = shown;
        }

        /** As drbdadm prints it. */
        public String shown() {
            return shown;
        }
    }
}
