package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.codec.LoadedMetadata;
import io.holdfast.replication.codec.MetadataLayout;
import io.holdfast.replication.codec.MetadataWriter;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.BlockRequest;
import io.holdfast.replication.core.ControlResult;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.Superblock;
import io.holdfast.replication.core.VolumeEffects;
import io.holdfast.replication.core.VolumeEngine;
import io.holdfast.replication.core.VolumeEvent;
import io.holdfast.replication.core.VolumeGeometry;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume that is up: the engine on its thread, and what it wants done in the world.
 *
 * <pre>
 * users  ---submit--->  +--------+  ---readDisk, writeDisk, flushDisk--->  IoPool
 * peers  ---events--->  | engine |  ---send...----------------------->  PeerNetwork
 * cluster --recorded->  | thread |  ---superblock, log, bitmap-------->  metadata lane
 *                       +--------+  ---recordOutdated, mayAct--------->  ActingRight
 * </pre>
 *
 * All answers come back as events of the engine's thread.
 */
final class RunningVolume implements VolumeEffects, PeerEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningVolume.class);

    /** Bounds what peers can make us hold: 64 MiB a volume. */
    private static final int PEER_BLOCKS = 64;

    private static final long QUERY_PATIENCE_MILLIS = 500;
    private static final int RESYNC_BLOCKS = 32;
    private static final int RESYNC_BLOCK_BYTES = 128 << 10;

    /** What the engine takes as one request. */
    static final int MAX_REQUEST_BYTES = 1 << 20;

    private final VolumeConfig config;
    private final ActingRight right;
    private final IoPool io;
    private final Consumer<VolumeStatus> listener;
    private final DirectFile disk;
    private final MetadataFile metadata;
    private final MetadataWriter writer;
    private final VolumeEngine engine;
    private final int selfIndex;
    private final EngineThread thread;
    private final PeerNetwork network;
    private final IoLane metadataLane;
    private final BlockPool peerBlocks = new BlockPool(MAX_REQUEST_BYTES, PEER_BLOCKS);
    private final BlockPool resyncBlocks = new BlockPool(RESYNC_BLOCK_BYTES, RESYNC_BLOCKS);
    private final long[] sessions;
    private final Generations generations;
    private final Handlers handlers;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong readBytes = new AtomicLong();
    private final long volumeBytes;
    private long activityLogWrites;
    private long bitmapWrites;
    private final int[] hotExtents;
    private final Set<CompletableFuture<Optional<Problem>>> waiting = ConcurrentHashMap.newKeySet();

    /** One party for each operation in the kernel, and one for closing. */
    private final Phaser diskUsers = new Phaser(1);

    private volatile boolean changed;
    private boolean wasSuspended;
    private volatile Optional<Problem> problem = Optional.empty();

    /** Nothing changes the engine any more. */
    private volatile boolean stopped;

    /** Only touched by the metadata lane. */
    private boolean metadataFailed;

    /**
     * Opens disk and metadata; nothing runs yet.
     *
     * @throws ProblemException when either cannot be used; nothing was changed then
     */
    RunningVolume(
            VolumeConfig config,
            ReplicaConfig own,
            ActingRight right,
            byte[] secret,
            IoPool io,
            Consumer<VolumeStatus> listener) {
        this.config = config;
        this.right = right;
        this.io = io;
        this.listener = listener;
        List<NodeId> nodes = config.replicas().stream().map(ReplicaConfig::node).toList();
        Set<NodeId> peers = new TreeSet<>(nodes);
        peers.remove(own.node());
        selfIndex = nodes.indexOf(own.node());
        sessions = new long[nodes.size()];
        generations = new Generations(selfIndex);
        handlers = new Handlers(config, own.node());
        disk = openAlone(own);
        LoadedMetadata found;
        try {
            metadata = MetadataFile.open(own, disk);
            found = metadata.read(config.id(), own.node(), peers);
        } catch (RuntimeException e) {
            disk.close();
            throw e;
        }
        found.warnings().forEach(warning -> LOG.warn("{}", warning.message()));
        MetadataLayout layout = metadata.layout();
        volumeBytes = layout.volumeBytes();
        metadataLane = new IoLane(config.id() + "-metadata");
        writer =
                new MetadataWriter(
                        layout,
                        found,
                        AlignedBufferPool.allocate(MetadataLayout.PAGE_BYTES),
                        this::enqueuePage);
        engine =
                new VolumeEngine(
                        new VolumeEngine.Settings(
                                VolumeGeometry.ofBytes(volumeBytes),
                                config.net().protocol(),
                                nodes,
                                own.node(),
                                config.disk().activityLogExtents(),
                                config.disk().resyncMinBytesPerSecond(),
                                config.net().afterSplitBrain(),
                                config.net().checksumResync()),
                        found.superblock(),
                        bitmapsByIndex(found, nodes.size()),
                        this);
        thread =
                new EngineThread(
                        config.id() + "-engine",
                        () -> engine.tick(System.nanoTime()),
                        engine::isQuiet,
                        this::tellChanges,
                        this::engineFailed);
        network = new PeerNetwork(config, own.node(), secret, this);
        hotExtents = found.hotExtents();
    }

    /** One storaged alone may have a backing file: two would not know of each other's writes. */
    private static DirectFile openAlone(ReplicaConfig own) {
        DirectFile disk = DirectFile.open(own.disk());
        if (disk.tryLock()) {
            return disk;
        }
        disk.close();
        throw new ProblemException(
                new Problem(
                        "the backing file is in use",
                        own.disk().toString(),
                        "another process has it open as a replica",
                        "stop that process; two writers would destroy the data"));
    }

    private List<BlockBitmap> bitmapsByIndex(LoadedMetadata found, int nodes) {
        List<BlockBitmap> bitmaps = new ArrayList<>();
        int slot = 0;
        for (int i = 0; i < nodes; i++) {
            bitmaps.add(
                    i == selfIndex
                            ? new BlockBitmap(volumeBytes / VolumeGeometry.BLOCK_BYTES)
                            : found.bitmaps().get(slot++));
        }
        return bitmaps;
    }

    // ---- what Replica asks, from any thread
    // ------------------------------------------------------

    /** Settles what the last run left, then begins to connect. */
    void start() {
        thread.start();
        await(result -> engine.attach(hotExtents, result));
        network.start();
    }

    void promote(Epoch epoch, boolean force) {
        await(result -> engine.promote(epoch, force, result));
    }

    void demote() {
        await(engine::demote);
    }

    void declareEqual() {
        await(engine::declareEqual);
    }

    /** Ends in order: everything is on disk, and said to be. */
    void detach() {
        await(engine::detach);
    }

    void connect(boolean discardMyData) {
        await(result -> engine.connect(discardMyData, result));
    }

    void disconnect() {
        await(engine::disconnect);
    }

    void invalidate() {
        await(engine::invalidate);
    }

    void outdate() {
        await(engine::outdate);
    }

    void pauseSync(boolean pause) {
        await(result -> engine.pauseSync(pause, result));
    }

    void verify() {
        await(engine::verify);
    }

    /** What is known of each split brain; empty when there is none. */
    List<VolumeEngine.SplitBrainView> splitBrains() {
        return query(
                () -> {
                    List<VolumeEngine.SplitBrainView> found = new ArrayList<>();
                    for (int i = 0; i < sessions.length; i++) {
                        VolumeEngine.SplitBrainView view =
                                i == selfIndex ? null : engine.splitBrain(i);
                        if (view != null) {
                            found.add(view);
                        }
                    }
                    return found;
                });
    }

    void membersChanged(Set<NodeId> members) {
        network.members(members);
    }

    void heard(NodeId node, InetAddress address, boolean heard) {
        network.heard(node, address, heard);
    }

    boolean isPrimary() {
        return query(() -> engine.role() == Role.PRIMARY);
    }

    VolumeStatus status(int openCount) {
        return query(() -> statusNow(openCount));
    }

    /** A user's read or write; the whole of it lies in the volume. */
    void submit(
            BlockRequest.Kind kind,
            long offsetBytes,
            ByteBuffer buffer,
            boolean forceUnitAccess,
            IoCompletion completion) {
        // Protocols A and B answer before peers have it all: their data must not be the user's.
        boolean copied = kind == BlockRequest.Kind.WRITE && config.net().protocol() != Protocol.C;
        boolean inPlace = !copied && DirectFile.isAligned(buffer, disk.alignmentBytes());
        post(
                inPlace
                        ? IoBlock.inPlace(kind, offsetBytes, buffer, forceUnitAccess, completion)
                        : IoBlock.copied(kind, offsetBytes, buffer, forceUnitAccess, completion));
    }

    void flush(IoCompletion completion) {
        post(IoBlock.userFlush(completion));
    }

    private void post(IoBlock block) {
        if (stopped) {
            complete(block, IoStatus.MEDIUM_ERROR);
        } else {
            thread.post(() -> engine.submit(block));
        }
    }

    /** Whether a bug stopped the engine: nothing is acknowledged any more. */
    boolean isStopped() {
        return stopped;
    }

    /** The part that users see; the rest, if any, holds the notes. */
    long usableBytes() {
        return config.hasNotes() ? volumeBytes - SlottedNotes.AREA_BYTES : volumeBytes;
    }

    /** Stops as a crash would: nothing more is written, said or answered. */
    @Override
    public void close() {
        // First: losing its peers now is nothing the engine should go on from.
        thread.close();
        stopped = true;
        network.close();
        metadataLane.close();
        int _ = diskUsers.arriveAndAwaitAdvance();
        metadata.close();
        disk.close();
        handlers.close();
    }

    private interface Asking {
        void ask(ControlResult result);
    }

    @SuppressWarnings("CollectionUndefinedEquality") // each future is itself
    private void await(Asking asking) {
        CompletableFuture<Optional<Problem>> outcome = new CompletableFuture<>();
        ControlResult result =
                new ControlResult() {
                    @Override
                    public void done() {
                        outcome.complete(Optional.empty());
                    }

                    @Override
                    public void refused(Problem why) {
                        outcome.complete(Optional.of(why));
                    }
                };
        if (stopped) {
            throw new ProblemException(bug());
        }
        waiting.add(outcome);
        thread.post(() -> asking.ask(result));
        try {
            outcome.join()
                    .ifPresent(
                            why -> {
                                throw new ProblemException(why);
                            });
        } finally {
            waiting.remove(outcome);
        }
    }

    private <T> T query(Supplier<T> question) {
        if (stopped) {
            return question.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        thread.post(() -> answer.complete(question.get()));
        // Should the engine break just now, nothing changes it any more: it can be asked directly.
        while (!stopped) {
            try {
                return answer.get(QUERY_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.debug("{} is slow to answer", config.id());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a question broke the engine", e.getCause());
            }
        }
        return question.get();
    }

    // ---- what the engine's thread tells
    // ----------------------------------------------------------

    private void tellChanges() {
        boolean suspended = engine.isSuspended();
        if (changed || suspended != wasSuspended) {
            changed = false; // Before looking: what is reported meanwhile is told the next time.
            wasSuspended = suspended;
            listener.accept(statusNow(0));
        }
    }

    /** Runs after a bug was found: the volume does nothing any more, and whoever waits is told. */
    private void engineFailed(Throwable bug) {
        LOG.error("volume {} stops: a bug", config.id(), bug);
        stopped = true;
        problem = Optional.of(bug());
        waiting.forEach(outcome -> outcome.complete(problem));
        network.close();
        listener.accept(statusNow(0));
    }

    private Problem bug() {
        return new Problem(
                "the volume has stopped",
                config.id().name(),
                "an invariant of the program was broken; the log has the details",
                "restart storaged on this node and report the log; other replicas go on");
    }

    private VolumeStatus statusNow(int openCount) {
        List<VolumeStatus.PeerStatus> peers = new ArrayList<>();
        long resynced = 0;
        for (int i = 0; i < sessions.length; i++) {
            if (i != selfIndex) {
                VolumeEngine.PeerView view = engine.peerView(i);
                resynced += view.resyncedBlocks() * VolumeGeometry.BLOCK_BYTES;
                peers.add(peerStatus(view));
            }
        }
        return new VolumeStatus(
                config.id(),
                config.device(),
                true,
                engine.role(),
                // A volume that stopped serves nobody: monitors must see that it failed.
                stopped ? DiskState.FAILED : engine.disk(),
                config.net().protocol(),
                engine.knownEpoch(),
                usableBytes(),
                engine.isSuspended(),
                openCount,
                peers,
                new VolumeStatus.Counters(
                        sentBytes.get(),
                        receivedBytes.get(),
                        writtenBytes.get(),
                        readBytes.get(),
                        resynced,
                        engine.requestsInFlight(),
                        engine.completedFlushes(),
                        activityLogWrites,
                        bitmapWrites),
                problem);
    }

    private VolumeStatus.PeerStatus peerStatus(VolumeEngine.PeerView view) {
        long dirtyBytes = Math.min(volumeBytes, view.dirtyBlocks() * VolumeGeometry.BLOCK_BYTES);
        return new VolumeStatus.PeerStatus(
                view.node(),
                view.connection(),
                view.replication(),
                view.role(),
                view.disk(),
                dirtyBytes,
                100.0 * (volumeBytes - dirtyBytes) / volumeBytes,
                view.resyncLeftBlocks() * VolumeGeometry.BLOCK_BYTES,
                view.resyncBytesPerSecond(),
                view.resyncEstimateSeconds(),
                view.verifiedBlocks() < 0
                        ? -1
                        : 100.0 * view.verifiedBlocks() * VolumeGeometry.BLOCK_BYTES / volumeBytes);
    }

    // ---- effects: the local disk
    // -----------------------------------------------------------------

    @Override
    public void readDisk(BlockRequest request) {
        IoBlock block = (IoBlock) request;
        onDisk(
                block,
                () -> {
                    readBytes.addAndGet(block.lengthBytes());
                    int result = disk.read(block.offsetBytes(), block.view());
                    if (block.wantsDigests()) {
                        block.digest();
                    }
                    return result;
                });
    }

    @Override
    public void writeDisk(BlockRequest request) {
        IoBlock block = (IoBlock) request;
        onDisk(
                block,
                () -> {
                    writtenBytes.addAndGet(block.lengthBytes());
                    return disk.write(block.offsetBytes(), block.view());
                });
    }

    @Override
    public void flushDisk(BlockRequest request) {
        onDisk((IoBlock) request, disk::sync);
    }

    private void onDisk(IoBlock block, IntSupplier operation) {
        int _ = diskUsers.register();
        io.submit(() -> doOnDisk(block, operation));
    }

    /** An operation that throws is a bug, but nobody may wait for its end for ever. */
    private void doOnDisk(IoBlock block, IntSupplier operation) {
        int result = Errno.EIO.number();
        try {
            result = operation.getAsInt();
        } finally {
            IoStatus status = ioStatus(result);
            int _ = diskUsers.arriveAndDeregister();
            thread.post(() -> engine.localDone(block, status));
        }
    }

    private static IoStatus ioStatus(int result) {
        if (result == BlockFile.DONE) {
            return IoStatus.OK;
        }
        return result == Errno.ENOSPC.number() || result == Errno.EDQUOT.number()
                ? IoStatus.NO_SPACE
                : IoStatus.MEDIUM_ERROR;
    }

    // ---- effects: metadata, in order
    // -------------------------------------------------------------

    @Override
    public void writeSuperblock(Superblock superblock) {
        writer.superblock(superblock);
        metadataLane.submit(() -> thread.post(engine::superblockWritten));
    }

    @Override
    public void writeActivityLog(int[] extents) {
        activityLogWrites++;
        writer.activityLog(extents);
        metadataLane.submit(() -> thread.post(engine::activityLogWritten));
    }

    @Override
    public void writeBitmapPage(int peer, int page, long @Nullable [] words) {
        bitmapWrites++;
        writer.bitmapPage(peer < selfIndex ? peer : peer - 1, page, words);
    }

    /** The writer's page is only valid during the call: it is copied. */
    private void enqueuePage(long offsetBytes, ByteBuffer page) {
        ByteBuffer copy = AlignedBufferPool.allocate(MetadataLayout.PAGE_BYTES);
        copy.put(page.duplicate()).clear();
        metadataLane.submit(
                () -> {
                    if (metadataFailed) {
                        return; // Nothing may follow a page that is not on disk.
                    }
                    try {
                        metadata.writePage(offsetBytes, copy);
                    } catch (ProblemException e) {
                        metadataFailed = true;
                        thread.post(() -> engine.metadataFailed(e.problem().why()));
                    }
                });
    }

    // ---- effects: peers
    // --------------------------------------------------------------------------

    @Override
    public void send(int peer, PeerMessage message) {
        network.send(peer, sessions[peer], message);
    }

    @Override
    public void sendWrite(int peer, BlockRequest request, Epoch epoch, long confirmedSequence) {
        sentBytes.addAndGet(request.lengthBytes());
        network.sendWrite(peer, sessions[peer], (IoBlock) request, epoch, confirmedSequence);
    }

    @Override
    public void sendResyncWrite(int peer, BlockRequest request) {
        sentBytes.addAndGet(request.lengthBytes());
        network.sendResyncWrite(peer, sessions[peer], (IoBlock) request);
    }

    @Override
    public void sendDigests(int peer, BlockRequest request) {
        network.sendDigests(peer, sessions[peer], (IoBlock) request);
    }

    @Override
    public void sendDigestsCompared(int peer, BlockRequest request, IoStatus status) {
        long differing = ((IoBlock) request).differing;
        network.sendDigestsCompared(peer, sessions[peer], request.sequence(), differing, status);
    }

    @Override
    public void reconnect(int peer) {
        network.reconnect(peer);
    }

    @Override
    public void sendReceived(int peer, long sequence) {
        network.sendReceived(peer, sessions[peer], sequence);
    }

    @Override
    public void sendWritten(int peer, boolean resync, long sequence, IoStatus status) {
        network.sendWritten(peer, sessions[peer], resync, sequence, status);
    }

    @Override
    public void sendFlush(int peer, long round, long confirmedSequence) {
        network.sendFlush(peer, sessions[peer], round, confirmedSequence);
    }

    @Override
    public void sendFlushed(int peer, long round, IoStatus status) {
        network.sendFlushed(peer, sessions[peer], round, status);
    }

    @Override
    public void disconnect(int peer, long session, String reason, boolean standAlone) {
        LOG.info("{} drops {}: {}", config.id(), nodeAt(peer), reason);
        network.disconnect(peer, session, standAlone);
    }

    private NodeId nodeAt(int peer) {
        return config.replicas().get(peer).node();
    }

    // ---- effects: requests
    // -----------------------------------------------------------------------

    @Override
    public void complete(BlockRequest request, IoStatus status) {
        ((IoBlock) request).tell(status);
    }

    @Override
    public void release(BlockRequest request) {
        IoBlock block = (IoBlock) request;
        if (block.isUsers() || block.data.capacity() == 0) {
            return; // The garbage collector's.
        }
        block.expectedDigests = IoBlock.NO_DIGESTS;
        (block.data.capacity() == RESYNC_BLOCK_BYTES ? resyncBlocks : peerBlocks).release(block);
    }

    @Override
    public @Nullable BlockRequest newResyncRequest() {
        return resyncBlocks.poll();
    }

    @Override
    public BlockRequest newFlushRequest() {
        return IoBlock.ownFlush();
    }

    // ---- effects: the cluster
    // --------------------------------------------------------------------

    @Override
    public boolean mayAct(Epoch epoch) {
        return right.actingUntilNanos(config.id(), epoch) - System.nanoTime() > 0;
    }

    @Override
    public void recordOutdated(int peer, Epoch epoch) {
        answer(peer, right.recordOutdated(config.id(), epoch, nodeAt(peer)));
    }

    @Override
    public void recordUpToDate(int peer, Epoch epoch) {
        answer(peer, right.recordUpToDate(config.id(), epoch, nodeAt(peer)));
    }

    private void answer(int peer, CompletionStage<Void> recorded) {
        recorded.whenComplete(
                (done, failure) -> {
                    if (failure != null) {
                        LOG.warn("{}: not recorded: {}", config.id(), failure.getMessage());
                    }
                    thread.post(() -> engine.recorded(peer, failure == null));
                });
    }

    @Override
    public long newGeneration() {
        return generations.next();
    }

    @Override
    public void stateChanged() {
        changed = true;
    }

    @Override
    public void happened(VolumeEvent event, int peer) {
        handlers.call(event, nodeAt(peer), engine.disk());
    }

    @Override
    public void report(Problem found) {
        LOG.warn("{}", found.message());
        problem = Optional.of(found);
        changed = true;
    }

    // ---- from peers, on the network's threads
    // ----------------------------------------------------

    @Override
    public IoBlock takeBlock(int lengthBytes) throws InterruptedException {
        Invariant.check(lengthBytes <= MAX_REQUEST_BYTES, "a peer's block of %d", lengthBytes);
        return peerBlocks.take();
    }

    @Override
    public void giveBack(IoBlock block) {
        peerBlocks.release(block);
    }

    @Override
    public void connected(int peer, long session) {
        thread.post(
                () -> {
                    LOG.info("{} is connected to {}", config.id(), nodeAt(peer));
                    sessions[peer] = session;
                    problem = Optional.empty();
                    engine.connected(peer, session);
                });
    }

    @Override
    public void disconnected(int peer, long session, String reason) {
        thread.post(
                () -> {
                    LOG.info("{} lost {}: {}", config.id(), nodeAt(peer), reason);
                    engine.disconnected(peer, session);
                });
    }

    @Override
    public void received(int peer, long session, PeerMessage message) {
        thread.post(() -> engine.received(peer, session, message));
    }

    @Override
    public void peerWrite(
            int peer, long session, IoBlock block, Epoch epoch, long confirmedSequence) {
        receivedBytes.addAndGet(block.lengthBytes());
        thread.post(() -> engine.peerWrite(peer, session, block, epoch, confirmedSequence));
    }

    @Override
    public void peerDigests(int peer, long session, IoBlock block) {
        thread.post(() -> engine.peerDigests(peer, session, block));
    }

    @Override
    public void digestsCompared(
            int peer, long session, long sequence, long differing, IoStatus status) {
        thread.post(() -> engine.digestsCompared(peer, session, sequence, differing, status));
    }

    @Override
    public void peerReceived(int peer, long session, long sequence) {
        thread.post(() -> engine.peerReceived(peer, session, sequence));
    }

    @Override
    public void peerWritten(
            int peer, long session, boolean resync, long sequence, IoStatus status) {
        thread.post(() -> engine.peerWritten(peer, session, resync, sequence, status));
    }

    @Override
    public void peerFlush(int peer, long session, long round, long confirmedSequence) {
        thread.post(() -> engine.peerFlush(peer, session, round, confirmedSequence));
    }

    @Override
    public void peerFlushed(int peer, long session, long round, IoStatus status) {
        thread.post(() -> engine.peerFlushed(peer, session, round, status));
    }
}
