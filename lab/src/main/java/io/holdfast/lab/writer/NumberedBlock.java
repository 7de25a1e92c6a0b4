package io.holdfast.lab.writer;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The content of one block: who wrote it, as which of its writes, for which place, and a checksum
 * over all of it. A block that was torn, stale, misplaced or somebody else's cannot pass for right.
 *
 * <pre>
 *    0  magic "HFBLOCK1"         8
 *    8  writer                   8
 *   16  sequence                 8
 *   24  block                    8
 *   32  filling, made from the sequence, so that no two writes are alike
 * 4092  CRC32C of all before     4
 * </pre>
 *
 * @param writer tells writers apart
 * @param sequence of the write; the first is 1
 * @param block where it belongs, in units of {@link #BYTES} from the start of the disk
 */
record NumberedBlock(long writer, long sequence, long block) {
    static final int BYTES = 4096;

    private static final long MAGIC = 0x4846_424c_4f43_4b31L;
    private static final int FILLING_OFFSET = 32;
    private static final int CHECKSUM_OFFSET = BYTES - Integer.BYTES;

    /** Fills the buffer from 0 to {@link #BYTES} and readies it for reading. */
    void encode(ByteBuffer into) {
        into.clear();
        into.putLong(MAGIC).putLong(writer).putLong(sequence).putLong(block);
        long state = sequence ^ (writer << 32);
        while (into.position() < CHECKSUM_OFFSET) {
            // Knuth's multiplicative generator: cheap, and different from the first byte on.
            state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            into.putInt((int) (state >>> 32));
        }
        into.putInt(checksum(into)).flip();
    }

    /**
     * Reads a block.
     *
     * @throws ProblemException when it was not written by {@link #encode}, or not wholly
     */
    static NumberedBlock decode(ByteBuffer from) {
        if (from.remaining() != BYTES) {
            throw damaged(from.remaining() + " bytes instead of " + BYTES);
        }
        ByteBuffer block = from.slice();
        long magic = block.getLong(0);
        if (magic != MAGIC) {
            throw damaged(
                    isZero(block) ? "it is all zeros" : "it begins " + Long.toHexString(magic));
        }
        int expected = checksum(block);
        int found = block.getInt(CHECKSUM_OFFSET);
        if (expected != found) {
            throw damaged(
                    String.format("its checksum is %08x where %08x is right", found, expected));
        }
        return new NumberedBlock(block.getLong(8), block.getLong(16), block.getLong(24));
    }

    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, CHECKSUM_OFFSET));
        return (int) crc.getValue();
    }

    private static boolean isZero(ByteBuffer block) {
        for (int i = FILLING_OFFSET; i < BYTES; i++) {
            if (block.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static ProblemException damaged(String why) {
        return new ProblemException(
                new Problem(
                        "a block is not as a writer left it",
                        "block",
                        why,
                        "keep the lab (--keep) and compare the replicas' files"));
    }
}
