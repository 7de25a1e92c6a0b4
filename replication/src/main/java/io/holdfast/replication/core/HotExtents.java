package io.holdfast.replication.core;

import io.holdfast.base.Invariant;

/**
 * Lets a write begin only when its extents are in the activity log on disk, and turns extents cold
 * again when their blocks are stable everywhere and the bitmap pages over them are on disk.
 *
 * <p>The Primary always works so. Secondaries do too when there are more than two replicas: should
 * the Primary be lost for good after all have crashed, the survivors must know where they may
 * differ. With two, the Primary's log tells everything.
 */
final class HotExtents {
    /** The Primary has at most so many writes in flight; see {@link RequestPipeline}. */
    private static final int RECENT = RequestPipeline.WINDOW;

    /**
     * A Primary uses at most so many slots, so that a Secondary, which learns later than the
     * Primary what is stable, always finds a free one: each recent write may hold two more extents
     * there.
     */
    static final int MAX_PRIMARY_SLOTS = ActivityLog.MAX_SLOTS - 2 * RECENT;

    private static final int MIN_PRIMARY_SLOTS = 4;

    private final VolumeEngine engine;
    private final VolumeGeometry geometry;
    private final int primarySlots;
    final ActivityLog log = new ActivityLog();
    final UnstableBlocks unstable;

    private final int[] wanted = new int[ActivityLog.MAX_SLOTS];
    private int wantedCount;
    private int writesOnTheirWay;

    // At a Secondary: the last writes of the Primary, of which it may not know whether all have
    // them.
    private final long[] recentSequence = new long[RECENT];
    private final long[] recentFirst = new long[RECENT];
    private final long[] recentEnd = new long[RECENT];

    HotExtents(VolumeEngine engine, int primarySlots) {
        this.engine = engine;
        this.geometry = engine.geometry;
        this.primarySlots = Math.clamp(primarySlots, MIN_PRIMARY_SLOTS, MAX_PRIMARY_SLOTS);
        this.unstable = new UnstableBlocks(geometry);
    }

    /** Whether a write may begin; if not, its extents are being made hot. */
    boolean isHot(BlockRequest request) {
        int first = geometry.extentOf(request.firstBlock());
        int last = geometry.extentOf(request.endBlock() - 1);
        Invariant.check(last - first <= 1, "a request over %d extents", last - first + 1);
        boolean hot = log.hotSlot(first) >= 0 || want(first);
        return (last == first || log.hotSlot(last) >= 0 || want(last)) && hot;
    }

    private boolean want(int extent) {
        if (!log.isKnown(extent) && !isWanted(extent) && wantedCount < wanted.length) {
            wanted[wantedCount++] = extent;
        }
        return false;
    }

    private boolean isWanted(int extent) {
        for (int i = 0; i < wantedCount; i++) {
            if (wanted[i] == extent) {
                return true;
            }
        }
        return false;
    }

    /** A write begins: its extents are held hot and its blocks are unstable. */
    void enter(BlockRequest request) {
        int first = geometry.extentOf(request.firstBlock());
        int last = geometry.extentOf(request.endBlock() - 1);
        request.firstSlot = log.hotSlot(first);
        request.lastSlot = log.hotSlot(last);
        log.pin(request.firstSlot);
        if (last != first) {
            log.pin(request.lastSlot);
        }
        addUnstable(request.firstBlock(), request.endBlock());
    }

    void leave(BlockRequest request) {
        if (request.firstSlot < 0) {
            return;
        }
        log.unpin(request.firstSlot);
        if (request.lastSlot != request.firstSlot) {
            log.unpin(request.lastSlot);
        }
        request.firstSlot = -1;
        if (wantedCount > 0) {
            pump();
        }
    }

    void addUnstable(long fromBlock, long endBlock) {
        for (long block = fromBlock; block < endBlock; ) {
            int extent = geometry.extentOf(block);
            long first = geometry.firstBlockOf(extent);
            long next = Math.min(endBlock, geometry.endBlockOf(extent));
            int slot = log.hotSlot(extent);
            if (slot >= 0) {
                unstable.add(slot, (int) (block - first), (int) (next - first));
            }
            block = next;
        }
    }

    // ---- what a Secondary remembers of the Primary's writes

    void remember(BlockRequest write) {
        int at = (int) (write.sequence % RECENT);
        recentSequence[at] = write.sequence;
        recentFirst[at] = write.firstBlock();
        recentEnd[at] = write.endBlock();
    }

    /** Calls the written ranges unstable again of which not all replicas are known to have them. */
    void keepUnconfirmed(long confirmedSequence) {
        for (int i = 0; i < RECENT; i++) {
            if (recentSequence[i] > confirmedSequence) {
                addUnstable(recentFirst[i], recentEnd[i]);
            }
        }
    }

    /** The Primary confirms writes up to a sequence, or is gone (with the highest). */
    void forgetUpTo(long sequence) {
        for (int i = 0; i < RECENT; i++) {
            if (recentSequence[i] <= sequence) {
                recentSequence[i] = 0;
            }
        }
    }

    // ---- the log on disk

    /** Sends a transaction on its way when one is wanted, possible and none is. */
    void pump() {
        if (writesOnTheirWay > 0 || wantedCount == 0) {
            return;
        }
        int done = 0;
        while (done < wantedCount && makeRoom()) {
            log.bring(wanted[done++]);
        }
        if (done == 0) {
            Invariant.check(engine.isPrimaryOrDemoting(), "a Secondary's activity log is full");
            engine.flushes.request();
            return;
        }
        System.arraycopy(wanted, done, wanted, 0, wantedCount - done);
        wantedCount -= done;
        writeLog();
    }

    private boolean makeRoom() {
        int limit = engine.isPrimary() ? primarySlots : ActivityLog.MAX_SLOTS;
        while (log.used() >= limit) {
            int victim = log.victim(unstable::isStable);
            if (victim < 0) {
                return false;
            }
            evict(victim);
        }
        return true;
    }

    /** Turns everything cold that can be; at the end of being Primary, or of being up. */
    void coolDown() {
        boolean evicted = false;
        for (int victim; (victim = log.victim(unstable::isStable)) >= 0; evicted = true) {
            evict(victim);
        }
        if (evicted) {
            writeLog();
        }
    }

    private void evict(int slot) {
        int extent = log.extentOf(slot);
        int firstPage = BlockBitmap.pageOf(geometry.firstBlockOf(extent));
        int lastPage = BlockBitmap.pageOf(geometry.endBlockOf(extent) - 1);
        for (int page = firstPage; page <= lastPage; page++) {
            engine.writeBitmapPage(page);
        }
        log.evict(slot);
    }

    // Metadata is written in order, so the bitmap pages of what was evicted are on disk before it
    // is out of the log.
    private void writeLog() {
        writesOnTheirWay++;
        engine.out.writeActivityLog(log.extents());
    }

    void logWritten() {
        if (--writesOnTheirWay > 0) {
            return;
        }
        log.transactionDurable();
        engine.requests.pump();
        pump();
    }
}
