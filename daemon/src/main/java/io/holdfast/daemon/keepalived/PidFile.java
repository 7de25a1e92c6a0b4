package io.holdfast.daemon.keepalived;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A pid file that does not lie. The process holds a lock on it for as long as it lives; the kernel
 * takes the lock away however it ends. So a file without lock is stale whatever number is in it,
 * also when that number is some other process's by now, which Keepalived takes for itself ("daemon
 * is already running", exit code 0).
 */
final class PidFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private PidFile(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Writes this process's number.
     *
     * @throws ProblemException when the process that the file names lives
     */
    static PidFile claim(Path path) {
        try {
            Files.createDirectories(path.getParent());
            refuseKeepalived(path);
            FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw running(path, content(path), "holdfast keepalived");
            }
            channel.truncate(0);
            String number = ProcessHandle.current().pid() + "\n";
            int _ = channel.write(ByteBuffer.wrap(number.getBytes(StandardCharsets.US_ASCII)));
            return new PidFile(path, channel, lock);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the pid file cannot be written",
                            path.toString(),
                            String.valueOf(e.getMessage()),
                            "run as root, or name another with --pid=FILE"),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new IOException("the same file serves as both pid files", e);
        }
    }

    // The real Keepalived locks nothing; its process is known by its name.
    private static void refuseKeepalived(Path path) {
        String number = content(path);
        if (!number.matches("\\d{1,9}")) {
            return;
        }
        try {
            String name = Files.readString(Path.of("/proc", number, "comm")).strip();
            String status = Files.readString(Path.of("/proc", number, "status"));
            if (name.startsWith("keepalived") && !status.contains("State:\tZ")) {
                throw running(path, number, "Keepalived itself");
            }
        } catch (IOException e) {
            // There is no such process: stale.
        }
    }

    private static String content(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException | UncheckedIOException e) {
            return "?";
        }
    }

    private static ProblemException running(Path path, String number, String who) {
        return new ProblemException(
                new Problem(
                        "it is running already",
                        path.toString(),
                        who + " runs as process " + number,
                        "stop it: kill " + number + ", or give this one other pid files (-p, -r)"));
    }

    @Override
    public void close() {
        try {
            // First the name, then the lock: who opens it now makes a new file.
            Files.deleteIfExists(path);
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
