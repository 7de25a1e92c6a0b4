package io.holdfast.iscsi.core.scsi;

import java.util.List;

/**
 * What a logical unit remembers beyond its data, and what moves with the volume.
 *
 * @param descriptorSense D_SENSE of the control page
 * @param softwareWriteProtect SWP of the control page
 * @param accessSetByInitiator whether SET TARGET PORT GROUPS chose the access state
 * @param sanitizeUnfinished a SANITIZE began or failed: the medium is not to be read
 * @param attentions what nexuses are still to be told
 */
public record KeptState(
        PersistentReservations.State reservations,
        boolean descriptorSense,
        boolean softwareWriteProtect,
        AccessState access,
        boolean accessSetByInitiator,
        boolean sanitizeUnfinished,
        List<Pending> attentions) {
    /** Unit attention conditions of one nexus, oldest first. */
    public record Pending(Nexus nexus, List<Sense> conditions) {
        public Pending {
            conditions = List.copyOf(conditions);
        }
    }

    public KeptState {
        attentions = List.copyOf(attentions);
    }

    /** A unit that nobody has used yet. */
    public static final KeptState NONE =
            new KeptState(
                    PersistentReservations.State.NONE,
                    false,
                    false,
                    AccessState.ACTIVE_OPTIMIZED,
                    false,
                    false,
                    List.of());

    /**
     * What is left when the unit loses power: reservations with APTPL, and what is on the medium.
     */
    public KeptState afterPowerLoss() {
        PersistentReservations.State left =
                reservations.persistent() ? reservations : PersistentReservations.State.NONE;
        return new KeptState(
                left,
                false,
                false,
                AccessState.ACTIVE_OPTIMIZED,
                false,
                sanitizeUnfinished,
                List.of());
    }
}
