package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.codec.VoterStateCodec;
import io.holdfast.membership.core.VoterState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A voter's state on disk. Written aside, synced, renamed, and the folder synced: after a crash the
 * old or the new state is there, whole. So a state that does not read back was damaged, and is left
 * alone.
 */
final class VoterStateFile {
    private final Path file;
    private final Path aside;

    VoterStateFile(Path directory) {
        file = directory.resolve("voter");
        aside = directory.resolve("voter.new");
    }

    /**
     * Reads the state; the empty one when there is no file.
     *
     * @throws ProblemException when it is damaged or cannot be read
     */
    VoterState read() {
        if (!Files.exists(file)) {
            return VoterState.EMPTY;
        }
        try {
            if (Files.size(file) > VoterStateCodec.LARGEST_BYTES) {
                throw new IOException("it is too large");
            }
            return VoterStateCodec.decode(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "voter state cannot be read",
                            file.toString(),
                            e.toString(),
                            "mend the disk; starting without what was promised is not safe"),
                    e);
        }
    }

    /** Returns when the state is durable. */
    void write(VoterState state) throws IOException {
        try (FileChannel out =
                FileChannel.open(
                        aside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(VoterStateCodec.encode(state));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(
                aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
