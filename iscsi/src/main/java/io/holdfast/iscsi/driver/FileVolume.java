package io.holdfast.iscsi.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plain file as a volume, through the page cache: a completed write is durable after a flush, or
 * at once with force unit access. For tests and for {@code holdfast iscsi serve}.
 */
public final class FileVolume implements BlockVolume, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileVolume.class);
    private static final int THREADS = 4;

    private final VolumeId id;
    private final Path path;
    private final FileChannel channel;
    private final long sizeBytes;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private enum Kind {
        READ,
        WRITE,
        WRITE_THROUGH,
        FLUSH,
        STOP
    }

    private record Request(Kind kind, long offset, ByteBuffer buffer, IoCompletion completion) {}

    /**
     * Opens an existing file whose size is the volume's.
     *
     * @throws ProblemException when it cannot be opened or holds no whole sector
     */
    public static FileVolume open(VolumeId id, Path path) {
        try {
            FileChannel channel =
                    FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long size = channel.size() / SECTOR_BYTES * SECTOR_BYTES;
            if (size == 0) {
                channel.close();
                throw problem(path, "it holds less than one sector", "truncate -s 1G " + path);
            }
            return new FileVolume(id, path, channel, size);
        } catch (IOException e) {
            throw problem(path, e.toString(), "check that the file exists and may be written");
        }
    }

    private static ProblemException problem(Path path, String why, String remedy) {
        return new ProblemException(
                new Problem("the file cannot serve as a volume", path.toString(), why, remedy));
    }

    private FileVolume(VolumeId id, Path path, FileChannel channel, long sizeBytes) {
        this.id = id;
        this.path = path;
        this.channel = channel;
        this.sizeBytes = sizeBytes;
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
        submit(Kind.READ, offsetBytes, into, completion);
    }

    @Override
    public void write(
            long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion) {
        submit(forceUnitAccess ? Kind.WRITE_THROUGH : Kind.WRITE, offsetBytes, from, completion);
    }

    @Override
    public void flush(IoCompletion completion) {
        requests.add(new Request(Kind.FLUSH, 0, ByteBuffer.allocate(0), completion));
    }

    private void submit(Kind kind, long offset, ByteBuffer buffer, IoCompletion completion) {
        int length = buffer.remaining();
        boolean whole = offset % SECTOR_BYTES == 0 && length % SECTOR_BYTES == 0;
        if (!whole || offset < 0 || offset > sizeBytes - length) {
            completion.done(IoStatus.OUT_OF_RANGE);
            return;
        }
        requests.add(new Request(kind, offset, buffer, completion));
    }

    private void work() {
        while (true) {
            try {
                Request request = requests.take();
                if (request.kind() == Kind.STOP) {
                    return;
                }
                request.completion().done(perform(request));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("{}: a completion failed", path, e);
            }
        }
    }

    private IoStatus perform(Request request) {
        try {
            switch (request.kind()) {
                case READ -> readFully(request.offset(), request.buffer());
                case WRITE -> writeFully(request.offset(), request.buffer());
                case WRITE_THROUGH -> {
                    writeFully(request.offset(), request.buffer());
                    channel.force(false);
                }
                case FLUSH -> channel.force(false);
                case STOP -> {}
            }
            return IoStatus.OK;
        } catch (IOException e) {
            LOG.error("{}: {} at {} failed", path, request.kind(), request.offset(), e);
            boolean full = String.valueOf(e.getMessage()).contains("No space left");
            return full ? IoStatus.NO_SPACE : IoStatus.MEDIUM_ERROR;
        }
    }

    private void readFully(long offset, ByteBuffer into) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new IOException("the file has become shorter");
            }
            at += count;
        }
    }

    private void writeFully(long offset, ByteBuffer from) throws IOException {
        long at = offset;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < THREADS; i++) {
            requests.add(new Request(Kind.STOP, 0, ByteBuffer.allocate(0), status -> {}));
        }
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            LOG.error("{}: closing failed; the last writes may not be durable", path, e);
        }
    }
}
