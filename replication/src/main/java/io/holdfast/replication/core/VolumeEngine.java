package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.core.RoleChanges.Phase;
import io.holdfast.replication.volume.IoStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one volume: events in (the methods here), effects out ({@link VolumeEffects}).
 *
 * <p>Has a single owner: no two calls at once, and none from within an effect. It knows no thread,
 * clock, file, socket or random number. What it keeps is preallocated; requests are the driver's
 * and are reused.
 *
 * <p>Its parts, each with its own table: {@link RoleChanges} (who is Primary), {@link PeerLink}
 * (connection, comparison, being target), {@link ResyncSource}, {@link ReplicaStandings} (what the
 * cluster has on record, and what may be acknowledged), {@link RequestPipeline} (requests), {@link
 * HotExtents} (activity log), {@link FlushRounds}.
 *
 * <pre>
 *  local disk state   until
 *  ATTACHING          what the last run left unfinished is settled on disk
 *  CONSISTENT         a peer with the same or older data is met, or this node is promoted
 *  UP_TO_DATE         a peer with newer data is met (OUTDATED), or this node is deposed (CONSISTENT)
 *  OUTDATED           its resync begins
 *  INCONSISTENT       its resync has ended and is flushed (UP_TO_DATE)
 *  FAILED             the volume is taken down; the disk is not touched any more
 *  DISKLESS           (detached)
 * </pre>
 */
public final class VolumeEngine {
    private static final long FLUSH_INTERVAL_NANOS = 1_000_000_000L;
    private static final int MAX_RANGES = 100;

    /**
     * What the engine is made from.
     *
     * @param nodes all replicas' nodes, sorted; index in it is how peers are meant
     * @param activityLogExtents how many extents may be hot on the Primary
     * @param checksumResync whether a resync compares digests first and sends what differs
     */
    public record Settings(
            VolumeGeometry geometry,
            Protocol protocol,
            List<NodeId> nodes,
            NodeId self,
            int activityLogExtents,
            long resyncMinBytesPerSecond,
            SplitBrainPolicies policies,
            boolean checksumResync) {
        public Settings {
            nodes = List.copyOf(nodes);
        }
    }

    final VolumeGeometry geometry;
    final Protocol protocol;
    final int self;
    final VolumeEffects out;
    final SplitBrainPolicies policies;
    final boolean checksumResync;
    final DurableState state;
    final HotExtents hot;
    final FlushRounds flushes = new FlushRounds(this);
    final RequestPipeline requests = new RequestPipeline(this);
    final ReplicaStandings standings;
    final RoleChanges roles = new RoleChanges(this);
    final EqualityDeclaration declaration = new EqualityDeclaration(this);
    private final AdministratorOrders orders = new AdministratorOrders(this);
    private final List<NodeId> nodes;
    private final @Nullable PeerLink[] linkByIndex;
    private final List<PeerLink> links = new ArrayList<>();
    private final String volumeName;
    private DiskState disk = DiskState.ATTACHING;
    private boolean attached;
    private @Nullable ControlResult detaching;
    private long nowNanos;
    private long lastFlushNanos;
    private boolean syncPaused;

    /**
     * Makes an engine that is not yet attached.
     *
     * @param loaded the superblock as it was found
     * @param bitmaps as they were found, by index of the peer; the own one is not looked at
     */
    public VolumeEngine(
            Settings settings, Superblock loaded, List<BlockBitmap> bitmaps, VolumeEffects out) {
        this.geometry = settings.geometry();
        this.protocol = settings.protocol();
        this.nodes = settings.nodes();
        this.self = nodes.indexOf(settings.self());
        this.out = out;
        this.policies = settings.policies();
        this.checksumResync = settings.checksumResync();
        this.volumeName = loaded.volume().name();
        this.state = new DurableState(loaded, nodes.toArray(NodeId[]::new), self, out);
        this.hot = new HotExtents(this, settings.activityLogExtents());
        this.standings = new ReplicaStandings(this, nodes.size());
        this.linkByIndex = new @Nullable PeerLink[nodes.size()];
        Invariant.check(self >= 0, "%s has no replica of %s", settings.self(), volumeName);
        for (int i = 0; i < nodes.size(); i++) {
            if (i != self) {
                PeerLink link =
                        new PeerLink(
                                this,
                                i,
                                nodes.get(i),
                                bitmaps.get(i),
                                settings.resyncMinBytesPerSecond());
                linkByIndex[i] = link;
                links.add(link);
            }
        }
    }

    // ---- coming and going

    /**
     * Settles what the last run left: after a crash all blocks of hot extents count as dirty. Until
     * {@code result} is told, no other event may come but those this call's effects cause.
     *
     * @param hotExtents the activity log as it was found
     */
    public void attach(int[] hotExtents, ControlResult result) {
        if (!state.clean) {
            for (int extent : hotExtents) {
                for (PeerLink link : links) {
                    link.dirty.set(geometry.firstBlockOf(extent), geometry.endBlockOf(extent));
                }
            }
        }
        for (PeerLink link : links) {
            writeChangedBitmapPages(link);
        }
        out.writeActivityLog(new int[0]);
        state.crashedPrimary |= state.primary;
        state.primary = false;
        state.clean = false;
        state.persist(
                () -> {
                    attached = true;
                    disk =
                            state.disk == DiskState.UP_TO_DATE && !links.isEmpty()
                                    ? DiskState.CONSISTENT
                                    : state.disk;
                    out.stateChanged();
                    result.done();
                });
    }

    /** Ends in order: everything is on disk, and said to be. Only as Secondary. */
    public void detach(ControlResult result) {
        if (roles.phase() != Phase.SECONDARY || detaching != null || !attached) {
            result.refused(
                    new Problem(
                            "it cannot be taken down",
                            volumeName,
                            roles.phase() == Phase.SECONDARY
                                    ? "it is just coming up or going down"
                                    : "it is Primary",
                            "demote it first"));
            return;
        }
        detaching = result;
        for (PeerLink link : links) {
            link.drop("the volume is taken down");
        }
        afterEvent();
    }

    private void stepDetaching() {
        if (detaching == null || !attached || !requests.isIdle()) {
            return;
        }
        attached = false;
        BlockRequest flush = out.newFlushRequest();
        flush.reset(Kind.OWN_FLUSH, 0, 0);
        out.flushDisk(flush);
    }

    private void detachFlushed(IoStatus status) {
        ControlResult result = detaching;
        for (PeerLink link : links) {
            hot.unstable.addTo(link.dirty, hot.log, geometry);
            writeChangedBitmapPages(link);
        }
        out.writeActivityLog(new int[0]);
        state.clean = status == IoStatus.OK && disk != DiskState.FAILED;
        disk = DiskState.DISKLESS;
        state.persist(
                () -> {
                    out.stateChanged();
                    if (result != null) {
                        result.done();
                    }
                });
    }

    // ---- what administrators and the cluster ask for

    public void promote(Epoch epoch, boolean force, ControlResult result) {
        if (!attached) {
            result.refused(
                    new Problem(
                            "it cannot be promoted",
                            volumeName,
                            "it is not up",
                            "take it up first"));
            return;
        }
        roles.promote(epoch, force, result);
        afterEvent();
    }

    /** Users' requests that wait end with NOT_PRIMARY, those in flight end as they can. */
    public void demote(ControlResult result) {
        roles.demote(result);
        afterEvent();
    }

    public void declareEqual(ControlResult result) {
        declaration.declare(result);
        afterEvent();
    }

    /**
     * Ends standing alone, with every peer.
     *
     * @param discardMyData what this node wrote without a peer may be overwritten with that peer's
     */
    public void connect(boolean discardMyData, ControlResult result) {
        if (isUp(result)) {
            orders.connect(discardMyData, result);
            afterEvent();
        }
    }

    /** No connections until {@link #connect}. */
    public void disconnect(ControlResult result) {
        if (isUp(result)) {
            orders.disconnect(result);
            afterEvent();
        }
    }

    /** This replica's data is worth nothing: all of it is fetched from a peer. */
    public void invalidate(ControlResult result) {
        if (isUp(result)) {
            orders.invalidate(result);
            afterEvent();
        }
    }

    /** This replica is not to be promoted before it was resynced. */
    public void outdate(ControlResult result) {
        if (isUp(result)) {
            orders.outdate(result);
            afterEvent();
        }
    }

    /** Resyncs stand still, or go on. */
    public void pauseSync(boolean pause, ControlResult result) {
        if (isUp(result)) {
            orders.pauseSync(pause, result);
            afterEvent();
        }
    }

    /** Begins to compare all blocks with every peer that is in sync; see {@link VerifySource}. */
    public void verify(ControlResult result) {
        if (isUp(result)) {
            orders.verify(result);
            afterEvent();
        }
    }

    private boolean isUp(ControlResult result) {
        if (!attached || detaching != null) {
            result.refused(
                    new Problem(
                            "that cannot be done now",
                            volumeName,
                            "the volume is not up",
                            "take it up first"));
            return false;
        }
        return true;
    }

    /** The cluster's answer to recordOutdated or recordUpToDate for that peer. */
    public void recorded(int peer, boolean done) {
        standings.recorded(linkAt(peer), done);
        afterEvent();
    }

    /** Time passes: about every 10 ms while anything is going on. */
    public void tick(long now) {
        nowNanos = now;
        standings.tick(now);
        for (PeerLink link : links) {
            link.resync.tick(now);
            link.verify.pump();
            link.tick();
        }
        if (roles.phase() == Phase.PRIMARY) {
            if (requests.hasHeld() || requests.hasWaiting()) {
                resumeIfAllowed();
            }
            if (now - lastFlushNanos >= FLUSH_INTERVAL_NANOS && !hot.unstable.isEmpty()) {
                // Keeps small what a lost replica must be assumed to lack.
                flushes.request();
            }
        }
        afterEvent();
    }

    // ---- users' requests

    /** A prepared READ, WRITE or FLUSH; at most 1 MiB, and over two extents at most. */
    public void submit(BlockRequest request) {
        requests.submit(request);
        afterEvent();
    }

    // ---- the disk answers

    public void localDone(BlockRequest request, IoStatus status) {
        switch (request.kind) {
            case OWN_FLUSH -> {
                if (detaching != null && !attached) {
                    out.release(request);
                    detachFlushed(status);
                } else if (request.sequence < 0) {
                    linkAt(request.peer).resync.ownDiskFlushed(request, status);
                } else {
                    flushes.ownDone(request, status);
                }
            }
            case PEER_FLUSH -> linkAt(request.peer).flushed(request, status);
            case RESYNC_READ -> {
                linkAt(request.peer).resync.readDone(request, status);
                requests.pump();
            }
            case VERIFY_READ -> {
                linkAt(request.peer).verify.readDone(request, status);
                requests.pump();
            }
            default -> requests.localDone(request, status);
        }
        afterEvent();
    }

    public void superblockWritten() {
        state.written();
        afterEvent();
    }

    public void activityLogWritten() {
        if (attached) {
            hot.logWritten();
        }
        afterEvent();
    }

    /** Metadata could not be written: nothing that depends on it may go on. */
    public void metadataFailed(String why) {
        diskFailed("its metadata could not be written: " + why);
        afterEvent();
    }

    // ---- peers

    /** A connection to a peer is made and proven; {@code session} was never used before. */
    public void connected(int peer, long session) {
        PeerLink link = linkAt(peer);
        if (link.connection == ConnectionState.STANDALONE) {
            out.disconnect(peer, session, "this node was told to stay alone", true);
            return;
        }
        if (!attached
                || detaching != null
                || roles.phase() == Phase.PROMOTING
                || roles.phase() == Phase.DEMOTING) {
            out.disconnect(peer, session, "the volume is not ready to connect", false);
            return;
        }
        link.connected(session);
        out.stateChanged();
        afterEvent();
    }

    public void disconnected(int peer, long session) {
        if (isCurrent(peer, session)) {
            linkAt(peer).lost();
            afterEvent();
        }
    }

    public void received(int peer, long session, PeerMessage message) {
        if (isCurrent(peer, session)) {
            linkAt(peer).received(message);
            afterEvent();
        }
    }

    /**
     * The Primary's write or the source's block; prepared by {@link BlockRequest#preparePeerWrite}.
     *
     * @param epoch under which the Primary sent it; not looked at for a block of a resync
     * @param confirmedSequence the Primary's writes up to this one are complete everywhere
     */
    public void peerWrite(
            int peer, long session, BlockRequest request, Epoch epoch, long confirmedSequence) {
        PeerLink link = linkAt(peer);
        if (!isCurrent(peer, session) || !isAcceptable(link, request, epoch)) {
            out.release(request);
            return;
        }
        if (protocol == Protocol.B && request.kind == Kind.PEER_WRITE) {
            out.sendReceived(peer, request.sequence);
        }
        if (secondariesLogActivity() && request.kind == Kind.PEER_WRITE) {
            hot.forgetUpTo(confirmedSequence);
        }
        if (request.kind == Kind.PEER_RESYNC_WRITE) {
            link.rememberForOthers(request);
        }
        link.writeReceived(request);
        afterEvent();
    }

    private boolean isAcceptable(PeerLink link, BlockRequest request, Epoch epoch) {
        boolean resync = request.kind == Kind.PEER_RESYNC_WRITE;
        if (!resync && epoch.compareTo(state.epoch) < 0) {
            out.send(link.index, new PeerMessage.EpochOver(state.epoch));
            link.drop("it writes under epoch " + epoch + ", which is over");
            return false;
        }
        boolean expected =
                roles.phase() == Phase.SECONDARY
                        && (link.replication == ReplicationState.ESTABLISHED
                                || link.replication == ReplicationState.SYNC_TARGET)
                        && (resync || epoch.equals(state.epoch))
                        && request.lengthBytes > 0
                        && geometry.contains(request.offsetBytes, request.lengthBytes);
        if (!expected) {
            link.drop("it sent a write that does not belong here: " + request);
        }
        return expected;
    }

    public void peerReceived(int peer, long session, long sequence) {
        if (isCurrent(peer, session)) {
            requests.peerReceived(linkAt(peer), sequence);
            afterEvent();
        }
    }

    public void peerWritten(
            int peer, long session, boolean resync, long sequence, IoStatus status) {
        if (!isCurrent(peer, session)) {
            return;
        }
        PeerLink link = linkAt(peer);
        if (resync) {
            link.resync.written(sequence, status);
        } else if (status == IoStatus.OK) {
            requests.peerWritten(link, sequence);
        } else {
            link.drop("it could not write to its disk: " + status);
        }
        afterEvent();
    }

    /**
     * A peer wants its blocks compared with ours; prepared by {@link
     * BlockRequest#prepareDigestRead}.
     */
    public void peerDigests(int peer, long session, BlockRequest request) {
        PeerLink link = linkAt(peer);
        if (!isCurrent(peer, session)) {
            out.release(request);
            return;
        }
        boolean expected =
                (link.replication == ReplicationState.ESTABLISHED
                                || link.replication == ReplicationState.SYNC_TARGET)
                        && request.lengthBytes > 0
                        && geometry.contains(request.offsetBytes, request.lengthBytes);
        if (expected) {
            link.writeReceived(request);
        } else {
            link.drop("it sent digests that do not belong here: " + request);
            out.release(request);
        }
        afterEvent();
    }

    /** Our blocks were read and compared with a peer's digests. */
    void digestsRead(BlockRequest request, IoStatus status) {
        if (status == IoStatus.MEDIUM_ERROR) {
            diskFailed("reading " + request.lengthBytes + " bytes failed");
        }
        if (isCurrent(request.peer, request.session)) {
            out.sendDigestsCompared(request.peer, request, status);
        }
    }

    /**
     * A peer has compared its blocks with our digests.
     *
     * @param sequence of the read whose digests they were
     * @param differing which blocks of it are not the same, bit by bit
     */
    public void digestsCompared(
            int peer, long session, long sequence, long differing, IoStatus status) {
        if (!isCurrent(peer, session)) {
            return;
        }
        PeerLink link = linkAt(peer);
        if (status != IoStatus.OK) {
            link.drop("it could not read its disk: " + status);
        } else if (sequence < 0) {
            link.verify.compared(sequence, differing);
        } else {
            link.resync.compared(sequence, differing);
        }
        afterEvent();
    }

    /** A peer asks for a flush; a positive round is the Primary's, a negative one a resync's. */
    public void peerFlush(int peer, long session, long round, long confirmedSequence) {
        if (!isCurrent(peer, session)) {
            return;
        }
        if (secondariesLogActivity() && round > 0) {
            hot.forgetUpTo(confirmedSequence);
            hot.unstable.beginFlush();
            requests.keepInFlightUnstable();
            hot.keepUnconfirmed(confirmedSequence);
        }
        linkAt(peer).enqueueFlush(round);
        afterEvent();
    }

    public void peerFlushed(int peer, long session, long round, IoStatus status) {
        if (!isCurrent(peer, session)) {
            return;
        }
        PeerLink link = linkAt(peer);
        if (round > 0) {
            flushes.peerDone(link, round, status);
        } else {
            link.resync.flushed(round, status);
        }
        afterEvent();
    }

    // ---- what can be asked

    public Role role() {
        return roles.phase() == Phase.PRIMARY || roles.phase() == Phase.DEMOTING
                ? Role.PRIMARY
                : Role.SECONDARY;
    }

    public DiskState disk() {
        return disk;
    }

    /** The highest epoch this replica knows of. */
    public Epoch knownEpoch() {
        return state.epoch;
    }

    public long currentGeneration() {
        return state.current;
    }

    /** Whether users' requests wait for the cluster. */
    public boolean isSuspended() {
        return roles.phase() == Phase.PRIMARY
                && (standings.suspends() || !out.mayAct(roles.actingEpoch()));
    }

    /** Whether nothing is going on that time could move. */
    public boolean isQuiet() {
        for (PeerLink link : links) {
            boolean moves =
                    link.resync.isActive()
                            || link.verify.isActive()
                            || link.replication == ReplicationState.PAUSED_AHEAD
                            || link.replication == ReplicationState.PAUSED_BEHIND;
            if (moves) {
                return false;
            }
        }
        return (roles.phase() == Phase.SECONDARY || roles.phase() == Phase.PRIMARY)
                && !roles.isPromoting()
                && requests.isIdle()
                && requests.userCount() == 0
                && !flushes.isRunning()
                && !standings.suspends()
                && (roles.phase() == Phase.SECONDARY || hot.unstable.isEmpty());
    }

    public long requestsInFlight() {
        return requests.userCount();
    }

    public long completedFlushes() {
        return flushes.completedRounds();
    }

    boolean isSyncPaused() {
        return syncPaused;
    }

    void setSyncPaused(boolean paused) {
        syncPaused = paused;
    }

    /** The peer's side of a status. */
    public PeerView peerView(int peer) {
        return linkAt(peer).view();
    }

    /** What is known of a split brain with that peer; null when there is none. */
    public @Nullable SplitBrainView splitBrain(int peer) {
        PeerLink link = linkAt(peer);
        ReplicaReport theirs = link.splitFrom();
        return theirs == null
                ? null
                : new SplitBrainView(
                        link.node,
                        state.current,
                        theirs.current(),
                        link.dirty.count(),
                        theirs.dirtyBlocks(),
                        rangesOf(link.dirty));
    }

    /** The first and one past the last block of each run, up to {@link #MAX_RANGES}. */
    private static List<Long> rangesOf(BlockBitmap bitmap) {
        List<Long> ranges = new ArrayList<>();
        for (long from = bitmap.nextSet(0); from >= 0 && ranges.size() < 2 * MAX_RANGES; ) {
            long end = bitmap.endOfRun(from, Long.MAX_VALUE);
            ranges.add(from);
            ranges.add(end);
            from = bitmap.nextSet(end);
        }
        return ranges;
    }

    /**
     * Two replicas that were written without each other, as one of them sees it.
     *
     * @param current this replica's generation, which began when it went on alone
     * @param peerCurrent the peer's
     * @param changedBlocks that this one wrote, or may have written, alone
     * @param peerChangedBlocks that the peer did
     * @param ranges of {@code changedBlocks}: first, one past the last, and so on
     */
    public record SplitBrainView(
            NodeId node,
            long current,
            long peerCurrent,
            long changedBlocks,
            long peerChangedBlocks,
            List<Long> ranges) {
        public SplitBrainView {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * A peer as a status shows it.
     *
     * @param dirtyBlocks that it lacks or may lack
     * @param resyncedBlocks that were sent to it as target since the volume came up
     * @param resyncLeftBlocks of the resync that is going on, in either direction
     * @param resyncEstimateSeconds until its end; -1 when there is none, or it is not known yet
     * @param verifiedBlocks of the verification that is going on; -1 when there is none
     */
    public record PeerView(
            NodeId node,
            ConnectionState connection,
            ReplicationState replication,
            Role role,
            DiskState disk,
            long dirtyBlocks,
            long resyncedBlocks,
            long resyncLeftBlocks,
            long resyncBytesPerSecond,
            int resyncEstimateSeconds,
            long verifiedBlocks) {}

    // ---- shared by the parts

    List<PeerLink> links() {
        return links;
    }

    @Nullable PeerLink link(NodeId node) {
        int index = nodes.indexOf(node);
        return index < 0 ? null : linkByIndex[index];
    }

    PeerLink linkAt(int peer) {
        PeerLink link = linkByIndex[peer];
        Invariant.check(link != null, "node %d is no peer", peer);
        return java.util.Objects.requireNonNull(link);
    }

    private boolean isCurrent(int peer, long session) {
        return session != 0 && linkAt(peer).session == session;
    }

    String volumeName() {
        return volumeName;
    }

    long nowNanos() {
        return nowNanos;
    }

    Epoch epoch() {
        return roles.actingEpoch();
    }

    boolean isPrimary() {
        return roles.phase() == Phase.PRIMARY;
    }

    boolean isPrimaryOrDemoting() {
        return roles.phase() == Phase.PRIMARY || roles.phase() == Phase.DEMOTING;
    }

    boolean secondariesLogActivity() {
        return links.size() > 1;
    }

    /** Whether a write may begin, as far as the cluster is concerned. */
    boolean writesMayStart() {
        return roles.phase() == Phase.PRIMARY
                && !roles.isPromoting()
                && !standings.suspends()
                && disk != DiskState.FAILED
                && out.mayAct(roles.actingEpoch());
    }

    /** Whether a user may be told that a request succeeded. */
    boolean mayTell(BlockRequest request) {
        boolean suspended =
                request.kind == Kind.READ ? !standings.haveSettled() : standings.suspends();
        return !suspended && out.mayAct(roles.actingEpoch());
    }

    boolean mayApply(BlockRequest request) {
        PeerLink link = linkAt(request.peer);
        boolean fromBefore = request.session != link.session;
        return fromBefore ? link.hasNoGate() : link.mayApply();
    }

    void setDisk(DiskState newDisk) {
        if (disk == DiskState.FAILED || disk == DiskState.DISKLESS) {
            return;
        }
        disk = newDisk;
        state.disk = newDisk;
        out.stateChanged();
    }

    void dropOtherPrimaries(PeerLink latest, Epoch epoch) {
        for (PeerLink other : links) {
            if (other != latest && (other.role == Role.PRIMARY || other.isSource())) {
                other.drop("peer " + latest.node + " is Primary under epoch " + epoch);
            }
        }
    }

    /** Whether this replica is in sync with a Primary; what other Secondaries say is then old. */
    boolean followsPrimary() {
        for (PeerLink link : links) {
            if (link.role == Role.PRIMARY && link.replication == ReplicationState.ESTABLISHED) {
                return true;
            }
        }
        return false;
    }

    /** A peer was met that shows whether the generation that was pending has begun. */
    void beginPendingGeneration(ReplicaReport own, ReplicaReport peer) {
        // A Primary is about to begin a generation of its own that follows both.
        if (own.pendingHasBegunAt(peer)
                && own.pending() == state.pending
                && roles.phase() == Phase.SECONDARY) {
            state.enterPendingGeneration();
            state.persist(() -> {});
        }
    }

    /** A peer was met that has nothing newer. */
    void dataIsUpToDate(DiskState peerDisk) {
        boolean nowKnown =
                disk == DiskState.CONSISTENT
                        || (disk == DiskState.OUTDATED && peerDisk == DiskState.UP_TO_DATE);
        if (nowKnown) {
            setDisk(DiskState.UP_TO_DATE);
            state.persist(this::broadcastState);
        }
    }

    void diskFailed(String why) {
        if (disk == DiskState.FAILED) {
            return;
        }
        disk = DiskState.FAILED;
        out.report(
                new Problem(
                        "the disk failed and is not used any more",
                        volumeName,
                        why,
                        "look for disk errors in the kernel log, replace the disk, and take the"
                                + " volume down and up"));
        out.happened(VolumeEvent.LOCAL_IO_ERROR, self);
        if (isPrimaryOrDemoting()) {
            broadcastState();
        } else {
            for (PeerLink link : links) {
                link.drop("the disk failed");
            }
        }
        out.stateChanged();
    }

    void broadcastState() {
        for (PeerLink link : links) {
            if (link.replication != ReplicationState.OFF) {
                out.send(link.index, new PeerMessage.StateChanged(role(), disk));
            }
        }
        out.stateChanged();
    }

    void writeChangedBitmapPages(PeerLink link) {
        BlockBitmap dirty = link.dirty;
        for (int p = dirty.nextChangedPage(0); p >= 0; p = dirty.nextChangedPage(p + 1)) {
            dirty.pageWritten(p);
            out.writeBitmapPage(link.index, p, dirty.page(p));
        }
    }

    /** That page of every peer's bitmap, where it changed. */
    void writeBitmapPage(int page) {
        for (PeerLink link : links) {
            if (link.dirty.isChanged(page)) {
                link.dirty.pageWritten(page);
                out.writeBitmapPage(link.index, page, link.dirty.page(page));
            }
        }
    }

    /** A peer wrote to our disk: it is told. */
    void peerWriteDone(BlockRequest request, IoStatus status) {
        if (status != IoStatus.OK) {
            if (status == IoStatus.MEDIUM_ERROR) {
                diskFailed("writing " + request.lengthBytes + " bytes failed");
            } else {
                setDisk(DiskState.INCONSISTENT);
                state.persist(() -> {});
            }
        }
        if (isCurrent(request.peer, request.session)) {
            out.sendWritten(
                    request.peer, request.kind == Kind.PEER_RESYNC_WRITE, request.sequence, status);
        }
    }

    void peerWriteLeft(BlockRequest request) {
        linkAt(request.peer).startFlushes();
    }

    /** Order matters: first what may no longer be acknowledged, then who waited for the peer. */
    void peerLost(PeerLink link, boolean wasMirrored, boolean wasPrimary) {
        if (wasMirrored) {
            hot.unstable.addTo(link.dirty, hot.log, geometry);
        }
        if (wasPrimary && roles.phase() == Phase.SECONDARY) {
            hot.forgetUpTo(Long.MAX_VALUE);
        }
        standings.lost(link);
        roles.lost(link);
        declaration.lost(link);
        flushes.peerLost(link);
        requests.peerLost(link);
        out.stateChanged();
    }

    /**
     * A Primary comes, this one or another: the last one may have been lost, or have given up,
     * before its latest writes were on all replicas.
     */
    void fearUnstableBlocks(PeerLink link) {
        if (secondariesLogActivity()) {
            hot.unstable.addTo(link.dirty, hot.log, geometry);
            requests.addWaitingWrites(link.dirty);
        }
    }

    /** From now on another one's writes, not all of which may come here, change what peers lack. */
    void otherIsPrimary() {
        for (PeerLink link : links) {
            link.tracked = false;
            // Only the Primary can keep writes away from what is compared.
            link.verify.stop();
        }
    }

    void announceStable(long round) {
        // While a replica is lost and the others were not told that they go on without it, what it
        // lacks must stay unstable on them.
        if (secondariesLogActivity() && !standings.suspends()) {
            for (PeerLink link : links) {
                if (link.isMirrored()) {
                    out.send(link.index, new PeerMessage.FlushStable(round));
                }
            }
        }
    }

    void announceInSync(PeerLink caughtUp) {
        for (PeerLink link : links) {
            if (link != caughtUp && link.isInSync()) {
                out.send(link.index, new PeerMessage.ReplicaInSync(caughtUp.node));
                out.send(caughtUp.index, new PeerMessage.ReplicaInSync(link.node));
            }
        }
        out.stateChanged();
    }

    void replicaInSync(NodeId node) {
        PeerLink other = link(node);
        if (other != null && roles.phase() == Phase.SECONDARY) {
            other.dirty.clearAll();
            state.bitmapGeneration[other.index] = 0;
            writeChangedBitmapPages(other);
            state.persist(() -> {});
        }
    }

    void flushRoundEnded() {
        lastFlushNanos = nowNanos;
        requests.pump();
        roles.step();
    }

    /** Goes on after a suspension that may have ended. */
    void resumeIfAllowed() {
        standings.settle();
        if (!standings.suspends()) {
            requests.tellHeld();
            requests.pump();
        }
        out.stateChanged();
    }

    private void afterEvent() {
        roles.step();
        for (PeerLink link : links) {
            if (link.resync.isActive()) {
                link.resync.pump();
            }
            if (link.verify.isActive()) {
                link.verify.pump();
            }
        }
        stepDetaching();
    }
}
