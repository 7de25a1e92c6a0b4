/**
 * Files and block devices read and written past the page cache, with errno as a plain number so
 * that a request costs no allocation.
 *
 * <p>Read {@link io.holdfast.linux.file.BlockFile} (what can be done, and how failure is told),
 * then {@link io.holdfast.linux.file.DirectFile} (O_DIRECT and its alignment rules) and {@link
 * io.holdfast.linux.file.AlignedBufferPool} (memory that satisfies them).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.file;
