/**
 * Mounting, unmounting ({@link io.holdfast.linux.mount.Mounts}) and what is mounted where ({@link
 * io.holdfast.linux.mount.MountTable}).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.mount;
