package io.holdfast.membership.codec;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A voter's state as the bytes of its file, big-endian:
 *
 * <pre>
 *   magic "HFVS" (4)  version 1 (4)
 *   term (8)  proposal number (8)  remembers (1)  position: term (8) sequence (8)
 *   longest promise, ns (8)  members: count (2), each: length (1), name (UTF-8)
 *   CRC32C of all before (4)
 * </pre>
 */
public final class VoterStateCodec {
    private static final int MAGIC = 0x48465653;
    private static final int VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;

    /** More is not read: a state has at most as many members as a cluster has nodes. */
    public static final int LARGEST_BYTES = 64 * 1024;

    private VoterStateCodec() {}

    public static byte[] encode(VoterState state) {
        ByteBuffer out = ByteBuffer.allocate(LARGEST_BYTES);
        out.putInt(MAGIC).putInt(VERSION);
        out.putLong(state.term().number()).putLong(state.proposalNumber());
        out.put((byte) (state.remembers() ? 1 : 0));
        Wire.putPosition(out, state.position());
        out.putLong(state.longestPromiseNanos());
        Wire.putNodes(out, state.members());
        out.putInt(checksum(out.array(), out.position()));
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /**
     * Reads the state back.
     *
     * @param file named in the problem
     * @throws ProblemException when the bytes are not exactly what {@link #encode} wrote
     */
    public static VoterState decode(byte[] bytes, String file) {
        if (bytes.length < CHECKSUM_BYTES || bytes.length > LARGEST_BYTES) {
            throw damaged(file, "it has " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int stored = in.getInt(bytes.length - CHECKSUM_BYTES);
        if (stored != checksum(bytes, bytes.length - CHECKSUM_BYTES)) {
            throw damaged(file, "its checksum is wrong");
        }
        in.limit(bytes.length - CHECKSUM_BYTES);
        try {
            return decodeChecked(in, file);
        } catch (BufferUnderflowException | IllegalStateException e) {
            throw damaged(file, "a field is missing or out of range");
        }
    }

    private static VoterState decodeChecked(ByteBuffer in, String file) {
        if (in.getInt() != MAGIC) {
            throw damaged(file, "it does not begin as a voter's state does");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new ProblemException(
                    new Problem(
                            "voter state has version " + version,
                            file,
                            "this program knows version " + VERSION,
                            "start the newer Holdfast that wrote it"));
        }
        Term term = new Term(in.getLong());
        long proposalNumber = in.getLong();
        boolean remembers = in.get() != 0;
        LogPosition position = Wire.getPosition(in);
        long longestPromise = in.getLong();
        var members = Wire.getNodes(in);
        if (in.hasRemaining()) {
            throw damaged(file, "it is longer than its fields");
        }
        return new VoterState(term, members, proposalNumber, remembers, position, longestPromise);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static ProblemException damaged(String file, String why) {
        return new ProblemException(
                new Problem(
                        "voter state is damaged",
                        file,
                        why + "; a voter that guessed what it had promised could let two nodes act",
                        "restore the file from a backup taken since, or, when all other nodes and"
                                + " the witness are up and well, move it away: this voter then"
                                + " starts without memory and is not counted until it has caught"
                                + " up"));
    }
}
