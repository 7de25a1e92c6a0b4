package io.holdfast.replication.core;

import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.volume.IoStatus;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of a resync: walks the peer's dirty blocks, reads runs of them and sends them.
 *
 * <p>A bit is cleared only when the target has <em>flushed</em> the block: should the target lose
 * power before, the block is still known to be missing. A run is read under the same rules as any
 * read (never beside a write to its blocks), and its frame is queued before any later write of
 * these blocks can be, so the target ends with the newer content.
 *
 * <p>Clients go first: while any of their requests is in flight, resync gets only its minimum rate,
 * one run at a time.
 */
final class ResyncSource {
    /** 128 KiB: long enough for a disk, short enough for a client's request to wait behind. */
    static final int RUN_BLOCKS = 32;

    /** Runs in flight while no client wants anything. */
    static final int DEPTH = 16;

    /** How much is sent between two flushes of the target: 64 MiB. */
    private static final long BLOCKS_BETWEEN_FLUSHES = 16_384;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final VolumeEngine engine;
    private final PeerLink link;
    private final long minBytesPerSecond;
    private final @Nullable BlockRequest[] unacknowledged = new @Nullable BlockRequest[DEPTH];
    private BlockBitmap written;
    private BlockBitmap flushing;
    private boolean active;
    private boolean finishing;
    private int inFlight;
    private long cursor;
    private long sequence;
    private long flushRound;
    private boolean flushRunning;
    private long tokensBytes;
    private long refilledAtNanos;
    private long resyncedBlocks;
    private final ResyncForecast forecast = new ResyncForecast();
    private long toldAtNanos;

    ResyncSource(VolumeEngine engine, PeerLink link, long minBytesPerSecond) {
        this.engine = engine;
        this.link = link;
        this.minBytesPerSecond = minBytesPerSecond;
        this.written = new BlockBitmap(engine.geometry.blocks());
        this.flushing = new BlockBitmap(engine.geometry.blocks());
    }

    boolean isActive() {
        return active;
    }

    /** Blocks that targets have acknowledged since the volume came up. */
    long resyncedBlocks() {
        return resyncedBlocks;
    }

    void start() {
        active = true;
        finishing = false;
        flushRunning = false;
        cursor = 0;
        written.clearAll();
        flushing.clearAll();
        forecast.start(engine.nowNanos());
        pump();
    }

    /** Blocks that the target lacks and that were not yet sent. */
    long left() {
        return Math.max(0, link.dirty.count() - written.count() - flushing.count());
    }

    long bytesPerSecond() {
        return forecast.blocksPerSecond() * VolumeGeometry.BLOCK_BYTES;
    }

    int estimateSeconds() {
        return link.isPaused() ? -1 : forecast.secondsFor(left());
    }

    /** The connection is gone. What was sent but not flushed stays dirty. */
    void stop() {
        active = false;
        for (int i = 0; i < DEPTH; i++) {
            BlockRequest request = unacknowledged[i];
            if (request != null) {
                unacknowledged[i] = null;
                if (request.started) {
                    engine.requests.leave(request);
                }
                engine.out.release(request);
            }
        }
        inFlight = 0;
    }

    void tick(long nowNanos) {
        long elapsed = Math.clamp(nowNanos - refilledAtNanos, 0, NANOS_PER_SECOND);
        refilledAtNanos = nowNanos;
        long most =
                Math.max(minBytesPerSecond / 10, (long) RUN_BLOCKS * VolumeGeometry.BLOCK_BYTES);
        tokensBytes = Math.min(most, tokensBytes + minBytesPerSecond * elapsed / NANOS_PER_SECOND);
        pump();
        if (active) {
            forecast.observe(nowNanos, resyncedBlocks);
            tellProgress(nowNanos);
        }
    }

    private void tellProgress(long nowNanos) {
        if (nowNanos - toldAtNanos >= NANOS_PER_SECOND) {
            toldAtNanos = nowNanos;
            engine.out.send(
                    link.index,
                    new PeerMessage.ResyncProgress(left(), bytesPerSecond(), estimateSeconds()));
        }
    }

    /** Sends what may be sent now. */
    void pump() {
        while (active && !finishing && !link.isPaused() && mayHaveOneMore()) {
            long block = link.dirty.nextSet(cursor);
            if (block < 0) {
                endOfPass();
                return;
            }
            if (written.count() >= BLOCKS_BETWEEN_FLUSHES && !flushRunning) {
                flush();
            }
            if (!sendRunAt(block)) {
                return;
            }
        }
    }

    private boolean mayHaveOneMore() {
        if (engine.requests.userCount() == 0) {
            return inFlight < DEPTH;
        }
        return inFlight == 0 && tokensBytes > 0;
    }

    /** False when there is no request to send it with. */
    private boolean sendRunAt(long block) {
        BlockRequest request = engine.out.newResyncRequest();
        if (request == null) {
            return false;
        }
        long end = link.dirty.endOfRun(block, block + RUN_BLOCKS);
        request.reset(
                Kind.RESYNC_READ,
                block * VolumeGeometry.BLOCK_BYTES,
                (int) (end - block) * VolumeGeometry.BLOCK_BYTES);
        cursor = end;
        if (!engine.requests.mayRead(request)) {
            // A client is writing there; the next pass comes back to it.
            engine.out.release(request);
            return true;
        }
        // Blocks of a new Primary that are made equal have mostly been equal all the time.
        request.wantsDigests = engine.checksumResync;
        request.sequence = ++sequence;
        request.peer = link.index;
        request.session = link.session;
        inFlight++;
        tokensBytes -= request.lengthBytes;
        engine.requests.enter(request);
        engine.out.readDisk(request);
        return true;
    }

    private void endOfPass() {
        if (inFlight > 0 || flushRunning) {
            return;
        }
        if (!written.isEmpty()) {
            flush();
        } else if (link.dirty.isEmpty()) {
            finishing = true;
            flushOwnDisk();
        } else if (cursor > 0) {
            // Blocks that clients kept busy: tried again at the next event or tick.
            cursor = 0;
        }
    }

    /**
     * The target is about to forget what it feared. Should this node's disk then lose what it had
     * not flushed (writes it took as a Secondary are in no log of its own), nobody would know.
     */
    private void flushOwnDisk() {
        BlockRequest own = engine.out.newFlushRequest();
        own.reset(Kind.OWN_FLUSH, 0, 0);
        own.peer = link.index;
        own.session = link.session;
        own.sequence = --flushRound;
        engine.out.flushDisk(own);
    }

    void ownDiskFlushed(BlockRequest own, IoStatus status) {
        boolean ours = active && finishing && own.session == link.session;
        engine.out.release(own);
        if (status != IoStatus.OK) {
            engine.diskFailed("a flush of the local disk failed");
        } else if (ours) {
            offerGeneration();
        }
    }

    /** Not before it is on our disk: else, after a crash here, only the target would be in it. */
    private void offerGeneration() {
        long session = link.session;
        PeerMessage.ResyncFinished finished =
                new PeerMessage.ResyncFinished(engine.state.current, engine.state.history());
        link.offeredGeneration = finished.current();
        engine.state.whenDurable(
                () -> {
                    if (active && finishing && link.session == session) {
                        engine.out.send(link.index, finished);
                    }
                });
    }

    private void flush() {
        BlockBitmap empty = flushing;
        flushing = written;
        written = empty;
        flushRunning = true;
        flushRound--;
        engine.out.sendFlush(link.index, flushRound, 0);
    }

    /** Rounds of a resync are negative, those of {@link FlushRounds} positive. */
    void flushed(long round, IoStatus status) {
        if (!active || round != flushRound) {
            return;
        }
        if (status != IoStatus.OK) {
            link.drop("its disk could not be flushed: " + status);
            return;
        }
        flushRunning = false;
        link.dirty.clearAllOf(flushing);
        flushing.clearAll();
        engine.writeChangedBitmapPages(link);
        pump();
    }

    void readDone(BlockRequest request, IoStatus status) {
        boolean ours = active && request.session == link.session;
        if (ours && status == IoStatus.OK && request.wantsDigests) {
            // Stays in flight, so that nobody writes there until the target has compared.
            remember(request);
            engine.out.sendDigests(link.index, request);
            return;
        }
        if (ours && status == IoStatus.OK) {
            remember(request);
            engine.out.sendResyncWrite(link.index, request);
            engine.requests.leave(request);
            return;
        }
        engine.requests.leave(request);
        engine.out.release(request);
        if (status != IoStatus.OK) {
            engine.diskFailed("reading for a resync failed");
        }
    }

    /** The target has compared our digests: what differs is sent, what does not is done. */
    void compared(long ofSequence, long differing) {
        for (BlockRequest request : unacknowledged) {
            if (request != null && request.sequence == ofSequence && request.started) {
                if (differing != 0) {
                    engine.out.sendResyncWrite(link.index, request);
                    engine.requests.leave(request);
                } else {
                    engine.requests.leave(request);
                    written(ofSequence, IoStatus.OK);
                }
                engine.requests.pump();
                return;
            }
        }
    }

    private void remember(BlockRequest request) {
        int free = 0;
        while (unacknowledged[free] != null) {
            free++;
        }
        unacknowledged[free] = request;
    }

    void written(long ofSequence, IoStatus status) {
        for (int i = 0; i < DEPTH; i++) {
            BlockRequest request = unacknowledged[i];
            if (request != null && request.sequence == ofSequence) {
                unacknowledged[i] = null;
                inFlight--;
                written.set(request.firstBlock(), request.endBlock());
                resyncedBlocks += request.endBlock() - request.firstBlock();
                engine.out.release(request);
                if (status == IoStatus.OK) {
                    pump();
                } else {
                    link.drop("its disk could not be written: " + status);
                }
                return;
            }
        }
    }

    /** The target says in which generation it is up to date. */
    void accepted(long current) {
        if (!active || !finishing) {
            return;
        }
        if (current == engine.state.current) {
            active = false;
            link.caughtUp();
        } else {
            // Another generation began meanwhile.
            offerGeneration();
        }
    }
}
