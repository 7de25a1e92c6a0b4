package io.holdfast.replication.volume;

import io.holdfast.base.Invariant;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.volume.NotesSlot.Content;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Notes in an area of two slots that are written in turns, so that a torn write leaves the record
 * before. Stores that arrive while one is being written are joined: the last one is written for
 * all.
 *
 * <pre>
 * slot 0   a {@link NotesSlot}: records with even numbers
 * slot 1   a {@link NotesSlot}: records with odd numbers
 * </pre>
 */
public final class SlottedNotes implements VolumeNotes {
    /** The area needed. */
    public static final int AREA_BYTES = 2 * NotesSlot.SLOT_BYTES;

    private static final int PAGE_BYTES = 4096;
    private static final long LOAD_SECONDS = 20;

    private final BlockVolume area;
    private final List<IoCompletion> waiting = new ArrayList<>();
    private byte @Nullable [] next;
    private boolean storing;
    private boolean loaded;
    private long sequence;

    /**
     * Notes in the first {@link #AREA_BYTES} of an area that nobody else uses.
     *
     * @param area named as the volume whose notes these are
     */
    public SlottedNotes(BlockVolume area) {
        Invariant.check(area.sizeBytes() >= AREA_BYTES, "notes of %s have no room", area.id());
        this.area = area;
    }

    @Override
    public byte[] load() {
        NotesSlot first = readSlot(0);
        NotesSlot second = readSlot(1);
        if (first.content() == Content.DAMAGED && second.content() == Content.DAMAGED) {
            throw unreadable("both copies are damaged");
        }
        NotesSlot newest = NotesSlot.newer(first, second);
        synchronized (this) {
            loaded = true;
            sequence = Math.max(sequence, newest.sequence());
        }
        byte[] bytes = new byte[newest.notes().remaining()];
        newest.notes().get(bytes);
        return bytes;
    }

    private NotesSlot readSlot(int slot) {
        long offset = (long) slot * NotesSlot.SLOT_BYTES;
        ByteBuffer page = read(offset, PAGE_BYTES);
        int length = NotesSlot.lengthBytes(page);
        return NotesSlot.decode(length <= PAGE_BYTES ? page : read(offset, wholePages(length)));
    }

    private ByteBuffer read(long offset, int bytes) {
        ByteBuffer buffer = AlignedBufferPool.allocate(bytes);
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        area.read(offset, buffer, done::complete);
        try {
            IoStatus status = done.get(LOAD_SECONDS, TimeUnit.SECONDS);
            if (status != IoStatus.OK) {
                throw unreadable("the read ended with " + status);
            }
            return buffer.clear();
        } catch (TimeoutException e) {
            throw unreadable("the read did not end within " + LOAD_SECONDS + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreadable("the read was interrupted");
        }
    }

    private ProblemException unreadable(String why) {
        return new ProblemException(
                new Problem(
                        "the notes of the volume cannot be read",
                        area.id().name(),
                        why,
                        "see that the disk can be read; serving without them would forget who"
                                + " has reserved the volume"));
    }

    @Override
    public void store(byte[] newRecord, IoCompletion completion) {
        Invariant.check(newRecord.length <= MAX_BYTES, "notes of %d bytes", newRecord.length);
        synchronized (this) {
            // Else the older slot could be taken for the newer one.
            Invariant.check(loaded, "notes of %s are stored before they were loaded", area.id());
            next = newRecord;
            waiting.add(completion);
            if (storing) {
                return;
            }
            storing = true;
        }
        storeNext();
    }

    private void storeNext() {
        byte[] bytes;
        List<IoCompletion> told;
        long number;
        synchronized (this) {
            if (next == null) {
                storing = false;
                return;
            }
            bytes = next;
            next = null;
            told = List.copyOf(waiting);
            waiting.clear();
            number = ++sequence;
        }
        ByteBuffer slot =
                AlignedBufferPool.allocate(wholePages(NotesSlot.HEAD_BYTES + bytes.length));
        NotesSlot.encode(number, bytes, slot);
        long offset = (number & 1) * NotesSlot.SLOT_BYTES;
        area.write(
                offset,
                slot.clear(),
                true,
                written -> {
                    if (written == IoStatus.OK) {
                        area.flush(flushed -> stored(told, flushed));
                    } else {
                        stored(told, written);
                    }
                });
    }

    private void stored(List<IoCompletion> told, IoStatus status) {
        if (status != IoStatus.OK) {
            synchronized (this) {
                // The slot may be torn; the next record must not go to the only good one.
                sequence--;
            }
        }
        told.forEach(completion -> completion.done(status));
        storeNext();
    }

    private static int wholePages(int bytes) {
        return Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    }
}
