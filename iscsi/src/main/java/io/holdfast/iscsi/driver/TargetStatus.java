package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.login.SessionParameters;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A target as it is now, for people and for agents.
 *
 * @param accounts names of which an initiator must prove one; none means no CHAP
 */
public record TargetStatus(
        String iqn,
        List<InetSocketAddress> portals,
        List<String> accounts,
        List<String> initiatorAddresses,
        List<Lun> luns,
        List<Session> sessions) {
    /** One logical unit and what it has done since it was added. Bytes and counts. */
    public record Lun(
            int number,
            String volume,
            long sizeBytes,
            LunConfig config,
            long reads,
            long writes,
            long readBytes,
            long writtenBytes) {}

    /**
     * One session.
     *
     * @param initiator the initiator's end of the TCP connection
     * @param portal the target's end
     * @param isid as the initiator chose it
     * @param commands SCSI commands since login
     */
    public record Session(
            String initiatorName,
            InetSocketAddress initiator,
            InetSocketAddress portal,
            long isid,
            int tsih,
            SessionParameters parameters,
            long commands) {}
}
