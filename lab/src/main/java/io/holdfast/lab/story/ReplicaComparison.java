package io.holdfast.lab.story;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/** Compares the data of two backing files, byte for byte; metadata behind the data differs. */
final class ReplicaComparison {
    private static final int CHUNK_BYTES = 1 << 20;

    private ReplicaComparison() {}

    /**
     * The first byte at which they differ; empty when the first {@code dataBytes} are equal.
     *
     * @throws ProblemException when a file is shorter or cannot be read
     */
    static OptionalLong firstDifference(Path one, Path other, long dataBytes) {
        ByteBuffer left = ByteBuffer.allocateDirect(CHUNK_BYTES);
        ByteBuffer right = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (FileChannel first = FileChannel.open(one, StandardOpenOption.READ);
                FileChannel second = FileChannel.open(other, StandardOpenOption.READ)) {
            for (long at = 0; at < dataBytes; at += CHUNK_BYTES) {
                int length = (int) Math.min(CHUNK_BYTES, dataBytes - at);
                fill(first, one, at, left.clear().limit(length));
                fill(second, other, at, right.clear().limit(length));
                int different = left.mismatch(right);
                if (different >= 0) {
                    return OptionalLong.of(at + different);
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the replicas cannot be compared",
                            one + " and " + other,
                            String.valueOf(e.getMessage()),
                            "look at the files, and at the disk they lie on"),
                    e);
        }
    }

    private static void fill(FileChannel file, Path path, long from, ByteBuffer into)
            throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int count = file.read(into, at);
            if (count < 0) {
                throw new IOException(path + " ends at byte " + at);
            }
            at += count;
        }
        into.flip();
    }
}
