/**
 * A client that cannot be fooled: it writes numbered, checksummed blocks to an iSCSI disk, one
 * every few milliseconds, flushes each, tells when each was acknowledged, and reads all of them
 * back. What it saw is what the demo and the scenarios report.
 *
 * <p>It is a process of its own ({@code holdfast lab-writer}) on a host of the lab. Read {@link
 * io.holdfast.lab.writer.NumberedBlock} (what is written), {@link
 * io.holdfast.lab.writer.BlockWriter} (how, and what it does when the disk is silent), {@link
 * io.holdfast.lab.writer.WriterLine} (what it tells), and {@link
 * io.holdfast.lab.writer.AckTimeline} (what the lab makes of that).
 */
package io.holdfast.lab.writer;
