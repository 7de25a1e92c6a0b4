package io.holdfast.api.lease;

import static io.holdfast.api.lease.LeasePage.INT;
import static io.holdfast.api.lease.LeasePage.LONG;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * {@code clusterd}'s side of the lease page. There is one writer on a node, kept so by a lock on
 * the file. Opening it takes every right away that an earlier writer gave, and tells which
 * addresses that one had up. Closing it does the same. All methods may be called from any thread.
 */
public final class LeasePageWriter implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;

    /** Where what is longer than a number is put together before it goes to the page. */
    private final MemorySegment prepared =
            MemorySegment.ofArray(new byte[(int) LeasePage.PAGE_BYTES]);

    private final List<GuardedAddress> inherited;
    private final LinkedHashSet<GuardedAddress> guarded = new LinkedHashSet<>();

    private LeasePageWriter(Path file) {
        channel = LeasePage.open(file);
        lock = lockAlone(file, channel);
        page = LeasePage.map(file, channel, arena);
        byte[] bootId = LeasePage.bootId();
        inherited =
                LeasePage.isOfThisBoot(page, bootId) ? LeasePage.readAddresses(page) : List.of();
        startAnew(bootId);
    }

    /** Takes the page at {@code file} over, made when it is not there. */
    public static LeasePageWriter open(Path file) {
        return new LeasePageWriter(file);
    }

    /**
     * The addresses that an earlier {@code clusterd} of this boot left on the page. They may still
     * be up, and nobody guards them any more: whoever opened the writer removes them or guards
     * them.
     */
    public List<GuardedAddress> inherited() {
        return inherited;
    }

    /** This node may act under {@code term} until {@code untilNanos} ({@link System#nanoTime}). */
    public synchronized void extend(Term term, long untilNanos) {
        Invariant.check(untilNanos > 0, "the monotonic clock is positive: %d", untilNanos);
        beginWriting();
        page.set(LONG, LeasePage.TERM_AT, term.number());
        page.set(LONG, LeasePage.ACTING_UNTIL_AT, untilNanos);
        endWriting();
    }

    /** This node may not act from now on, until the next {@link #extend}. */
    public synchronized void end() {
        beginWriting();
        page.set(LONG, LeasePage.ACTING_UNTIL_AT, LeasePageReader.NOT_ACTING);
        endWriting();
    }

    /** Lets this node act as Primary of {@code volume}, under no other epoch than this. */
    public synchronized void grant(VolumeId volume, Epoch epoch) {
        Invariant.check(epoch.number() > 0, "a volume is promoted under an epoch above 0");
        setEpoch(volume, epoch.number());
    }

    /** Takes the right back that {@link #grant} gave; nothing when there is none. */
    public synchronized void revoke(VolumeId volume) {
        if (LeasePage.findVolume(page, bytes(volume)) >= 0) {
            setEpoch(volume, 0);
        }
    }

    /** Has {@code storaged} remove this address should the lease run out. */
    public synchronized void guard(GuardedAddress address) {
        if (guarded.size() >= LeasePage.ADDRESS_SLOTS) {
            throw full("addresses", LeasePage.ADDRESS_SLOTS, address.toString());
        }
        if (guarded.add(address)) {
            writeAddresses();
        }
    }

    /** The address is no longer up; nothing when it was not guarded. */
    public synchronized void unguard(GuardedAddress address) {
        if (guarded.remove(address)) {
            writeAddresses();
        }
    }

    /** Takes every right away and lets another writer take over. */
    @Override
    public synchronized void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        beginWriting();
        page.set(LONG, LeasePage.ACTING_UNTIL_AT, LeasePageReader.NOT_ACTING);
        for (int slot = 0; slot < LeasePage.VOLUME_SLOTS; slot++) {
            page.set(LONG, epochAt(slot), 0);
        }
        endWriting();
        arena.close();
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("releasing the lease page", e);
        }
    }

    private void startAnew(byte[] bootId) {
        beginWriting();
        page.asSlice(0, LeasePage.SEQUENCE_AT).fill((byte) 0);
        long afterSequence = LeasePage.SEQUENCE_AT + Long.BYTES;
        page.asSlice(afterSequence).fill((byte) 0);
        page.set(LONG, LeasePage.MAGIC_AT, LeasePage.MAGIC);
        page.set(INT, LeasePage.VERSION_AT, LeasePage.VERSION);
        MemorySegment.copy(
                MemorySegment.ofArray(bootId),
                0,
                page,
                LeasePage.BOOT_ID_AT,
                LeasePage.BOOT_ID_BYTES);
        long incarnation = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        page.set(LONG, LeasePage.INCARNATION_AT, incarnation);
        page.set(LONG, LeasePage.WRITER_PID_AT, ProcessHandle.current().pid());
        endWriting();
    }

    private void setEpoch(VolumeId volume, long epoch) {
        byte[] name = bytes(volume);
        int slot = LeasePage.findVolume(page, name);
        if (slot >= 0) {
            beginWriting();
            page.set(LONG, epochAt(slot), epoch);
            endWriting();
            return;
        }
        int used = page.get(INT, LeasePage.VOLUME_SLOTS_USED_AT);
        if (used >= LeasePage.VOLUME_SLOTS) {
            throw full("volumes", LeasePage.VOLUME_SLOTS, volume.name());
        }
        long slotAt = LeasePage.volumeSlotAt(used);
        LeasePage.writeName(prepared.asSlice(slotAt, LeasePage.VOLUME_NAME_BYTES), volume.name());
        beginWriting();
        MemorySegment.copy(prepared, slotAt, page, slotAt, LeasePage.VOLUME_NAME_BYTES);
        page.set(LONG, epochAt(used), epoch);
        page.set(INT, LeasePage.VOLUME_SLOTS_USED_AT, used + 1);
        page.set(
                LONG,
                LeasePage.VOLUME_GENERATION_AT,
                page.get(LONG, LeasePage.VOLUME_GENERATION_AT) + 1);
        endWriting();
    }

    // All that takes time comes before beginWriting: readers wait from there on.
    private void writeAddresses() {
        int slot = 0;
        for (GuardedAddress address : guarded) {
            LeasePage.writeAddress(prepared, slot++, address);
        }
        long bytes = LeasePage.addressSlotAt(slot) - LeasePage.ADDRESSES_AT;
        beginWriting();
        MemorySegment.copy(prepared, LeasePage.ADDRESSES_AT, page, LeasePage.ADDRESSES_AT, bytes);
        page.set(INT, LeasePage.ADDRESS_SLOTS_USED_AT, slot);
        page.set(
                LONG,
                LeasePage.ADDRESS_GENERATION_AT,
                page.get(LONG, LeasePage.ADDRESS_GENERATION_AT) + 1);
        endWriting();
    }

    // A writer that died in the middle left the sequence odd: then it only stays so.
    private void beginWriting() {
        long sequence = page.get(LONG, LeasePage.SEQUENCE_AT);
        LeasePage.ORDERED_LONG.setOpaque(page, LeasePage.SEQUENCE_AT, sequence | 1);
        VarHandle.storeStoreFence();
    }

    private void endWriting() {
        long sequence = page.get(LONG, LeasePage.SEQUENCE_AT);
        LeasePage.ORDERED_LONG.setRelease(page, LeasePage.SEQUENCE_AT, sequence + 1);
    }

    private static long epochAt(int slot) {
        return LeasePage.volumeSlotAt(slot) + LeasePage.VOLUME_EPOCH_IN_SLOT;
    }

    private static byte[] bytes(VolumeId volume) {
        return volume.name().getBytes(StandardCharsets.UTF_8);
    }

    private static FileLock lockAlone(Path file, FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // Held within this process: the same to whoever asks.
        } catch (IOException e) {
            throw LeasePage.unusable(file, e);
        }
        throw new ProblemException(
                new Problem(
                        "another clusterd writes the lease page",
                        file.toString(),
                        "two of them on one node would grant what neither knows of",
                        "stop the other one, or give this one its own HOLDFAST_ROOT"));
    }

    private static ProblemException full(String things, int limit, String object) {
        return new ProblemException(
                new Problem(
                        "the lease page has no place left",
                        object,
                        "it holds at most " + limit + " " + things + " on a node",
                        "move some " + things + " to another cluster"));
    }
}
