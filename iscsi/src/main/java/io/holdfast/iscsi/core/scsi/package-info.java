/**
 * SCSI as a pure interpreter: what a command means for one logical unit and one initiator.
 *
 * <p>Read {@link io.holdfast.iscsi.core.scsi.ScsiCommand} (what can be asked), {@link
 * io.holdfast.iscsi.core.scsi.Plan} (what a driver shall do) and {@link
 * io.holdfast.iscsi.core.scsi.LogicalUnitModel} (from the one to the other), then {@link
 * io.holdfast.iscsi.core.scsi.PersistentReservations}.
 */
package io.holdfast.iscsi.core.scsi;
