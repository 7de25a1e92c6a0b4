/**
 * Volumes as block devices, in the world of mounts, loop devices, processes and threads.
 *
 * <p>Read {@link io.holdfast.device.driver.LocalDevices} (what {@code storaged} calls), {@link
 * io.holdfast.device.driver.AttachedDevice} (one volume: its mount, its loop device), {@link
 * io.holdfast.device.driver.FuseServer} (answers the kernel) and {@link
 * io.holdfast.device.driver.DeviceHolder} (keeps the connection while this process is restarted).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.device.driver;
