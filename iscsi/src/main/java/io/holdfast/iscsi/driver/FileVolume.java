package io.holdfast.iscsi.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.linux.nativecall.SystemCallException;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import io.holdfast.replication.volume.VolumeNotes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plain file as a volume, through the page cache: a completed write is durable after a flush, or
 * at once with force unit access. For tests and for {@code holdfast iscsi serve}.
 */
public final class FileVolume implements ThinVolume, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileVolume.class);
    private static final int THREADS = 4;
    private static final int ENOSPC = 28;

    /** Longer requests would keep the caller's other connections waiting. */
    private static final int AT_ONCE_BYTES = 64 * 1024;

    /** What SCSI remembers of the volume lies beside its file. */
    private static final String NOTES_SUFFIX = ".scsi";

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

    private final VolumeId id;
    private final DirectFile file;
    private final long sizeBytes;
    private final SideFile sideFile;
    private final VolumeNotes notes;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private enum Kind {
        READ,
        WRITE,
        WRITE_THROUGH,
        FLUSH,
        UNMAP,
        ZERO,
        STOP
    }

    private record Request(
            Kind kind, long offset, long length, ByteBuffer buffer, IoCompletion completion) {}

    /**
     * Opens an existing file whose size is the volume's.
     *
     * @throws ProblemException when it cannot be opened or holds no whole sector
     */
    public static FileVolume open(VolumeId id, Path path) {
        DirectFile file;
        try {
            file = DirectFile.open(path, DirectFile.Option.BUFFERED);
        } catch (SystemCallException e) {
            throw problem(
                    path,
                    String.valueOf(e.getMessage()),
                    "check that the file exists and may be written");
        }
        long size = file.sizeBytes() / SECTOR_BYTES * SECTOR_BYTES;
        if (size == 0) {
            file.close();
            throw problem(path, "it holds less than one sector", "truncate -s 1G " + path);
        }
        Path beside = path.resolveSibling(path.getFileName() + NOTES_SUFFIX);
        return new FileVolume(id, file, size, new SideFile(id, beside));
    }

    private static ProblemException problem(Path path, String why, String remedy) {
        return new ProblemException(
                new Problem("the file cannot serve as a volume", path.toString(), why, remedy));
    }

    private FileVolume(VolumeId id, DirectFile file, long sizeBytes, SideFile sideFile) {
        this.id = id;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.sideFile = sideFile;
        this.notes = new SlottedNotes(sideFile);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().daemon().name("file-volume-" + id.name()).start(this::work);
        }
    }

    @Override
    public VolumeId id() {
        return id;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
        submit(Kind.READ, offsetBytes, into.remaining(), into, completion);
    }

    @Override
    public void write(
            long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion) {
        Kind kind = forceUnitAccess ? Kind.WRITE_THROUGH : Kind.WRITE;
        submit(kind, offsetBytes, from.remaining(), from, completion);
    }

    @Override
    public Optional<VolumeNotes> notes() {
        return Optional.of(notes);
    }

    @Override
    public void flush(IoCompletion completion) {
        submit(Kind.FLUSH, 0, 0, NO_BYTES, completion);
    }

    @Override
    public void unmap(
            long offsetBytes, long lengthBytes, boolean keepSpace, IoCompletion completion) {
        Kind kind = keepSpace ? Kind.ZERO : Kind.UNMAP;
        submit(kind, offsetBytes, lengthBytes, NO_BYTES, completion);
    }

    @Override
    public long runEnd(long offsetBytes) {
        // What was allocated but never written counts as data while it was read into the cache.
        file.dropCached(offsetBytes, sizeBytes - offsetBytes);
        long data = file.nextData(offsetBytes);
        if (data != offsetBytes) {
            return data < 0 ? -sizeBytes : -data;
        }
        long hole = file.nextHole(offsetBytes);
        return hole < 0 ? sizeBytes : hole;
    }

    private void submit(
            Kind kind, long offset, long length, ByteBuffer buffer, IoCompletion completion) {
        boolean whole = offset % SECTOR_BYTES == 0 && length % SECTOR_BYTES == 0;
        if (!whole || offset < 0 || length < 0 || offset > sizeBytes - length) {
            completion.done(IoStatus.OUT_OF_RANGE);
            return;
        }
        if (length <= AT_ONCE_BYTES && doneAtOnce(kind, offset, buffer)) {
            completion.done(IoStatus.OK);
        } else {
            requests.add(new Request(kind, offset, length, buffer, completion));
        }
    }

    /**
     * What the page cache can do without a disk is done in the caller's thread: it takes less time
     * than to wake another. A write may wait a little when too much of the cache is dirty, which
     * slows its writer down, as it should.
     */
    private boolean doneAtOnce(Kind kind, long offset, ByteBuffer buffer) {
        return switch (kind) {
            case READ -> file.readCached(offset, buffer);
            case WRITE -> file.write(offset, buffer) == BlockFile.DONE;
            case WRITE_THROUGH, FLUSH, UNMAP, ZERO, STOP -> false;
        };
    }

    private void work() {
        while (true) {
            try {
                Request request = requests.take();
                if (request.kind() == Kind.STOP) {
                    return;
                }
                request.completion().done(status(request, perform(request)));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("{}: a completion failed", file.name(), e);
            }
        }
    }

    /** An errno, or {@link BlockFile#DONE}. */
    private int perform(Request request) {
        return switch (request.kind()) {
            case READ -> file.read(request.offset(), request.buffer());
            case WRITE -> file.write(request.offset(), request.buffer());
            case WRITE_THROUGH -> {
                int written = file.write(request.offset(), request.buffer());
                yield written == BlockFile.DONE ? file.sync() : written;
            }
            case FLUSH -> file.sync();
            case UNMAP -> file.punchHole(request.offset(), request.length());
            case ZERO -> file.zeroRange(request.offset(), request.length());
            case STOP -> BlockFile.DONE;
        };
    }

    private IoStatus status(Request request, int result) {
        if (result == BlockFile.DONE) {
            return IoStatus.OK;
        }
        LOG.error(
                "{}: {} at {} failed with errno {}",
                file.name(),
                request.kind(),
                request.offset(),
                result);
        return result == ENOSPC ? IoStatus.NO_SPACE : IoStatus.MEDIUM_ERROR;
    }

    @Override
    public void close() {
        for (int i = 0; i < THREADS; i++) {
            requests.add(new Request(Kind.STOP, 0, 0, NO_BYTES, status -> {}));
        }
        if (file.sync() != BlockFile.DONE) {
            LOG.error("{}: the last writes may not be durable", file.name());
        }
        file.close();
        sideFile.close();
    }
}
