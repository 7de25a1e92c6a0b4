/**
 * The target in the world: portals, connections, buffers and the volumes behind the units.
 *
 * <p>Read {@link io.holdfast.iscsi.driver.IscsiTargetService} (the API), {@link
 * io.holdfast.iscsi.driver.EventLoop} (who reads), {@link
 * io.holdfast.iscsi.driver.TargetConnection} and {@link io.holdfast.iscsi.driver.PduAssembler}
 * (bytes to PDUs), {@link io.holdfast.iscsi.driver.LoginPhase} and {@link
 * io.holdfast.iscsi.driver.FullFeaturePhase} (what a PDU does), {@link
 * io.holdfast.iscsi.driver.LogicalUnit} and {@link io.holdfast.iscsi.driver.CompoundCommands} (what
 * a plan does), {@link io.holdfast.iscsi.driver.Outbox} (who writes).
 */
package io.holdfast.iscsi.driver;
