package io.holdfast.api.lease;

import static io.holdfast.api.lease.LeasePage.LONG;

import io.holdfast.base.Epoch;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code storaged}'s side of the lease page. A grant that cannot be read in a consistent state
 * within {@link #PATIENCE_NANOS} is no right to act. May be used from any thread.
 */
public final class LeasePageReader implements AutoCloseable {
    /** A time in the past of every {@link System#nanoTime} on Linux. */
    public static final long NOT_ACTING = 0;

    /**
     * How long a reader waits for a writer that is in the middle of writing. A write is some dozen
     * stores, so only a writer that was descheduled or died there makes anybody wait.
     */
    static final long PATIENCE_NANOS = 2_000_000;

    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 20_000;

    private volatile Header lastRead = Header.NOTHING;
    private final MemorySegment page;
    private final Arena arena = Arena.ofShared();
    private final byte[] bootId = LeasePage.bootId();

    private LeasePageReader(Path file) {
        try (FileChannel channel = LeasePage.open(file)) {
            page = LeasePage.map(file, channel, arena);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the lease page's file", e);
        }
    }

    /** Opens the page, made (granting nothing) when {@code clusterd} has not been there yet. */
    public static LeasePageReader open(Path file) {
        return new LeasePageReader(file);
    }

    /** Until when this node may act at all, for floating addresses; {@link #NOT_ACTING} if not. */
    public long actingUntilNanos() {
        return header().actingUntilNanos();
    }

    /**
     * The term, and until when, for people and for what is not done often. While the writer is in
     * the middle of writing (or died there) it is what was read before: a lease that was granted
     * lasts to its end, and floating addresses must not go because a thread was kept from running.
     */
    public Header header() {
        long deadline = 0;
        for (int attempt = 0; ; attempt++) {
            long before = sequence();
            if ((before & 1) == 0) {
                boolean believed = LeasePage.isOfThisBoot(page, bootId);
                Header header =
                        new Header(
                                page.get(LONG, LeasePage.INCARNATION_AT),
                                new Term(Math.max(0, page.get(LONG, LeasePage.TERM_AT))),
                                page.get(LONG, LeasePage.ACTING_UNTIL_AT),
                                page.get(LONG, LeasePage.ADDRESS_GENERATION_AT));
                if (unchangedSince(before)) {
                    lastRead = believed ? header : Header.NOTHING;
                    return lastRead;
                }
            }
            deadline = waited(attempt, deadline);
            if (deadline < 0) {
                return lastRead;
            }
        }
    }

    /**
     * The addresses to remove once {@link #actingUntilNanos} is over; empty while the page cannot
     * be believed.
     */
    public List<GuardedAddress> guardedAddresses() {
        long deadline = 0;
        for (int attempt = 0; ; attempt++) {
            long before = sequence();
            if ((before & 1) == 0) {
                // Copied first: what is parsed must not change meanwhile.
                MemorySegment copy = MemorySegment.ofArray(page.toArray(LeasePage.LONG));
                if (unchangedSince(before)) {
                    return LeasePage.isOfThisBoot(copy, bootId)
                            ? LeasePage.readAddresses(copy)
                            : List.of();
                }
            }
            deadline = waited(attempt, deadline);
            if (deadline < 0) {
                return List.of();
            }
        }
    }

    /** The right to act as Primary of one volume; keep it, and ask it for each acknowledgement. */
    public VolumeGrant volume(VolumeId volume) {
        return new VolumeGrant(volume);
    }

    /** Unmaps the page; no grant of it may be asked any more. */
    @Override
    public void close() {
        arena.close();
    }

    /**
     * The page's head.
     *
     * @param incarnation of the writer; 0 when there is none to believe
     * @param addressGeneration changes whenever {@link #guardedAddresses} does
     */
    public record Header(
            long incarnation, Term term, long actingUntilNanos, long addressGeneration) {
        static final Header NOTHING = new Header(0, Term.NONE, NOT_ACTING, 0);
    }

    /** Whether this node may act as Primary of one volume. Any thread. */
    public final class VolumeGrant {
        private final byte[] name;
        private volatile Binding binding = Binding.NONE;

        private VolumeGrant(VolumeId volume) {
            name = volume.name().getBytes(StandardCharsets.UTF_8);
        }

        /**
         * Until when ({@link System#nanoTime}) this node may acknowledge I/O under {@code epoch};
         * {@link #NOT_ACTING} when it may not. Allocates nothing.
         */
        public long untilNanos(Epoch epoch) {
            return untilNanos(epoch.number());
        }

        /** As above, for callers that keep the epoch as a number. */
        public long untilNanos(long epoch) {
            if (epoch <= 0) {
                return NOT_ACTING;
            }
            long deadline = 0;
            for (int attempt = 0; ; attempt++) {
                Binding bound = binding;
                long before = sequence();
                if ((before & 1) == 0) {
                    long incarnation = page.get(LONG, LeasePage.INCARNATION_AT);
                    long generation = page.get(LONG, LeasePage.VOLUME_GENERATION_AT);
                    long until = page.get(LONG, LeasePage.ACTING_UNTIL_AT);
                    long granted = page.get(LONG, bound.epochAt());
                    if (unchangedSince(before)) {
                        if (incarnation == bound.incarnation()
                                && generation == bound.generation()) {
                            return granted == epoch && bound.found() ? until : NOT_ACTING;
                        }
                        bind(before, incarnation, generation);
                        continue;
                    }
                }
                deadline = waited(attempt, deadline);
                if (deadline < 0) {
                    return NOT_ACTING;
                }
            }
        }

        // The slow path: a writer started, or gave some volume a slot.
        private void bind(long before, long incarnation, long generation) {
            int slot = LeasePage.isOfThisBoot(page, bootId) ? LeasePage.findVolume(page, name) : -1;
            if (unchangedSince(before)) {
                binding =
                        slot < 0
                                ? new Binding(incarnation, generation, false, 0)
                                : new Binding(
                                        incarnation,
                                        generation,
                                        true,
                                        LeasePage.volumeSlotAt(slot)
                                                + LeasePage.VOLUME_EPOCH_IN_SLOT);
            }
        }
    }

    /** Where a volume's epoch stands, as long as incarnation and generation are these. */
    private record Binding(long incarnation, long generation, boolean found, long epochAt) {
        static final Binding NONE = new Binding(0, 0, false, 0);
    }

    private long sequence() {
        return (long) LeasePage.ORDERED_LONG.getAcquire(page, LeasePage.SEQUENCE_AT);
    }

    private boolean unchangedSince(long before) {
        VarHandle.loadLoadFence();
        return (long) LeasePage.ORDERED_LONG.getOpaque(page, LeasePage.SEQUENCE_AT) == before;
    }

    /** Waits a little; the deadline to hand in next time, or -1 when patience is over. */
    private static long waited(int attempt, long deadline) {
        if (attempt < SPINS) {
            Thread.onSpinWait();
            return deadline;
        }
        long now = System.nanoTime();
        if (deadline == 0) {
            return now + PATIENCE_NANOS;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        return now - deadline < 0 ? deadline : -1;
    }
}
