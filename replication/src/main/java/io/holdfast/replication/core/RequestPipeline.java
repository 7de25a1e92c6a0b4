package io.holdfast.replication.core;

import io.holdfast.base.Invariant;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.volume.IoStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes on their way: who waits, who is in flight, who may be told.
 *
 * <pre>
 *             no conflict, extents hot, writes may start
 *  waiting ------------------------------------------------> in flight --(local disk, peers)--+
 *                                                                                             |
 *        completed and gone <--(on all disks)-- told <--(not suspended)-- held <--------------+
 * </pre>
 *
 * Two requests that touch the same block, one of them writing, are never in flight together, so
 * disks of all replicas see them in the same order. A write leaves the table only when its user was
 * told and every replica that gets it has it on disk: until then nobody reads the block, and so
 * nobody sees what might still be taken back.
 */
@SuppressWarnings("ReferenceEquality") // requests are reused objects: one is itself, never a copy
final class RequestPipeline {
    /** Writes of users in flight, counted from the oldest to the newest sequence number. */
    static final int WINDOW = 256;

    /** Room for users' writes and reads, and for what peers and resyncs add. */
    private static final int CAPACITY = 2048;

    private static final int MAX_READS = 512;

    private final VolumeEngine engine;
    private final BlockRequest[] inFlight = new BlockRequest[CAPACITY];
    private int inFlightCount;
    private int reads;
    private int userCount;
    private @Nullable BlockRequest firstWaiting;
    private @Nullable BlockRequest lastWaiting;
    private final ArrayDeque<BlockRequest> held = new ArrayDeque<>();
    private long lastSequence;
    private long announcedSequence;

    RequestPipeline(VolumeEngine engine) {
        this.engine = engine;
    }

    /** Requests of users that were not yet told. */
    int userCount() {
        return userCount;
    }

    boolean isIdle() {
        return inFlightCount == 0 && firstWaiting == null;
    }

    // ---- arriving

    void submit(BlockRequest request) {
        userCount++;
        if (!engine.isPrimary()) {
            refuse(request, IoStatus.NOT_PRIMARY);
        } else if (!engine.geometry.contains(request.offsetBytes, request.lengthBytes)) {
            refuse(request, IoStatus.OUT_OF_RANGE);
        } else if (engine.disk() == DiskState.FAILED) {
            refuse(request, IoStatus.MEDIUM_ERROR);
        } else if (request.kind == Kind.FLUSH) {
            engine.flushes.join(request);
        } else if (request.lengthBytes == 0) {
            refuse(request, IoStatus.OK);
        } else {
            startOrWait(request);
        }
    }

    private void refuse(BlockRequest request, IoStatus status) {
        tell(request, status);
        engine.out.release(request);
    }

    void startOrWait(BlockRequest request) {
        if (mayStart(request)) {
            start(request);
        } else {
            append(request);
            engine.hot.pump();
        }
    }

    private void append(BlockRequest request) {
        request.next = null;
        if (lastWaiting == null) {
            firstWaiting = request;
        } else {
            lastWaiting.next = request;
        }
        lastWaiting = request;
    }

    // ---- starting

    private boolean mayStart(BlockRequest request) {
        return switch (request.kind) {
            case READ -> reads < MAX_READS && isFree(request);
            case WRITE ->
                    engine.writesMayStart()
                            && windowHasRoom()
                            && isFree(request)
                            && isFirstInLine(request)
                            && engine.hot.isHot(request);
            case PEER_WRITE ->
                    engine.mayApply(request)
                            && isFree(request)
                            && isFirstInLine(request)
                            && (!engine.secondariesLogActivity() || engine.hot.isHot(request));
            case PEER_RESYNC_WRITE, DIGEST_READ ->
                    engine.mayApply(request) && isFree(request) && isFirstInLine(request);
            default -> throw new AssertionError(request);
        };
    }

    private boolean windowHasRoom() {
        return lastSequence - confirmedSequence() < WINDOW;
    }

    /** Whether a resync may read the range now: nobody changes it, nobody waits to. */
    boolean mayRead(BlockRequest resyncRead) {
        return isFree(resyncRead);
    }

    private boolean isFree(BlockRequest request) {
        for (int i = 0; i < inFlightCount; i++) {
            if (inFlight[i].conflictsWith(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean isFirstInLine(BlockRequest request) {
        for (BlockRequest r = firstWaiting; r != null && r != request; r = r.next) {
            if (r.kind != Kind.READ && r.conflictsWith(request)) {
                return false;
            }
        }
        return true;
    }

    /** Starts whatever may start now, in order of arrival. */
    void pump() {
        BlockRequest previous = null;
        BlockRequest request = firstWaiting;
        while (request != null) {
            BlockRequest next = request.next;
            if (mayStart(request)) {
                unlink(previous, request);
                start(request);
            } else {
                previous = request;
            }
            request = next;
        }
        engine.hot.pump();
    }

    private void unlink(@Nullable BlockRequest previous, BlockRequest request) {
        if (previous == null) {
            firstWaiting = request.next;
        } else {
            previous.next = request.next;
        }
        if (lastWaiting == request) {
            lastWaiting = previous;
        }
        request.next = null;
    }

    private void start(BlockRequest request) {
        enter(request);
        switch (request.kind) {
            case READ -> {
                reads++;
                engine.out.readDisk(request);
            }
            case WRITE -> startWrite(request);
            case DIGEST_READ -> engine.out.readDisk(request);
            case PEER_WRITE -> {
                if (engine.secondariesLogActivity()) {
                    engine.hot.enter(request);
                    engine.hot.remember(request);
                    markMissing(request);
                }
                engine.out.writeDisk(request);
            }
            default -> engine.out.writeDisk(request);
        }
    }

    void enter(BlockRequest request) {
        Invariant.check(inFlightCount < CAPACITY, "%d requests in flight", inFlightCount);
        request.started = true;
        inFlight[inFlightCount++] = request;
    }

    private void startWrite(BlockRequest request) {
        long confirmed = announcedSequence();
        request.sequence = ++lastSequence;
        engine.hot.enter(request);
        request.unwritten = 1 << engine.self;
        request.missing = engine.standings.missing();
        for (PeerLink link : engine.links()) {
            if (link.isMirrored()) {
                request.unwritten |= 1 << link.index;
                engine.out.sendWrite(link.index, request, engine.epoch(), confirmed);
            } else {
                link.dirty.set(request.firstBlock(), request.endBlock());
            }
        }
        request.unreceived = request.unwritten & ~(1 << engine.self);
        engine.out.writeDisk(request);
    }

    private void markMissing(BlockRequest request) {
        for (PeerLink link : engine.links()) {
            if ((request.missing & 1 << link.index) != 0) {
                link.dirty.set(request.firstBlock(), request.endBlock());
            }
        }
    }

    // ---- progress

    void localDone(BlockRequest request, IoStatus status) {
        switch (request.kind) {
            case READ -> readDone(request, status);
            case WRITE -> ownWriteDone(request, status);
            case PEER_WRITE, PEER_RESYNC_WRITE -> {
                engine.peerWriteDone(request, status);
                leave(request);
                engine.out.release(request);
                engine.peerWriteLeft(request);
            }
            case DIGEST_READ -> {
                engine.digestsRead(request, status);
                leave(request);
                engine.out.release(request);
            }
            default -> throw new AssertionError(request);
        }
        pump();
    }

    private void readDone(BlockRequest request, IoStatus status) {
        reads--;
        if (request.status == IoStatus.OK) {
            request.status = status;
        }
        if (status == IoStatus.MEDIUM_ERROR) {
            engine.diskFailed("reading " + request.lengthBytes + " bytes failed");
        }
        finishUser(request);
    }

    private void ownWriteDone(BlockRequest request, IoStatus status) {
        request.unwritten &= ~(1 << engine.self);
        if (status != IoStatus.OK) {
            if (request.status == IoStatus.OK) {
                request.status = status;
            }
            // What the peers have may now differ from what is here.
            for (PeerLink link : engine.links()) {
                link.dirty.set(request.firstBlock(), request.endBlock());
            }
            if (status == IoStatus.MEDIUM_ERROR) {
                engine.diskFailed("writing " + request.lengthBytes + " bytes failed");
            }
        }
        progress(request);
    }

    void peerReceived(PeerLink link, long sequence) {
        BlockRequest request = ownWrite(sequence);
        if (request != null) {
            request.unreceived &= ~(1 << link.index);
            progress(request);
        }
    }

    void peerWritten(PeerLink link, long sequence) {
        BlockRequest request = ownWrite(sequence);
        if (request != null) {
            request.unreceived &= ~(1 << link.index);
            request.unwritten &= ~(1 << link.index);
            progress(request);
            pump();
        }
    }

    private @Nullable BlockRequest ownWrite(long sequence) {
        for (int i = 0; i < inFlightCount; i++) {
            if (inFlight[i].kind == Kind.WRITE && inFlight[i].sequence == sequence) {
                return inFlight[i];
            }
        }
        return null;
    }

    /** A peer is gone: nobody waits for it any more. */
    void peerLost(PeerLink link) {
        int bit = 1 << link.index;
        for (int i = inFlightCount - 1; i >= 0; i--) {
            BlockRequest request = inFlight[i];
            if (request.kind == Kind.WRITE
                    && ((request.unwritten | request.unreceived) & bit) != 0) {
                request.unwritten &= ~bit;
                request.unreceived &= ~bit;
                progress(request);
            }
        }
        dropWaitingOf(link);
        pump();
    }

    /**
     * Writes of a peer that is gone and that have not begun need not be done, unless it was told
     * that they were received (protocol B), which is as good as done.
     */
    private void dropWaitingOf(PeerLink link) {
        BlockRequest previous = null;
        BlockRequest request = firstWaiting;
        while (request != null) {
            BlockRequest next = request.next;
            boolean droppable =
                    request.kind == Kind.PEER_RESYNC_WRITE
                            || request.kind == Kind.DIGEST_READ
                            || (request.kind == Kind.PEER_WRITE && engine.protocol != Protocol.B);
            if (droppable && request.peer == link.index) {
                unlink(previous, request);
                engine.out.release(request);
            } else {
                previous = request;
            }
            request = next;
        }
    }

    private void progress(BlockRequest request) {
        boolean undecided = !request.completed && !request.held && !request.flushing;
        if (undecided && isAsDurableAsPromised(request)) {
            if (request.forceUnitAccess && request.status == IoStatus.OK) {
                engine.flushes.join(request);
            } else {
                finishUser(request);
            }
        } else {
            leaveIfDone(request);
        }
    }

    private boolean isAsDurableAsPromised(BlockRequest request) {
        boolean local = (request.unwritten & 1 << engine.self) == 0;
        return switch (engine.protocol) {
            case A -> local;
            case B -> local && request.unreceived == 0;
            case C -> request.unwritten == 0;
        };
    }

    // ---- telling

    /** Tells a user whose request is done, or holds it while I/O is suspended. */
    void finishUser(BlockRequest request) {
        if (request.status == IoStatus.NOT_PRIMARY || !engine.isPrimaryOrDemoting()) {
            tell(request, IoStatus.NOT_PRIMARY);
        } else if (!engine.mayTell(request)) {
            if (engine.isPrimary()) {
                request.held = true;
                held.addLast(request);
                return;
            }
            tell(request, IoStatus.NOT_PRIMARY);
        } else {
            tell(request, request.status);
        }
        leaveIfDone(request);
    }

    private void tell(BlockRequest request, IoStatus status) {
        Invariant.check(!request.completed, "%s is told twice", request);
        request.completed = true;
        userCount--;
        engine.out.complete(request, status);
    }

    private void leaveIfDone(BlockRequest request) {
        if (!request.completed || request.unwritten != 0) {
            return;
        }
        if (request.started) {
            leave(request);
        }
        engine.out.release(request);
    }

    void leave(BlockRequest request) {
        for (int i = 0; i < inFlightCount; i++) {
            if (inFlight[i] == request) {
                // Keeps the order of starting, which confirmedSequence relies on.
                System.arraycopy(inFlight, i + 1, inFlight, i, inFlightCount - i - 1);
                inFlightCount--;
                request.started = false;
                engine.hot.leave(request);
                return;
            }
        }
        throw new AssertionError(request + " is not in flight");
    }

    /** Tells those that were held, as far as that is allowed now. */
    void tellHeld() {
        for (int n = held.size(); n > 0; n--) {
            BlockRequest request = held.removeFirst();
            request.held = false;
            finishUser(request);
        }
    }

    boolean hasHeld() {
        return !held.isEmpty();
    }

    boolean hasWaiting() {
        return firstWaiting != null;
    }

    /** Being Primary ends: users that wait for a start are told so. */
    void refuseWaiting() {
        BlockRequest previous = null;
        BlockRequest request = firstWaiting;
        while (request != null) {
            BlockRequest next = request.next;
            if (request.kind == Kind.READ || request.kind == Kind.WRITE) {
                unlink(previous, request);
                refuse(request, IoStatus.NOT_PRIMARY);
            } else {
                previous = request;
            }
            request = next;
        }
    }

    /** Being Primary has ended without asking: nobody in flight will be told it succeeded. */
    void disown() {
        for (int i = inFlightCount - 1; i >= 0; i--) {
            BlockRequest request = inFlight[i];
            if (request.kind == Kind.READ || request.kind == Kind.WRITE) {
                request.status = IoStatus.NOT_PRIMARY;
                request.unwritten &= 1 << engine.self;
                request.unreceived = 0;
                if (request.kind == Kind.WRITE) {
                    progress(request);
                }
            }
        }
    }

    // ---- what others want to know

    /** Whether a peer was promised a write that has not begun. */
    boolean owesWrites() {
        for (BlockRequest r = firstWaiting; r != null; r = r.next) {
            if (r.kind == Kind.PEER_WRITE) {
                return true;
            }
        }
        return false;
    }

    /** Sets the bits of a Primary's writes that have not begun here. */
    void addWaitingWrites(BlockBitmap bitmap) {
        for (BlockRequest r = firstWaiting; r != null; r = r.next) {
            if (r.kind == Kind.PEER_WRITE) {
                bitmap.set(r.firstBlock(), r.endBlock());
            }
        }
    }

    /**
     * What replicas are told: writes up to this sequence are complete on all of them. It stands
     * still while one is lost and the others were not told that they go on without it.
     */
    long announcedSequence() {
        if (!engine.standings.suspends()) {
            announcedSequence = confirmedSequence();
        }
        return announcedSequence;
    }

    private long confirmedSequence() {
        for (int i = 0; i < inFlightCount; i++) {
            if (inFlight[i].kind == Kind.WRITE) {
                return inFlight[i].sequence - 1;
            }
        }
        return lastSequence;
    }

    void keepInFlightUnstable() {
        for (int i = 0; i < inFlightCount; i++) {
            if (inFlight[i].firstSlot >= 0) {
                engine.hot.addUnstable(inFlight[i].firstBlock(), inFlight[i].endBlock());
            }
        }
    }

    /** Whether a write of that peer that arrived before {@code arrival} is not yet on disk. */
    boolean isApplying(PeerLink link, long arrival) {
        for (int i = 0; i < inFlightCount; i++) {
            if (isWriteOf(link, arrival, inFlight[i])) {
                return true;
            }
        }
        for (BlockRequest r = firstWaiting; r != null; r = r.next) {
            if (isWriteOf(link, arrival, r)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWriteOf(PeerLink link, long before, BlockRequest request) {
        return (request.kind == Kind.PEER_WRITE || request.kind == Kind.PEER_RESYNC_WRITE)
                && request.peer == link.index
                && request.session == link.session
                && request.arrival < before;
    }
}
