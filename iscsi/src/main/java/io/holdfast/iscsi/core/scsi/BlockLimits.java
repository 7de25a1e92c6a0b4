package io.holdfast.iscsi.core.scsi;

/** What one command may ask for, in blocks of 512 bytes; told in VPD page 0xB0. */
public final class BlockLimits {
    public static final int BLOCK_BYTES = 512;

    /** Physical blocks of 4 KiB: 2^3 logical blocks. */
    public static final int PHYSICAL_EXPONENT = 3;

    /** 8 MiB: one buffer of the pool holds any command's data. */
    public static final int MAX_TRANSFER = 16_384;

    public static final int OPTIMAL_TRANSFER = 2_048;
    public static final int OPTIMAL_GRANULARITY = 8;
    public static final int MAX_COMPARE_AND_WRITE = 255;
    public static final int MAX_ATOMIC = 2_048;

    /** 1 GiB a descriptor keeps one UNMAP from holding the unit for long. */
    public static final int MAX_UNMAP = 2_097_152;

    public static final int MAX_UNMAP_DESCRIPTORS = 256;

    /** 128 MiB: without unmap every block of it is written. */
    public static final int MAX_WRITE_SAME = 262_144;

    public static final int UNMAP_GRANULARITY = 8;

    private BlockLimits() {}
}
