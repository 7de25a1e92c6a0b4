package io.holdfast.device.driver;

import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.process.IoFlusher;
import io.holdfast.replication.volume.DiscardingVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * A file or disk as a volume past the page cache, on one node alone: what a device costs can be
 * measured and tested on it without replication.
 */
public final class DirectFileVolume implements DiscardingVolume, AutoCloseable {
    private enum Kind {
        READ,
        WRITE,
        WRITE_THROUGH,
        FLUSH,
        ZERO,
        PUNCH
    }

    /** A request that waits for a thread; used again. */
    private static final class Task {
        Kind kind = Kind.FLUSH;
        long offset;
        long length;
        ByteBuffer buffer = NOTHING;
        IoCompletion completion = status -> {};
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final VolumeId id;
    private final DirectFile file;
    private final long sizeBytes;
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final ArrayDeque<Task> unused = new ArrayDeque<>();
    private boolean closed;

    private DirectFileVolume(VolumeId id, DirectFile file) {
        this.id = id;
        this.file = file;
        this.sizeBytes = file.sizeBytes() / SECTOR_BYTES * SECTOR_BYTES;
    }

    /**
     * Opens an existing file whose size is the volume's.
     *
     * @param threads how many requests may be at the disk at once
     */
    public static DirectFileVolume open(VolumeId id, Path path, int threads) {
        DirectFileVolume volume = new DirectFileVolume(id, DirectFile.open(path));
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().daemon().name("disk-" + id + "-" + i).start(volume::work);
        }
        return volume;
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
    public void flush(IoCompletion completion) {
        submit(Kind.FLUSH, 0, 0, NOTHING, completion);
    }

    @Override
    public void zero(
            long offsetBytes, long lengthBytes, boolean keepSpace, IoCompletion completion) {
        Kind kind = keepSpace ? Kind.ZERO : Kind.PUNCH;
        submit(kind, offsetBytes, lengthBytes, NOTHING, completion);
    }

    private void submit(
            Kind kind, long offset, long length, ByteBuffer buffer, IoCompletion completion) {
        if (offset < 0
                || offset % SECTOR_BYTES != 0
                || length % SECTOR_BYTES != 0
                || offset > sizeBytes - length) {
            completion.done(IoStatus.OUT_OF_RANGE);
            return;
        }
        synchronized (queue) {
            Task task = unused.isEmpty() ? new Task() : unused.removeLast();
            task.kind = kind;
            task.offset = offset;
            task.length = length;
            task.buffer = buffer;
            task.completion = completion;
            queue.addLast(task);
            queue.notifyAll();
        }
    }

    private void work() {
        IoFlusher.mark();
        try {
            while (true) {
                Task task;
                synchronized (queue) {
                    while (queue.isEmpty()) {
                        if (closed) {
                            return;
                        }
                        queue.wait();
                    }
                    task = queue.removeFirst();
                }
                IoStatus status = status(carryOut(task));
                IoCompletion completion = task.completion;
                synchronized (queue) {
                    unused.addLast(task);
                }
                completion.done(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int carryOut(Task task) {
        return switch (task.kind) {
            case READ -> file.read(task.offset, task.buffer);
            case WRITE -> file.write(task.offset, task.buffer);
            case WRITE_THROUGH -> {
                int result = file.write(task.offset, task.buffer);
                yield result == BlockFile.DONE ? file.sync() : result;
            }
            case FLUSH -> file.sync();
            case ZERO -> file.zeroRange(task.offset, task.length);
            case PUNCH -> file.punchHole(task.offset, task.length);
        };
    }

    private static IoStatus status(int result) {
        if (result == BlockFile.DONE) {
            return IoStatus.OK;
        }
        return result == Errno.ENOSPC.number() ? IoStatus.NO_SPACE : IoStatus.MEDIUM_ERROR;
    }

    /** Ends the threads once what is queued is done; the file stays open for what is under way. */
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
    }
}
