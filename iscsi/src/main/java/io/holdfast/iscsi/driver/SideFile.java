package io.holdfast.iscsi.driver;

import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The area for the notes of a {@link FileVolume}: a file beside it, made by the first write, so
 * that a disk image that nobody reserves stays one file.
 */
final class SideFile implements BlockVolume, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SideFile.class);

    private final VolumeId id;
    private final Path path;
    private @Nullable FileVolume file;

    SideFile(VolumeId id, Path path) {
        this.id = id;
        this.path = path;
    }

    @Override
    public VolumeId id() {
        return id;
    }

    @Override
    public long sizeBytes() {
        return SlottedNotes.AREA_BYTES;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
        if (!Files.exists(path)) {
            while (into.hasRemaining()) {
                into.put((byte) 0);
            }
            completion.done(IoStatus.OK);
            return;
        }
        FileVolume opened = open();
        if (opened == null) {
            completion.done(IoStatus.MEDIUM_ERROR);
        } else {
            opened.read(offsetBytes, into, completion);
        }
    }

    @Override
    public void write(
            long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion) {
        FileVolume opened = open();
        if (opened == null) {
            completion.done(IoStatus.MEDIUM_ERROR);
        } else {
            opened.write(offsetBytes, from, forceUnitAccess, completion);
        }
    }

    @Override
    public void flush(IoCompletion completion) {
        FileVolume opened = open();
        if (opened == null) {
            completion.done(IoStatus.MEDIUM_ERROR);
        } else {
            opened.flush(completion);
        }
    }

    private synchronized @Nullable FileVolume open() {
        if (file == null) {
            try (RandomAccessFile made = new RandomAccessFile(path.toFile(), "rw")) {
                made.setLength(SlottedNotes.AREA_BYTES);
                file = FileVolume.open(id, path);
            } catch (IOException | ProblemException e) {
                LOG.error("{} cannot be used: {}", path, e.toString());
            }
        }
        return file;
    }

    @Override
    public synchronized void close() {
        if (file != null) {
            file.close();
        }
    }
}
