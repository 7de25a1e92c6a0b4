package io.holdfast.iscsi.core.scsi;

/**
 * An I_T nexus as reservations and unit attentions know it: the initiator port. The target port is
 * the same for all (one portal group a target).
 *
 * @param initiatorName the initiator's iqn
 * @param isid the six bytes that make the session's initiator port, RFC 7143 4.4.3
 */
public record Nexus(String initiatorName, long isid) {
    /** The iSCSI initiator port name of SPC-4 7.6.4.6, {@code name,i,0xisid}. */
    public String portName() {
        return String.format("%s,i,0x%012x", initiatorName, isid);
    }
}
