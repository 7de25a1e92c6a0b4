package io.holdfast.replication.core;

import io.holdfast.base.Problem;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * Online verify: reads this replica run by run and has the peer compare digests of it with its own.
 *
 * <p>A run stays in the table of requests in flight until the peer has answered, so no write of its
 * blocks begins meanwhile; the peer reads it in its place among the writes that came before. So a
 * difference that is found is one. It is only kept in mind: it becomes dirty, and is brought in
 * line, when the two connect the next time, as with DRBD.
 */
final class VerifySource {
    private static final int DEPTH = 4;

    private final VolumeEngine engine;
    private final PeerLink link;
    private final @Nullable BlockRequest[] unanswered = new @Nullable BlockRequest[DEPTH];
    private final BlockBitmap differing;
    private boolean active;
    private int inFlight;
    private long cursor;
    private long sequence;

    VerifySource(VolumeEngine engine, PeerLink link) {
        this.engine = engine;
        this.link = link;
        this.differing = new BlockBitmap(engine.geometry.blocks());
    }

    boolean isActive() {
        return active;
    }

    /** Blocks that were found to differ and are not yet dirty. */
    BlockBitmap differing() {
        return differing;
    }

    /** Blocks that were looked at, of all. */
    long verifiedBlocks() {
        return cursor;
    }

    void start() {
        active = true;
        cursor = 0;
        differing.clearAll();
        pump();
    }

    /** The connection is gone. */
    void stop() {
        active = false;
        for (int i = 0; i < DEPTH; i++) {
            BlockRequest request = unanswered[i];
            if (request != null) {
                unanswered[i] = null;
                engine.requests.leave(request);
                engine.out.release(request);
            }
        }
        inFlight = 0;
    }

    void pump() {
        while (active && inFlight < most() && cursor < engine.geometry.blocks()) {
            if (!readRunAt(cursor)) {
                return;
            }
        }
        if (active && inFlight == 0 && cursor >= engine.geometry.blocks()) {
            finish();
        }
    }

    /** Clients go first. */
    private int most() {
        return engine.requests.userCount() == 0 ? DEPTH : 1;
    }

    /** False when that cannot be done now; the next event or tick tries again. */
    private boolean readRunAt(long block) {
        BlockRequest request = engine.out.newResyncRequest();
        if (request == null) {
            return false;
        }
        long end = Math.min(engine.geometry.blocks(), block + ResyncSource.RUN_BLOCKS);
        request.reset(
                Kind.VERIFY_READ,
                block * VolumeGeometry.BLOCK_BYTES,
                (int) (end - block) * VolumeGeometry.BLOCK_BYTES);
        if (!engine.requests.mayRead(request)) {
            engine.out.release(request);
            return false;
        }
        request.wantsDigests = true;
        // Those of a resync are positive.
        request.sequence = --sequence;
        request.peer = link.index;
        request.session = link.session;
        cursor = end;
        inFlight++;
        engine.requests.enter(request);
        engine.out.readDisk(request);
        return true;
    }

    void readDone(BlockRequest request, IoStatus status) {
        boolean ours = active && request.session == link.session;
        if (ours && status == IoStatus.OK) {
            int free = 0;
            while (unanswered[free] != null) {
                free++;
            }
            unanswered[free] = request;
            engine.out.sendDigests(link.index, request);
            return;
        }
        engine.requests.leave(request);
        engine.out.release(request);
        if (status != IoStatus.OK) {
            engine.diskFailed("reading for a verification failed");
        }
    }

    /**
     * The peer has compared.
     *
     * @param differingBlocks bit by bit, from the run's first block
     */
    void compared(long ofSequence, long differingBlocks) {
        for (int i = 0; i < DEPTH; i++) {
            BlockRequest request = unanswered[i];
            if (request != null && request.sequence == ofSequence) {
                unanswered[i] = null;
                inFlight--;
                for (long bits = differingBlocks; bits != 0; bits &= bits - 1) {
                    long block = request.firstBlock() + Long.numberOfTrailingZeros(bits);
                    if (block < request.endBlock()) {
                        differing.set(block, block + 1);
                    }
                }
                engine.requests.leave(request);
                engine.out.release(request);
                engine.requests.pump();
                pump();
                return;
            }
        }
    }

    private void finish() {
        active = false;
        if (!differing.isEmpty()) {
            engine.out.report(
                    new Problem(
                            "verify found blocks that differ",
                            engine.volumeName() + " with " + link.node,
                            differing.count()
                                    + " blocks of 4 KiB from block "
                                    + differing.nextSet(0)
                                    + " on are not the same on both",
                            "look for faulty disks or memory; then disconnect and connect: the"
                                    + " peer is given this node's content if this one is Primary"));
            engine.out.happened(VolumeEvent.OUT_OF_SYNC, link.index);
        }
        engine.out.stateChanged();
    }
}
