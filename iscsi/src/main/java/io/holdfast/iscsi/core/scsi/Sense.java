package io.holdfast.iscsi.core.scsi;

/**
 * Sense key and additional sense code, SPC-4 4.5.
 *
 * @param additional ASC in the high byte, ASCQ in the low byte
 * @param information the INFORMATION field (a miscompare's offset), or -1 for none
 * @param fieldPointer byte of the CDB or parameter list that is wrong, or -1 for none
 * @param inCdb whether the field pointer counts in the CDB
 */
public record Sense(int key, int additional, long information, int fieldPointer, boolean inCdb) {
    public static final int NO_SENSE = 0x0;
    public static final int NOT_READY = 0x2;
    public static final int MEDIUM_ERROR = 0x3;
    public static final int HARDWARE_ERROR = 0x4;
    public static final int ILLEGAL_REQUEST = 0x5;
    public static final int UNIT_ATTENTION = 0x6;
    public static final int DATA_PROTECT = 0x7;
    public static final int COPY_ABORTED = 0xa;
    public static final int ABORTED_COMMAND = 0xb;
    public static final int MISCOMPARE = 0xe;

    public static final Sense NONE = of(NO_SENSE, 0x0000);
    public static final Sense BECOMING_READY = of(NOT_READY, 0x0401);
    public static final Sense STOPPED = of(NOT_READY, 0x0402);
    public static final Sense IN_STANDBY = of(NOT_READY, 0x040b);
    public static final Sense UNAVAILABLE = of(NOT_READY, 0x040c);
    public static final Sense MEDIUM_NOT_PRESENT = of(NOT_READY, 0x3a00);
    public static final Sense SANITIZE_IN_PROGRESS = of(NOT_READY, 0x041b);
    public static final Sense UNRECOVERED_READ = of(MEDIUM_ERROR, 0x1100);
    public static final Sense WRITE_FAULT = of(MEDIUM_ERROR, 0x0c00);
    public static final Sense PARAMETER_LIST_LENGTH = of(ILLEGAL_REQUEST, 0x1a00);
    public static final Sense INVALID_OPERATION_CODE = of(ILLEGAL_REQUEST, 0x2000);
    public static final Sense LBA_OUT_OF_RANGE = of(ILLEGAL_REQUEST, 0x2100);
    public static final Sense LUN_NOT_SUPPORTED = of(ILLEGAL_REQUEST, 0x2500);
    public static final Sense INVALID_RELEASE = of(ILLEGAL_REQUEST, 0x2604);
    public static final Sense INVALID_IN_PARAMETER_LIST = of(ILLEGAL_REQUEST, 0x2600);
    public static final Sense SAVING_NOT_SUPPORTED = of(ILLEGAL_REQUEST, 0x3900);
    public static final Sense INSUFFICIENT_REGISTRATION_RESOURCES = of(ILLEGAL_REQUEST, 0x5504);
    public static final Sense REMOVAL_PREVENTED = of(ILLEGAL_REQUEST, 0x5302);
    public static final Sense WRITE_PROTECTED = of(DATA_PROTECT, 0x2700);
    public static final Sense SPACE_ALLOCATION_FAILED = of(DATA_PROTECT, 0x2707);
    public static final Sense DATA_DIGEST = of(ABORTED_COMMAND, 0x4705);
    public static final Sense DATA_PHASE = of(ABORTED_COMMAND, 0x4b00);
    public static final Sense NOT_ENOUGH_UNSOLICITED_DATA = of(ABORTED_COMMAND, 0x0c0d);
    public static final Sense UNEXPECTED_UNSOLICITED_DATA = of(ABORTED_COMMAND, 0x0c0c);

    public static final Sense NOT_KEPT = of(HARDWARE_ERROR, 0x4400);
    public static final Sense SET_ACCESS_FAILED = of(HARDWARE_ERROR, 0x670a);
    public static final Sense COPY_REFUSED = of(COPY_ABORTED, 0x0000);
    public static final Sense POWER_ON = of(UNIT_ATTENTION, 0x2900);
    public static final Sense BUS_DEVICE_RESET = of(UNIT_ATTENTION, 0x2903);
    public static final Sense NEXUS_LOSS = of(UNIT_ATTENTION, 0x2907);
    public static final Sense MODE_PARAMETERS_CHANGED = of(UNIT_ATTENTION, 0x2a01);
    public static final Sense RESERVATIONS_PREEMPTED = of(UNIT_ATTENTION, 0x2a03);
    public static final Sense RESERVATIONS_RELEASED = of(UNIT_ATTENTION, 0x2a04);
    public static final Sense REGISTRATIONS_PREEMPTED = of(UNIT_ATTENTION, 0x2a05);
    public static final Sense ACCESS_STATE_CHANGED = of(UNIT_ATTENTION, 0x2a06);
    public static final Sense CAPACITY_CHANGED = of(UNIT_ATTENTION, 0x2a09);
    public static final Sense COMMANDS_CLEARED = of(UNIT_ATTENTION, 0x2f00);
    public static final Sense LUNS_CHANGED = of(UNIT_ATTENTION, 0x3f0e);

    public static Sense of(int key, int additional) {
        return new Sense(key, additional, -1, -1, false);
    }

    /** INVALID FIELD IN CDB, pointing at the byte. */
    public static Sense invalidFieldInCdb(int byteIndex) {
        return new Sense(ILLEGAL_REQUEST, 0x2400, -1, byteIndex, true);
    }

    /** INVALID FIELD IN PARAMETER LIST, pointing at the byte. */
    public static Sense invalidFieldInParameters(int byteIndex) {
        return new Sense(ILLEGAL_REQUEST, 0x2600, -1, byteIndex, false);
    }

    /** MISCOMPARE DURING VERIFY OPERATION; the first byte that differs, counted in the data-out. */
    public static Sense miscompareAt(long byteOffset) {
        return new Sense(MISCOMPARE, 0x1d00, byteOffset, -1, false);
    }
}
