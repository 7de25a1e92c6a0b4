/**
 * A block volume as a block device of the local kernel, which can be formatted and mounted.
 *
 * <p>Read {@link io.holdfast.device.codec} (the kernel's FUSE messages as bytes), then {@link
 * io.holdfast.device.driver} (mount, loop device, threads, and the process that keeps them while
 * this one is restarted). DESIGN.md beside this module tells the whole.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.device;
