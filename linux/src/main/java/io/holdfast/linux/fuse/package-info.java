/**
 * The kernel's end of a filesystem in user space: {@link io.holdfast.linux.fuse.FuseConnection}. It
 * moves messages; what they mean is known by those who use it.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.fuse;
