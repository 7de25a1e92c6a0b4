package io.holdfast.iscsi.core.scsi;

import java.util.Optional;

/**
 * Asymmetric access of the one target port group, SPC-4 5.15.2.4. A path is optimized on the node
 * that holds the volume; initiators may set another state, and it moves with the unit.
 *
 * <pre>
 * state          medium commands   mode pages, reservations   INQUIRY, REPORT ..., SET ...
 * optimized            yes                  yes                         yes
 * non-optimized        yes                  yes                         yes
 * standby           02/04/0B                yes                         yes
 * unavailable       02/04/0C             02/04/0C                       yes
 * </pre>
 */
public enum AccessState {
    ACTIVE_OPTIMIZED(0),
    ACTIVE_NON_OPTIMIZED(1),
    STANDBY(2),
    UNAVAILABLE(3);

    private final int code;

    AccessState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The state with this code, if an initiator may ask for it. */
    public static Optional<AccessState> of(int code) {
        return code >= 0 && code < values().length ? Optional.of(values()[code]) : Optional.empty();
    }

    /** Why this command is not carried out now, if it is not. */
    Optional<Sense> refuse(ScsiCommand command) {
        return switch (this) {
            case ACTIVE_OPTIMIZED, ACTIVE_NON_OPTIMIZED -> Optional.empty();
            case STANDBY ->
                    aboutPaths(command) || aboutTheUnit(command)
                            ? Optional.empty()
                            : Optional.of(Sense.IN_STANDBY);
            case UNAVAILABLE ->
                    aboutPaths(command) ? Optional.empty() : Optional.of(Sense.UNAVAILABLE);
        };
    }

    private static boolean aboutPaths(ScsiCommand command) {
        return command instanceof ScsiCommand.Inquiry
                || command instanceof ScsiCommand.ReportLuns
                || command instanceof ScsiCommand.RequestSense
                || command instanceof ScsiCommand.ReportTargetPortGroups
                || command instanceof ScsiCommand.SetTargetPortGroups;
    }

    private static boolean aboutTheUnit(ScsiCommand command) {
        return command instanceof ScsiCommand.ModeSense
                || command instanceof ScsiCommand.ModeSelect
                || command instanceof ScsiCommand.PersistentReserveIn
                || command instanceof ScsiCommand.PersistentReserveOut
                || command instanceof ScsiCommand.SendDiagnostic;
    }
}
