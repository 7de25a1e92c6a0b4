/**
 * One block volume on several nodes, with DRBD's words.
 *
 * <p>Read {@link io.holdfast.replication.volume} (what users of a volume see) and {@link
 * io.holdfast.replication.ActingRight} (what a volume asks of the cluster), then {@link
 * io.holdfast.replication.config} (what drbd.conf says), {@link io.holdfast.replication.core} (the
 * protocol, pure), {@link io.holdfast.replication.codec} (files and frames), {@link
 * io.holdfast.replication.driver} (disks, sockets, threads) and {@link
 * io.holdfast.replication.simulation} (the proof). DESIGN.md beside this module tells the whole.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication;
