/**
 * Files as block devices of the kernel (loop(4)): {@link io.holdfast.linux.loop.LoopDevice}, and
 * who uses one: {@link io.holdfast.linux.loop.DeviceUsers}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.loop;
