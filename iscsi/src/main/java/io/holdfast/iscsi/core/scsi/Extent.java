package io.holdfast.iscsi.core.scsi;

/** A run of logical blocks. */
public record Extent(long lba, long blocks) {}
