package io.holdfast.membership.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A voter's directory, locked: only one process may vote with what is in it (rule 5). */
final class StateDirectory implements AutoCloseable {
    private final Path directory;
    private final FileChannel lock;
    private final long lockedAtNanos;

    private StateDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
        this.lockedAtNanos = System.nanoTime();
    }

    /** Makes and locks it. */
    static StateDirectory lock(Path directory) {
        Path file = directory.resolve("lock");
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new ProblemException(
                        new Problem(
                                "another process is this voter already",
                                directory.toString(),
                                "it holds the lock " + file,
                                "stop it first, or give this one another directory"));
            }
            return new StateDirectory(directory, channel);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the state directory cannot be used",
                            directory.toString(),
                            e.toString(),
                            "make it writable for this user"),
                    e);
        }
    }

    Path path() {
        return directory;
    }

    /** No former process voted after this moment. */
    long lockedAtNanos() {
        return lockedAtNanos;
    }

    VoterStateFile voterState() {
        return new VoterStateFile(directory);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            // Held until the channel is closed or the process dies.
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
