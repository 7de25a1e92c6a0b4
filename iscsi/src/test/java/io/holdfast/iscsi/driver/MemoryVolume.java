package io.holdfast.iscsi.driver;

import io.holdfast.base.VolumeId;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import io.holdfast.replication.volume.VolumeNotes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A volume in memory whose requests can be held back, as while I/O is suspended. */
final class MemoryVolume implements BlockVolume, AutoCloseable {
    private final byte[] content;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final List<Runnable> held = new ArrayList<>();
    private boolean suspended;
    private IoStatus fault = IoStatus.OK;
    private Optional<VolumeNotes> notes = Optional.empty();
    private int flushes;

    MemoryVolume(int sizeBytes) {
        content = new byte[sizeBytes];
    }

    /** Keeps notes in another volume of memory, as a replicated volume does in its last blocks. */
    MemoryVolume withNotesIn(MemoryVolume area) {
        notes = Optional.of(new SlottedNotes(area));
        return this;
    }

    @Override
    public Optional<VolumeNotes> notes() {
        return notes;
    }

    synchronized void suspend() {
        suspended = true;
    }

    synchronized void resume() {
        suspended = false;
        held.forEach(thread::execute);
        held.clear();
    }

    synchronized int held() {
        return held.size();
    }

    synchronized void failWith(IoStatus status) {
        fault = status;
    }

    synchronized int flushes() {
        return flushes;
    }

    @Override
    public VolumeId id() {
        return new VolumeId("memory");
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    private synchronized void start(Runnable request) {
        if (suspended) {
            held.add(request);
        } else {
            thread.execute(request);
        }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
        start(
                () -> {
                    IoStatus status = fault();
                    if (status == IoStatus.OK) {
                        synchronized (this) {
                            into.put(content, (int) offsetBytes, into.remaining());
                        }
                    }
                    completion.done(status);
                });
    }

    @Override
    public void write(
            long offsetBytes, ByteBuffer from, boolean forceUnitAccess, IoCompletion completion) {
        start(
                () -> {
                    IoStatus status = fault();
                    if (status == IoStatus.OK) {
                        synchronized (this) {
                            from.get(content, (int) offsetBytes, from.remaining());
                        }
                    }
                    completion.done(status);
                });
    }

    @Override
    public void flush(IoCompletion completion) {
        start(
                () -> {
                    synchronized (this) {
                        flushes++;
                    }
                    completion.done(fault());
                });
    }

    private synchronized IoStatus fault() {
        return fault;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
