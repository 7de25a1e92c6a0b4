package io.holdfast.iscsi.initiator;

import io.holdfast.iscsi.core.scsi.ScsiStatus;

/**
 * How a command ended.
 *
 * @param delivered false when the session broke before an answer came: the command may or may not
 *     have been carried out
 * @param status SAM-5 status; meaningful only when delivered
 * @param senseKey 0 without sense data
 * @param additionalSense ASC in the high byte, ASCQ in the low byte
 * @param dataBytes bytes read into the caller's buffer
 */
public record CommandResult(
        boolean delivered, int status, int senseKey, int additionalSense, int dataBytes) {
    static final CommandResult BROKEN = new CommandResult(false, 0, 0, 0, 0);

    public boolean good() {
        return delivered && status == ScsiStatus.GOOD;
    }

    /** A unit attention or a busy target: nothing was done, ask again. */
    public boolean retryable() {
        return delivered
                && (status == ScsiStatus.BUSY
                        || status == ScsiStatus.TASK_SET_FULL
                        || (status == ScsiStatus.CHECK_CONDITION && senseKey == 6));
    }

    @Override
    public String toString() {
        if (!delivered) {
            return "not delivered";
        }
        return senseKey == 0 && additionalSense == 0
                ? String.format("status 0x%02x", status)
                : String.format(
                        "status 0x%02x, sense key %x, code %04x",
                        status, senseKey, additionalSense);
    }
}
