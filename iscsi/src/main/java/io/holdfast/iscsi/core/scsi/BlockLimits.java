package io.holdfast.iscsi.core.scsi;

/** What one command may ask for, in blocks of 512 bytes; told in VPD page 0xB0. */
public final class BlockLimits {
    public static final int BLOCK_BYTES = 512;

    /** One logical block per physical block; larger units are hinted at by the granularities. */
    public static final int PHYSICAL_EXPONENT = 0;

    /** 8 MiB: one buffer of the pool holds any command's data. */
    public static final int MAX_TRANSFER = 16_384;

    public static final int OPTIMAL_TRANSFER = 2_048;
    public static final int OPTIMAL_GRANULARITY = 8;
    public static final int MAX_COMPARE_AND_WRITE = 128;
    public static final int MAX_ATOMIC = 2_048;

    /** 512 MiB a descriptor keeps one UNMAP from holding the unit for long. */
    public static final int MAX_UNMAP = 1_048_576;

    public static final int MAX_UNMAP_DESCRIPTORS = 256;

    /** Without unmap every block of it is written, so no more than a write may carry. */
    public static final int MAX_WRITE_SAME = MAX_TRANSFER;

    public static final int UNMAP_GRANULARITY = 8;

    private BlockLimits() {}
}
