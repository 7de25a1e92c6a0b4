package io.holdfast.controller.driver;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.controller.codec.EntryLine;
import io.holdfast.controller.codec.StateLine;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.LogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The agreed state on this node's disk: a snapshot {@code state.log} and the entries since then in
 * {@code entries.log}, as lines with checksums. Whatever returns from here is fsynced.
 *
 * <p>A snapshot is written beside and renamed over the old one; entries are appended. A last entry
 * without its newline was never acknowledged and is cut off; any other line that does not fit its
 * checksum, or an entry that does not follow what is before it, is damage, and the store refuses to
 * open (DESIGN.md, "Never", 6).
 */
public final class StateStore implements AutoCloseable {
    /** After so many entries the next one goes into a new snapshot, so that a start stays quick. */
    private static final int ENTRIES_PER_SNAPSHOT = 1_000;

    private final Path directory;
    private final Path snapshotFile;
    private final Path entriesFile;
    private final FileChannel entries;
    private ClusterState state;
    private int entriesSinceSnapshot;

    private StateStore(Path directory) throws IOException {
        this.directory = directory;
        this.snapshotFile = directory.resolve("state.log");
        this.entriesFile = directory.resolve("entries.log");
        this.state = Files.exists(snapshotFile) ? readSnapshot() : ClusterState.empty();
        this.entries =
                FileChannel.open(
                        entriesFile,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        replayEntries();
    }

    /** Opens the store in {@code directory}, which is made when missing. */
    public static StateStore open(Path directory) {
        try {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            return new StateStore(directory);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    public ClusterState state() {
        return state;
    }

    /** Where it is kept. */
    Path directory() {
        return directory;
    }

    /** Stores one entry that follows the state; returns when it is on disk. */
    public void append(LogPosition position, LogEntry entry) {
        ClusterState next = state.replay(position, entry);
        if (entriesSinceSnapshot >= ENTRIES_PER_SNAPSHOT) {
            replace(next);
            return;
        }
        try {
            ByteBuffer line = ByteBuffer.wrap(new EntryLine(position, entry).bytes());
            long at = entries.size();
            while (line.hasRemaining()) {
                at += entries.write(line, at);
            }
            entries.force(false);
        } catch (IOException e) {
            throw unusable(entriesFile, e);
        }
        entriesSinceSnapshot++;
        state = next;
    }

    /** Makes {@code whole} the state, whatever was here before; returns when it is on disk. */
    public void replace(ClusterState whole) {
        Path fresh = directory.resolve("state.log.new");
        try {
            try (FileChannel out =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer line = ByteBuffer.wrap(StateLine.bytes(whole));
                while (line.hasRemaining()) {
                    out.write(line);
                }
                out.force(true);
            }
            Files.move(
                    fresh,
                    snapshotFile,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            syncDirectory();
            // Entries older than the snapshot are skipped on reading, so a crash between is
            // harmless.
            entries.truncate(0);
        } catch (IOException e) {
            throw unusable(snapshotFile, e);
        }
        entriesSinceSnapshot = 0;
        state = whole;
    }

    @Override
    public void close() {
        try {
            entries.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClusterState readSnapshot() throws IOException {
        ClusterState snapshot =
                StateLine.parse(Files.readAllBytes(snapshotFile), snapshotFile.toString());
        if (snapshot == null) {
            throw damaged(
                    "the cluster's state is damaged",
                    snapshotFile.toString(),
                    "the file does not fit its checksum");
        }
        return snapshot;
    }

    private void replayEntries() throws IOException {
        byte[] file = Files.readAllBytes(entriesFile);
        int wholeLines = lastNewline(file) + 1;
        List<String> lines =
                new String(file, 0, wholeLines, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            EntryLine line = EntryLine.parse(lines.get(i), entriesFile + " line " + (i + 1));
            if (line == null) {
                throw damagedEntry(i + 1, "the line does not fit its checksum");
            }
            if (line.position().compareTo(state.position()) > 0) {
                if (line.position().sequence() != state.position().sequence() + 1) {
                    throw damagedEntry(i + 1, "entry " + line.position() + " does not follow");
                }
                state = state.replay(line.position(), line.entry());
                entriesSinceSnapshot++;
            }
        }
        if (wholeLines < file.length) {
            entries.truncate(wholeLines);
            entries.force(true);
        }
    }

    private static int lastNewline(byte[] file) {
        int at = file.length - 1;
        while (at >= 0 && file[at] != '\n') {
            at--;
        }
        return at;
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private ProblemException damagedEntry(int line, String why) {
        return damaged(
                "the configuration log is damaged",
                entriesFile + " line " + line,
                why + "; the state before it is at position " + state.position());
    }

    private ProblemException damaged(String what, String object, String why) {
        return new ProblemException(
                new Problem(
                        what,
                        object,
                        why,
                        "leave the files as they are for a look; to take the state from the other"
                                + " nodes instead, move "
                                + directory
                                + " away and start again"));
    }

    private static ProblemException unusable(Path what, IOException cause) {
        return new ProblemException(
                new Problem(
                        "the cluster's state cannot be kept on disk",
                        what.toString(),
                        String.valueOf(cause.getMessage()),
                        "make the folder writable and see that its disk has room and no errors"),
                cause);
    }
}
