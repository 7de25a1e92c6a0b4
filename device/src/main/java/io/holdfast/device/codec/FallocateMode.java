package io.holdfast.device.codec;

/** Flags of fallocate(2) as FALLOCATE carries them. */
public final class FallocateMode {
    public static final int KEEP_SIZE = 0x01;
    public static final int PUNCH_HOLE = 0x02;
    public static final int ZERO_RANGE = 0x10;

    /** Give the range's space back; it reads as zeros. What discards become. */
    public static final int DISCARD = PUNCH_HOLE | KEEP_SIZE;

    /** Make zeros of the range and keep its space. */
    public static final int WRITE_ZEROES = ZERO_RANGE | KEEP_SIZE;

    private FallocateMode() {}
}
