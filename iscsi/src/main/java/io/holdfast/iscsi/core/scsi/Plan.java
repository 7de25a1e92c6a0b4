package io.holdfast.iscsi.core.scsi;

import java.util.List;

/** What a driver does to carry out a command. Offsets and lengths are bytes of the volume. */
public sealed interface Plan {
    /** How many bytes of data-out the command needs before it can be carried out. */
    default int dataOutBytes() {
        return 0;
    }

    /** Whether data-out of any other length is an error (else what came is used). */
    default boolean exactDataOut() {
        return false;
    }

    /** Nothing to do: status GOOD. */
    record Good() implements Plan {}

    /** CHECK CONDITION. */
    record Check(Sense sense) implements Plan {}

    /** RESERVATION CONFLICT. */
    record Conflict() implements Plan {}

    /** Data-in cut off at the allocation length. */
    record Reply(ScsiData data, long allocationLength) implements Plan {}

    record ReadBlocks(long offset, int length) implements Plan {}

    /**
     * Write what was sent.
     *
     * @param verify read it back and compare before the answer
     * @param atomic all or nothing towards other commands
     */
    record WriteBlocks(
            long offset, int length, boolean forceUnitAccess, boolean verify, boolean atomic)
            implements Plan {
        @Override
        public int dataOutBytes() {
            return length;
        }
    }

    /** Make everything written so far durable. */
    record Flush() implements Plan {}

    /** Read and throw away, to see that it can be read. */
    record CheckReadable(long offset, long length) implements Plan {}

    /**
     * Compare with what was sent.
     *
     * @param oneBlock one block was sent, to be compared with each block of the range
     */
    record CompareBlocks(long offset, int length, boolean oneBlock) implements Plan {
        @Override
        public int dataOutBytes() {
            return oneBlock ? BlockLimits.BLOCK_BYTES : length;
        }
    }

    /** Compare with the first half of what was sent and, if equal, write the second half. */
    record CompareAndWriteBlocks(long offset, int length, boolean forceUnitAccess) implements Plan {
        @Override
        public int dataOutBytes() {
            return 2 * length;
        }

        @Override
        public boolean exactDataOut() {
            return true;
        }
    }

    /** Write the bitwise or of what is there and what was sent. */
    record OrBlocks(long offset, int length, boolean forceUnitAccess) implements Plan {
        @Override
        public int dataOutBytes() {
            return length;
        }
    }

    /**
     * Write one block over a range.
     *
     * @param zeros no block is sent: write zeros
     * @param unmap blocks of zeros may be unmapped instead
     */
    record FillBlocks(long offset, long length, boolean zeros, boolean unmap) implements Plan {
        @Override
        public int dataOutBytes() {
            return zeros ? 0 : BlockLimits.BLOCK_BYTES;
        }

        @Override
        public boolean exactDataOut() {
            return true;
        }
    }

    /** Give back the space of these extents; they read as zeros afterwards. */
    record UnmapExtents(List<Extent> extents) implements Plan {}

    /** Tell which blocks from here on have space. */
    record ReportLbaStatus(long lba, long lastLba, long allocationLength) implements Plan {}

    /** Overwrite everything, repeating the pattern; empty is zeros. */
    record SanitizeAll(List<Byte> pattern, boolean immediate) implements Plan {}

    /** Copy between units of this target, in order. */
    record CopySegments(Nexus nexus, int listIdentifier, List<CopySegment> segments)
            implements Plan {}

    /** The parameter list must come first; then ask the model again. */
    record AwaitParameters(int length) implements Plan {
        @Override
        public int dataOutBytes() {
            return length;
        }
    }

    /**
     * One segment of EXTENDED COPY.
     *
     * @param sourceNaa NAA designators name the units
     */
    record CopySegment(
            String sourceNaa,
            long sourceLba,
            String destinationNaa,
            long destinationLba,
            int blocks) {}
}
