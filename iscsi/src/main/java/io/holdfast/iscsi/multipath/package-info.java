/**
 * One disk over several paths, as dm-multipath has it, without a kernel module. Read {@link
 * io.holdfast.iscsi.multipath.PathTable} (which path a request takes: pure), {@link
 * io.holdfast.iscsi.multipath.MultipathDisk} (sessions, retries, path checks), {@link
 * io.holdfast.iscsi.multipath.MultipathConf} (multipath.conf) and {@link
 * io.holdfast.iscsi.multipath.MultipathText} (the view of {@code multipath -ll}).
 */
@NullMarked
package io.holdfast.iscsi.multipath;

import org.jspecify.annotations.NullMarked;
