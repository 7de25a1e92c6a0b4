package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.volume.IoStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One peer: its connection, what it said about itself, what it lacks.
 *
 * <pre>
 *  connection  replication   until
 *  CONNECTING  OFF           a connection is made: send Report
 *  REPORTING   OFF           its Report came: SyncRules decide
 *  CONNECTED   ESTABLISHED   (equal, or nothing to sync yet)
 *  CONNECTED   WFBitMapS     its bitmap came: send StartResync
 *  CONNECTED   SYNC_SOURCE   all sent and flushed: ResyncFinished, ResyncAccepted -> ESTABLISHED
 *  CONNECTED   WFBitMapT     StartResync came: Inconsistent on disk, then writes are applied
 *  CONNECTED   SYNC_TARGET   ResyncFinished came: flush, UpToDate on disk -> ESTABLISHED
 *  any         any           connection lost -> CONNECTING, OFF
 *  STANDALONE  OFF           a person says connect
 * </pre>
 *
 * Whenever what a Report said about this node changes before the peer's Report came, the connection
 * is dropped and made anew, so that both sides always decide from the same two reports.
 */
final class PeerLink {
    private final VolumeEngine engine;
    final int index;
    final NodeId node;

    /** Blocks that this node knows, or must assume, the peer to lack. */
    final BlockBitmap dirty;

    final ResyncSource resync;

    /** Number of the present connection; 0 when there is none. */
    long session;

    ConnectionState connection = ConnectionState.CONNECTING;
    ReplicationState replication = ReplicationState.OFF;
    Role role = Role.UNKNOWN;
    DiskState disk = DiskState.UNKNOWN;

    /** Whether {@link #dirty} holds everything the peer may lack; see {@link ReplicaReport}. */
    boolean tracked;

    /**
     * The generation the peer is known to have on disk, and since which {@link #dirty} tells what
     * it lacks; 0 when that is not known.
     */
    long confirmedGeneration;

    /** The latest generation it may have. */
    long offeredGeneration;

    final VerifySource verify;

    /** A person said that what this node wrote without the peer is to be thrown away. */
    private boolean discardsOwn;

    private boolean pausedByPeer;

    /** What the peer reported when a split brain was found; null when there is none. */
    private @Nullable ReplicaReport splitFrom;

    /** What the source said last; null while this replica is no target. */
    private PeerMessage.@Nullable ResyncProgress progress;

    private @Nullable ReplicaReport sent;

    /** What this node was when the two compared. */
    private @Nullable ReplicaReport decidedFrom;

    private int gates;
    private long arrivals;
    private final ArrayDeque<BlockRequest> flushes = new ArrayDeque<>();
    private PeerMessage.@Nullable ResyncFinished finishing;

    PeerLink(
            VolumeEngine engine,
            int index,
            NodeId node,
            BlockBitmap dirty,
            long resyncMinBytesPerSecond) {
        this.engine = engine;
        this.index = index;
        this.node = node;
        this.dirty = dirty;
        this.resync = new ResyncSource(engine, this, resyncMinBytesPerSecond);
        this.verify = new VerifySource(engine, this);
        this.confirmedGeneration = engine.state.current;
        this.offeredGeneration = engine.state.current;
    }

    boolean isConnected() {
        return session != 0;
    }

    /** Whether the Primary's writes go there. */
    boolean isMirrored() {
        return engine.isPrimaryOrDemoting()
                && (replication == ReplicationState.SYNC_SOURCE
                        || (replication == ReplicationState.ESTABLISHED && hasUsableDisk()));
    }

    /** Whether it is connected and lacks nothing. */
    boolean isInSync() {
        return replication == ReplicationState.ESTABLISHED && hasUsableDisk() && dirty.isEmpty();
    }

    private boolean hasUsableDisk() {
        return disk == DiskState.UP_TO_DATE || disk == DiskState.CONSISTENT;
    }

    /** Whether it brings this replica up to date, or is about to. */
    boolean isSource() {
        return replication == ReplicationState.SYNC_TARGET
                || replication == ReplicationState.WAITING_FOR_BITMAP_AS_TARGET;
    }

    /** A comparison that had to wait for a Primary is made anew when this replica has changed. */
    void tick() {
        ReplicaReport then = decidedFrom;
        boolean paused =
                replication == ReplicationState.PAUSED_AHEAD
                        || replication == ReplicationState.PAUSED_BEHIND;
        if (paused
                && then != null
                && (then.current() != engine.state.current
                        || (then.disk() != engine.disk() && engine.followsPrimary()))) {
            drop("this replica has changed since the two compared theirs");
        }
    }

    /** Of more than two replicas, only the Primary is a source. */
    void stopBeingSource() {
        if (replication == ReplicationState.SYNC_SOURCE
                || replication == ReplicationState.WAITING_FOR_BITMAP_AS_SOURCE) {
            drop("this replica is not Primary any more");
        }
    }

    /** Whether its writes may go to our disk now. */
    boolean mayApply() {
        return hasNoGate()
                && (replication == ReplicationState.ESTABLISHED
                        || replication == ReplicationState.SYNC_TARGET);
    }

    boolean hasNoGate() {
        return gates == 0;
    }

    // ---- connecting

    void connected(long newSession) {
        if (isConnected()) {
            lost();
        }
        session = newSession;
        connection = ConnectionState.REPORTING;
        if (!engine.isPrimary()) {
            engine.fearUnstableBlocks(this);
        }
        sent = report();
        engine.out.send(index, new PeerMessage.Report(sent));
    }

    private ReplicaReport report() {
        DurableState state = engine.state;
        return new ReplicaReport(
                engine.role(),
                state.epoch,
                engine.disk(),
                engine.geometry.sizeBytes(),
                state.current,
                state.pending,
                state.pendingHistory(),
                state.bitmapGeneration[index],
                state.history(),
                dirty.count(),
                tracked,
                state.crashedPrimary,
                discardsOwn,
                state.wantsAll,
                engine.policies);
    }

    /** Takes connections again after standing alone. */
    void allowConnecting(boolean discardMyData) {
        discardsOwn = discardMyData;
        if (connection == ConnectionState.STANDALONE) {
            connection = ConnectionState.CONNECTING;
            engine.out.reconnect(index);
            engine.out.stateChanged();
        }
    }

    /** No connection until a person asks for one. */
    void stayAlone() {
        long ended = session;
        if (isConnected()) {
            lost();
        }
        connection = ConnectionState.STANDALONE;
        engine.out.disconnect(index, ended, "this node was told to disconnect", true);
    }

    @Nullable ReplicaReport splitFrom() {
        return splitFrom;
    }

    boolean isPaused() {
        // What a promotion waits for is not put off.
        return !engine.roles.isPromoting() && (pausedByPeer || engine.isSyncPaused());
    }

    /** Ends the connection from our side; a new one is tried. */
    void drop(String reason) {
        end(reason, false);
    }

    /** Ends the connection until a person asks for a new one. */
    void standAlone(Problem problem) {
        engine.out.report(problem);
        end(problem.message(), true);
    }

    private void end(String reason, boolean standAlone) {
        if (!isConnected()) {
            return;
        }
        long ended = session;
        lost();
        if (standAlone) {
            connection = ConnectionState.STANDALONE;
        }
        engine.out.disconnect(index, ended, reason, standAlone);
    }

    /** The connection is gone. */
    void lost() {
        boolean wasMirrored = isMirrored();
        boolean wasPrimary = role == Role.PRIMARY;
        session = 0;
        connection = ConnectionState.CONNECTING;
        replication = ReplicationState.OFF;
        role = Role.UNKNOWN;
        disk = DiskState.UNKNOWN;
        sent = null;
        finishing = null;
        pausedByPeer = false;
        progress = null;
        verify.stop();
        dirty.setAllOf(verify.differing());
        verify.differing().clearAll();
        flushes.forEach(engine.out::release);
        flushes.clear();
        resync.stop();
        engine.peerLost(this, wasMirrored, wasPrimary);
    }

    /** Starts anew with a fresh report, unless the two have already decided. */
    void restartHandshake() {
        if (isConnected() && sent != null) {
            drop("this replica's state changed while the two compared theirs");
        }
    }

    // ---- messages

    void received(PeerMessage message) {
        switch (message) {
            case PeerMessage.Report(ReplicaReport report) -> reportReceived(report);
            case PeerMessage.BitmapPage(int page, long[] words) -> bitmapPageReceived(page, words);
            case PeerMessage.BitmapEnd() -> bitmapEnded();
            case PeerMessage.StartResync(long generation) -> resyncStarted(generation);
            case PeerMessage.ResyncFinished finished -> resyncFinished(finished);
            case PeerMessage.ResyncAccepted(long current) -> resync.accepted(current);
            case PeerMessage.PromoteEpoch(var epoch) -> engine.roles.peerPromotes(this, epoch);
            case PeerMessage.EpochAccepted accepted -> engine.roles.epochAccepted(this, accepted);
            case PeerMessage.EpochOver(var known) -> engine.roles.epochOver(known);
            case PeerMessage.StateChanged(Role newRole, DiskState newDisk) -> {
                role = newRole;
                stateReceived(newDisk);
            }
            case PeerMessage.NewGeneration generation -> generationReceived(generation);
            case PeerMessage.GenerationAccepted(long generation) ->
                    engine.standings.generationAccepted(this, generation);
            case PeerMessage.GenerationBegun begun -> generationBegun(begun);
            case PeerMessage.FlushStable(long round) -> engine.hot.unstable.endFlush();
            case PeerMessage.ReplicaInSync(NodeId other) -> engine.replicaInSync(other);
            case PeerMessage.DeclareEqual(long current) -> equalReceived(current);
            case PeerMessage.EqualDeclared(long current) ->
                    engine.declaration.accepted(this, current);
            case PeerMessage.SyncPaused(boolean paused) -> {
                pausedByPeer = paused;
                engine.out.stateChanged();
            }
            case PeerMessage.StartVerify() -> {
                boolean _ = startVerify();
            }
            case PeerMessage.ResyncProgress news -> {
                if (isSource()) {
                    progress = news;
                    engine.out.stateChanged();
                }
            }
        }
    }

    private void reportReceived(ReplicaReport peer) {
        ReplicaReport own = sent;
        if (own == null) {
            drop("it reported twice");
            return;
        }
        if (engine.roles.isDeposedBy(peer.epoch())) {
            engine.roles.depose(peer.epoch(), "peer " + node + " reports it");
            return;
        }
        if (peer.isPrimary() && peer.epoch().compareTo(engine.state.epoch) < 0) {
            engine.out.send(index, new PeerMessage.EpochOver(engine.state.epoch));
            drop("it acts under epoch " + peer.epoch() + ", which is over");
            return;
        }
        if (!saysTheSame(own, report())) {
            restartHandshake();
            return;
        }
        sent = null;
        connection = ConnectionState.CONNECTED;
        decidedFrom = own;
        engine.beginPendingGeneration(own, peer);
        role = peer.role();
        disk = peer.disk();
        if (peer.isPrimary()) {
            engine.otherIsPrimary();
            engine.dropOtherPrimaries(this, peer.epoch());
        }
        adoptEpoch(peer);
        splitFrom = null;
        decided(SyncRules.decide(own, peer, engine.secondariesLogActivity()), peer);
        if (engine.isSyncPaused() && replication != ReplicationState.OFF) {
            engine.out.send(index, new PeerMessage.SyncPaused(true));
        }
        engine.out.stateChanged();
    }

    /**
     * Whether the two would lead to the same decision; the number of dirty blocks does not count.
     */
    private static boolean saysTheSame(ReplicaReport one, ReplicaReport other) {
        return one.role() == other.role()
                && one.epoch().equals(other.epoch())
                && one.disk() == other.disk()
                && one.current() == other.current()
                && one.pending() == other.pending()
                && one.bitmapGeneration() == other.bitmapGeneration()
                && one.tracksReceiver() == other.tracksReceiver()
                && (one.dirtyBlocks() == 0) == (other.dirtyBlocks() == 0);
    }

    /** What the peer knows to be over is over here too, durably, before its writes are applied. */
    private void adoptEpoch(ReplicaReport peer) {
        if (peer.epoch().compareTo(engine.state.epoch) > 0) {
            engine.state.epoch = peer.epoch();
            persistBeforeApplying(() -> {});
        }
    }

    /** Writes of this peer wait until what is set now is on disk. */
    private void persistBeforeApplying(Runnable then) {
        gates++;
        long during = session;
        engine.state.persist(
                () -> {
                    gates--;
                    if (session == during) {
                        then.run();
                    }
                    engine.requests.pump();
                });
    }

    private void decided(SyncDecision decision, ReplicaReport peer) {
        switch (decision) {
            case NO_SYNC -> equal(peer);
            case WAIT_FOR_PRIMARY -> {
                replication = ReplicationState.ESTABLISHED;
                generationConfirmed(engine.state.current);
                engine.dataIsUpToDate(peer.disk());
            }
            case BOTH_FRESH, NO_USABLE_DATA, DISKLESS -> replication = ReplicationState.ESTABLISHED;
            case SOURCE_BY_BITMAP, SOURCE_AFTER_SPLIT -> {
                replication = ReplicationState.WAITING_FOR_BITMAP_AS_SOURCE;
                engine.dataIsUpToDate(peer.disk());
            }
            case SOURCE_FULL -> {
                engine.dataIsUpToDate(peer.disk());
                beginFullSync();
            }
            case TARGET_BY_BITMAP -> {
                becomeTarget();
                sendBitmap(peer.tracksReceiver());
                engine.out.send(index, new PeerMessage.BitmapEnd());
            }
            case TARGET_AFTER_SPLIT -> {
                // What is to be thrown away, only this node knows.
                becomeTarget();
                sendBitmap(false);
                engine.out.send(index, new PeerMessage.BitmapEnd());
            }
            case TARGET_FULL -> becomeTarget();
            case AHEAD_UNTIL_PRIMARY -> {
                replication = ReplicationState.PAUSED_AHEAD;
                engine.dataIsUpToDate(peer.disk());
            }
            case BEHIND_UNTIL_PRIMARY -> {
                replication = ReplicationState.PAUSED_BEHIND;
                if (!engine.followsPrimary()) {
                    beOutdated();
                }
            }
            case SIZES_DIFFER, SPLIT_BRAIN, UNRELATED_DATA, PRIMARY_WOULD_BE_TARGET -> {
                standAlone(mismatch(decision, peer));
                if (decision == SyncDecision.SPLIT_BRAIN) {
                    splitFrom = peer;
                    engine.out.happened(VolumeEvent.SPLIT_BRAIN, index);
                }
            }
        }
    }

    private void equal(ReplicaReport peer) {
        replication = ReplicationState.ESTABLISHED;
        // What one side feared, the other has seen to be unfounded.
        dirty.clearAll();
        generationConfirmed(engine.state.current);
        engine.state.bitmapGeneration[index] = 0;
        engine.dataIsUpToDate(peer.disk());
        tracked = engine.isPrimary();
        engine.standings.inSync(this);
    }

    private void generationConfirmed(long generation) {
        confirmedGeneration = generation;
        offeredGeneration = generation;
    }

    private Problem mismatch(SyncDecision decision, ReplicaReport peer) {
        String object = engine.volumeName() + " with " + node;
        return switch (decision) {
            case SIZES_DIFFER ->
                    new Problem(
                            "the replicas are not connected",
                            object,
                            "this one has "
                                    + engine.geometry.sizeBytes()
                                    + " bytes, the peer's "
                                    + peer.sizeBytes(),
                            "make both backing files or devices the same size");
            case SPLIT_BRAIN ->
                    new Problem(
                            "split brain: the replicas are not connected",
                            object,
                            "both were written without the other, so one side's writes would be"
                                    + " lost",
                            "see `drbdadm split-brain "
                                    + engine.volumeName()
                                    + "` on both; then `drbdadm connect --discard-my-data` on the"
                                    + " one whose changes are to go, and `drbdadm connect` on the"
                                    + " other");
            case UNRELATED_DATA ->
                    new Problem(
                            "the replicas are not connected",
                            object,
                            "their data was never the same",
                            "check that drbd.conf names the right disks, and make fresh metadata"
                                    + " on the replica whose data is not wanted");
            default ->
                    new Problem(
                            "the replicas are not connected",
                            object,
                            "one is Primary, yet the other has newer data",
                            "demote it, so that it can be brought up to date");
        };
    }

    // ---- being the source

    private void beginFullSync() {
        replication = ReplicationState.WAITING_FOR_BITMAP_AS_SOURCE;
        tracked = true;
        dirty.setAll();
        engine.writeChangedBitmapPages(this);
        startResyncInOwnGeneration();
    }

    /**
     * The target gets a generation that only this node knows: here the sync goes on by bitmap when
     * it was interrupted, and any other source starts it anew.
     */
    private void startResyncInOwnGeneration() {
        long generation = engine.out.newGeneration();
        engine.state.bitmapGeneration[index] = generation;
        long during = session;
        engine.state.persist(
                () -> {
                    if (session == during) {
                        startResync(generation);
                    }
                });
    }

    private void bitmapPageReceived(int page, long[] words) {
        if (page < 0 || page >= dirty.pageCount()) {
            drop("it sent page " + page + " of a bitmap of " + dirty.pageCount());
            return;
        }
        dirty.setPage(page, words);
    }

    private void bitmapEnded() {
        if (replication != ReplicationState.WAITING_FOR_BITMAP_AS_SOURCE) {
            drop("it sent a bitmap nobody asked for");
            return;
        }
        tracked = true;
        if (engine.secondariesLogActivity()) {
            // It may get from here what was never acknowledged, and what a third replica, should
            // that be its next source, knows nothing of.
            startResyncInOwnGeneration();
        } else {
            startResync(0);
        }
    }

    private void startResync(long generation) {
        engine.out.send(index, new PeerMessage.StartResync(generation));
        replication = ReplicationState.SYNC_SOURCE;
        disk = DiskState.INCONSISTENT;
        engine.out.happened(VolumeEvent.BEFORE_RESYNC_SOURCE, index);
        resync.start();
        engine.out.stateChanged();
    }

    /** While being promoted: equalizes what the old Primary may have left different. */
    void reconcile() {
        verify.stop();
        replication = ReplicationState.SYNC_SOURCE;
        resync.start();
    }

    void caughtUp() {
        replication = ReplicationState.ESTABLISHED;
        disk = DiskState.UP_TO_DATE;
        tracked = engine.isPrimary();
        generationConfirmed(engine.state.current);
        engine.state.bitmapGeneration[index] = 0;
        engine.writeChangedBitmapPages(this);
        engine.state.persist(() -> {});
        engine.standings.inSync(this);
        engine.roles.reconciled(this);
        engine.out.stateChanged();
    }

    // ---- being the target

    private void becomeTarget() {
        replication = ReplicationState.WAITING_FOR_BITMAP_AS_TARGET;
        tracked = false;
        beOutdated();
    }

    private void beOutdated() {
        if (engine.disk() != DiskState.INCONSISTENT) {
            engine.setDisk(DiskState.OUTDATED);
            persistBeforeApplying(engine::broadcastState);
        }
    }

    /**
     * Compares anew if it waits for a Primary: there is one, or one side is not behind any more.
     */
    void endPause(String reason) {
        if (replication == ReplicationState.PAUSED_AHEAD
                || replication == ReplicationState.PAUSED_BEHIND) {
            drop(reason);
        }
    }

    private void sendBitmap(boolean peerKnowsBetter) {
        for (int page = 0; page < dirty.pageCount() && !peerKnowsBetter; page++) {
            long[] words = dirty.page(page);
            if (words != null) {
                engine.out.send(index, new PeerMessage.BitmapPage(page, words.clone()));
            }
        }
    }

    private void resyncStarted(long generation) {
        if (replication != ReplicationState.WAITING_FOR_BITMAP_AS_TARGET) {
            drop("it began a resync nobody expected");
            return;
        }
        replication = ReplicationState.SYNC_TARGET;
        engine.setDisk(DiskState.INCONSISTENT);
        discardsOwn = false;
        if (generation != 0) {
            engine.state.wantsAll = false;
            engine.state.enterGeneration(generation);
        }
        engine.out.happened(VolumeEvent.BEFORE_RESYNC_TARGET, index);
        persistBeforeApplying(engine::broadcastState);
    }

    private void resyncFinished(PeerMessage.ResyncFinished finished) {
        if (replication != ReplicationState.SYNC_TARGET
                && replication != ReplicationState.ESTABLISHED) {
            drop("it ended a resync that never began");
            return;
        }
        finishing = finished;
        enqueueFlush(0);
    }

    /** Everything the source sent is on stable storage: from now on this replica counts. */
    private void finishAsTarget(PeerMessage.ResyncFinished finished) {
        finishing = null;
        DurableState state = engine.state;
        if (replication == ReplicationState.SYNC_TARGET) {
            for (PeerLink other : engine.links()) {
                // What others lack was not tracked here meanwhile.
                state.bitmapGeneration[other.index] = 0;
                other.tracked = false;
                other.confirmedGeneration = 0;
                other.offeredGeneration = finished.current();
            }
        }
        state.adoptGeneration(finished.current(), finished.history());
        state.crashedPrimary = false;
        engine.setDisk(DiskState.UP_TO_DATE);
        dirty.clearAll();
        generationConfirmed(finished.current());
        engine.links().forEach(engine::writeChangedBitmapPages);
        persistBeforeApplying(
                () -> {
                    replication = ReplicationState.ESTABLISHED;
                    progress = null;
                    engine.out.happened(VolumeEvent.AFTER_RESYNC_TARGET, index);
                    engine.out.send(index, new PeerMessage.ResyncAccepted(finished.current()));
                    for (PeerLink other : engine.links()) {
                        if (other != this) {
                            other.drop("this replica was brought up to date");
                        }
                    }
                    engine.broadcastState();
                });
    }

    // ---- verification

    /** Compares all blocks, or has the Primary compare them; false when the two are not equal. */
    boolean startVerify() {
        if (!isConnected() || replication != ReplicationState.ESTABLISHED || !hasUsableDisk()) {
            return false;
        }
        if (role == Role.PRIMARY) {
            // Only the Primary can keep writes away from a run while the two compare it.
            engine.out.send(index, new PeerMessage.StartVerify());
            return true;
        }
        // Two Secondaries may differ in blocks that a Primary was writing, until the next decides.
        if (!engine.isPrimary() || !isInSync()) {
            return false;
        }
        verify.start();
        return true;
    }

    // ---- what a status shows

    VolumeEngine.PeerView view() {
        boolean source = replication == ReplicationState.SYNC_SOURCE;
        PeerMessage.ResyncProgress told = progress;
        return new VolumeEngine.PeerView(
                node,
                connection,
                shownReplication(),
                role,
                disk,
                dirty.count() + verify.differing().count(),
                resync.resyncedBlocks(),
                source ? resync.left() : told != null ? told.leftBlocks() : 0,
                source ? resync.bytesPerSecond() : told != null ? told.bytesPerSecond() : 0,
                source ? resync.estimateSeconds() : told != null ? told.estimateSeconds() : -1,
                verify.isActive() ? verify.verifiedBlocks() : -1);
    }

    private ReplicationState shownReplication() {
        return switch (replication) {
            case SYNC_SOURCE -> isPaused() ? ReplicationState.PAUSED_AHEAD : replication;
            case SYNC_TARGET -> isPaused() ? ReplicationState.PAUSED_BEHIND : replication;
            case ESTABLISHED -> verify.isActive() ? ReplicationState.VERIFY_SOURCE : replication;
            default -> replication;
        };
    }

    // ---- being a Secondary

    void writeReceived(BlockRequest request) {
        request.peer = index;
        request.session = session;
        request.arrival = arrivals++;
        engine.requests.startOrWait(request);
    }

    /**
     * What this replica gets from its source, others may lack: writes of a Primary that died, or
     * that the third had not confirmed when it was lost. Only the Primary knows; so others lack it,
     * as far as this replica knows, until the Primary says that they are in sync.
     *
     * <p>While a new Primary makes equal what was in sync before, this replica stays UpToDate, so
     * that must be on disk first; then whole extents are taken, to have it there seldom. As target
     * of a resync it is not, and what it knows is on disk before it is.
     */
    void rememberForOthers(BlockRequest request) {
        if (!engine.secondariesLogActivity()) {
            return;
        }
        boolean stays = replication == ReplicationState.ESTABLISHED;
        VolumeGeometry geometry = engine.geometry;
        long first =
                stays
                        ? geometry.firstBlockOf(geometry.extentOf(request.firstBlock()))
                        : request.firstBlock();
        long end =
                stays
                        ? geometry.endBlockOf(geometry.extentOf(request.endBlock() - 1))
                        : request.endBlock();
        boolean isNew = false;
        for (PeerLink other : engine.links()) {
            if (other != this) {
                long before = other.dirty.count();
                other.dirty.set(first, end);
                isNew |= other.dirty.count() != before;
            }
        }
        if (stays && isNew) {
            engine.links().forEach(engine::writeChangedBitmapPages);
            persistBeforeApplying(() -> {});
        }
    }

    /** Flushes when all that came before is written; then {@link #flushed}. */
    void enqueueFlush(long round) {
        BlockRequest flush = engine.out.newFlushRequest();
        flush.reset(Kind.PEER_FLUSH, 0, 0);
        flush.sequence = round;
        flush.peer = index;
        flush.session = session;
        flush.arrival = arrivals++;
        flushes.addLast(flush);
        startFlushes();
    }

    void startFlushes() {
        while (!flushes.isEmpty()
                && !engine.requests.isApplying(this, flushes.getFirst().arrival)) {
            engine.out.flushDisk(flushes.removeFirst());
        }
    }

    void flushed(BlockRequest flush, IoStatus status) {
        boolean current = flush.session == session && isConnected();
        long round = flush.sequence;
        engine.out.release(flush);
        if (!current) {
            return;
        }
        PeerMessage.ResyncFinished finished = finishing;
        if (round != 0) {
            engine.out.sendFlushed(index, round, status);
        } else if (finished != null && status == IoStatus.OK) {
            finishAsTarget(finished);
        }
        if (status != IoStatus.OK) {
            engine.diskFailed("a flush of the local disk failed");
        }
    }

    private void stateReceived(DiskState newDisk) {
        if (replication != ReplicationState.SYNC_SOURCE) {
            boolean counted = isInSync() && engine.isPrimaryOrDemoting();
            if (counted && newDisk.compareTo(DiskState.CONSISTENT) < 0) {
                drop("its disk is " + newDisk.shown());
                return;
            }
            disk = newDisk;
        }
        engine.out.stateChanged();
    }

    private void generationReceived(PeerMessage.NewGeneration generation) {
        if (replication != ReplicationState.ESTABLISHED) {
            drop("it began a generation before the replicas were equal");
            return;
        }
        DurableState state = engine.state;
        for (PeerMessage.NewGeneration.Missing missing : generation.missing()) {
            PeerLink other = engine.link(missing.node());
            if (other != null && other != this) {
                // Also what waits to be written here: it was sent when the other still counted.
                engine.fearUnstableBlocks(other);
                if (state.bitmapGeneration[other.index] == 0) {
                    state.bitmapGeneration[other.index] = missing.bitmapGeneration();
                }
                other.drop("the Primary goes on without it");
            }
        }
        state.expectGeneration(generation.generation(), generation.history());
        persistBeforeApplying(
                () ->
                        engine.out.send(
                                index,
                                new PeerMessage.GenerationAccepted(generation.generation())));
    }

    private void generationBegun(PeerMessage.GenerationBegun begun) {
        if (engine.state.pending == begun.generation()) {
            engine.state.enterPendingGeneration();
            generationConfirmed(begun.generation());
            persistBeforeApplying(() -> {});
        }
    }

    private void equalReceived(long current) {
        if (!engine.state.isFresh() || engine.role() != Role.SECONDARY) {
            drop("it called replicas equal of which one holds data");
            return;
        }
        engine.declaration.takeOver(
                current,
                () -> {
                    if (isConnected()) {
                        engine.out.send(index, new PeerMessage.EqualDeclared(current));
                    }
                });
    }

    /** All replicas are equal by decree. */
    void declaredEqual(long generation) {
        dirty.clearAll();
        generationConfirmed(generation);
        engine.state.bitmapGeneration[index] = 0;
        if (replication == ReplicationState.ESTABLISHED) {
            disk = DiskState.UP_TO_DATE;
        }
    }

    /** Tells a Primary that is being promoted where this replica may differ, then that it knows. */
    void acceptEpoch(Epoch epoch) {
        boolean newPrimary = role != Role.PRIMARY;
        role = Role.PRIMARY;
        if (newPrimary) {
            engine.otherIsPrimary();
            engine.fearUnstableBlocks(this);
        }
        persistBeforeApplying(
                () -> {
                    if (newPrimary && replication == ReplicationState.ESTABLISHED) {
                        sendBitmap(false);
                    }
                    engine.out.send(
                            index,
                            new PeerMessage.EpochAccepted(
                                    epoch, engine.state.current, engine.disk()));
                });
    }
}
