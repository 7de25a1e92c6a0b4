package io.holdfast.replication.simulation;

import io.holdfast.base.Epoch;
import io.holdfast.base.Invariant;
import io.holdfast.base.InvariantViolation;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.codec.LoadedMetadata;
import io.holdfast.replication.codec.MetadataLayout;
import io.holdfast.replication.codec.MetadataReader;
import io.holdfast.replication.codec.MetadataWriter;
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
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One replica: the real engine on a simulated machine. */
final class SimulatedReplica {
    /** What goes over a connection between replicas. */
    sealed interface Wire {
        record Control(PeerMessage message) implements Wire {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Write(
                boolean resync,
                Epoch epoch,
                long sequence,
                long confirmed,
                long offset,
                long[] stamps,
                int missing)
                implements Wire {
            @Override
            public String toString() {
                return (resync ? "Resync" : "Write")
                        + "[e"
                        + epoch
                        + " #"
                        + sequence
                        + " at "
                        + offset
                        + " stamp "
                        + stamps[0]
                        + "]";
            }
        }

        /** Content stands for digests of it. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Digests(long sequence, long offset, long[] stamps) implements Wire {
            /** The same in every run of a seed, which an array's own text is not. */
            @Override
            public String toString() {
                return "Digests[" + sequence + " at " + offset + " of " + stamps.length + "]";
            }
        }

        record DigestsCompared(long sequence, long differing, IoStatus status) implements Wire {}

        record Received(long sequence) implements Wire {}

        record Written(boolean resync, long sequence, IoStatus status) implements Wire {}

        record Flush(long round, long confirmed) implements Wire {}

        record Flushed(long round, IoStatus status) implements Wire {}
    }

    /** A request with its data. */
    static final class Request extends BlockRequest {
        long[] stamps = new long[0];
        long[] expected = new long[0];

        /** Which blocks differ from those expected, bit by bit. */
        long differing() {
            long differing = 0;
            for (int i = 0; i < expected.length; i++) {
                if (expected[i] != stamps[i]) {
                    differing |= 1L << (i / SECTORS_A_BLOCK);
                }
            }
            return differing;
        }

        Consumer<IoStatus> told = status -> {};
    }

    /** What the scenario looks at while replicas run. */
    interface Observer {
        void promoted(SimulatedReplica replica, Epoch epoch);

        void powerLost();
    }

    private static final int SECTORS_A_BLOCK =
            VolumeGeometry.BLOCK_BYTES / VolumeGeometry.SECTOR_BYTES;
    private static final long MILLI = 1_000_000;
    private static final VolumeId VOLUME = new VolumeId("r0");

    private final Simulation simulation;
    private final SimulatedNode node;
    private final VolumeEngine.Settings settings;
    private final SimulatedNetwork<SimulatedConnections.Segment<Wire>> ring;
    private final SimulatedNetwork<SimulatedAuthority.Message> clusterRing;
    private final Observer observer;
    private final MetadataLayout layout;
    private final SimulatedVolumeDisk disk;
    private final LongSupplier random;

    /** Whether a crash of this machine is a loss of power, or only the death of the process. */
    private final double powerLossProbability;

    private @Nullable Software software;

    SimulatedReplica(
            Simulation simulation,
            SimulatedNode node,
            VolumeEngine.Settings settings,
            SimulatedNetwork<SimulatedConnections.Segment<Wire>> ring,
            SimulatedNetwork<SimulatedAuthority.Message> clusterRing,
            double powerLossProbability,
            Observer observer) {
        this.simulation = simulation;
        this.node = node;
        this.settings = settings;
        this.ring = ring;
        this.clusterRing = clusterRing;
        this.powerLossProbability = powerLossProbability;
        this.observer = observer;
        this.layout = MetadataLayout.external(settings.geometry().sizeBytes());
        this.disk = new SimulatedVolumeDisk(settings.geometry().sizeBytes());
        // 0 and the first few numbers mean something; see Superblock.
        this.random = () -> simulation.random().nextLong(1_000, Long.MAX_VALUE);
        createMetadata();
        node.boot(this::boot);
    }

    NodeId id() {
        return node.id();
    }

    SimulatedNode node() {
        return node;
    }

    long[] diskContents() {
        return disk.contents();
    }

    /** The running software; null while it is booting or the machine is down. */
    @Nullable Software software() {
        Software running = software;
        return node.isAlive() && running != null && running.attached ? running : null;
    }

    /** Whether it would acknowledge at this moment. */
    boolean isActing() {
        Software running = software();
        return running != null
                && running.engine.role() == Role.PRIMARY
                && running.mayAct(running.engine.knownEpoch());
    }

    private void createMetadata() {
        List<NodeId> peers = new ArrayList<>(settings.nodes());
        peers.remove(node.id());
        MetadataWriter.create(
                layout,
                Superblock.fresh(
                        VOLUME, random.getAsLong(), node.id(), layout.volumeBytes(), peers),
                ByteBuffer.allocate(MetadataLayout.PAGE_BYTES),
                (offset, page) -> node.disk().write(pageFile(offset), 0, bytes(page)));
        node.disk().syncNow();
    }

    private static String pageFile(long offset) {
        return "meta-" + offset / MetadataLayout.PAGE_BYTES;
    }

    private static byte[] bytes(ByteBuffer page) {
        byte[] bytes = new byte[page.remaining()];
        page.get(page.position(), bytes);
        return bytes;
    }

    private void boot() {
        if (node.incarnation() > 1 && simulation.chance(powerLossProbability)) {
            simulation.note(node.id() + " had lost power");
            disk.losePower(simulation.random());
            observer.powerLost();
        }
        if (node.incarnation() > 1 && settings.protocol() == Protocol.B) {
            // What it had received in memory is gone, however it died: that is protocol B.
            observer.powerLost();
        }
        disk.finishWrites();
        software = new Software();
    }

    private LoadedMetadata loadMetadata() {
        MetadataReader reader =
                new MetadataReader(
                        layout,
                        node.id().name(),
                        (offset, page) -> {
                            byte[] found =
                                    node.disk()
                                            .read(pageFile(offset))
                                            .orElse(new byte[MetadataLayout.PAGE_BYTES]);
                            page.clear().put(found).clear();
                        },
                        ByteBuffer.allocate(MetadataLayout.PAGE_BYTES));
        TreeSet<NodeId> peers = new TreeSet<>(settings.nodes());
        peers.remove(node.id());
        return reader.read(VOLUME, node.id(), peers, settings.geometry().extentBlocks());
    }

    /** What runs between two boots. */
    final class Software implements VolumeEffects, SimulatedConnections.Listener<Wire> {
        final VolumeEngine engine;
        private final SimulatedConnections<Wire> connections;
        private final MetadataWriter writer;
        private final Deque<Runnable> metadataLane = new ArrayDeque<>();
        private boolean laneBusy;
        private boolean attached;
        private final long bootedIncarnation = node.incarnation();

        private @Nullable Epoch leaseEpoch;
        private long leaseUntilNanos = Long.MIN_VALUE / 2;
        private Epoch givenUp = Epoch.NONE;
        private Epoch promoting = Epoch.NONE;
        private long calls;
        private final Map<Long, SimulatedAuthority.Message.RecordReplica> openCalls =
                new TreeMap<>();
        private final Map<Long, Integer> peerOfCall = new TreeMap<>();

        Software() {
            LoadedMetadata found = loadMetadata();
            writer =
                    new MetadataWriter(
                            layout,
                            found,
                            ByteBuffer.allocate(MetadataLayout.PAGE_BYTES),
                            (offset, page) -> enqueuePage(offset, bytes(page)));
            engine = new VolumeEngine(settings, found.superblock(), byIndex(found), this);
            connections = new SimulatedConnections<>(node, ring, settings.nodes(), random, this);
            clusterRing.bind(node, (from, message) -> clusterSays(message));
            engine.attach(
                    found.hotExtents(),
                    new ControlResult() {
                        @Override
                        public void done() {
                            attached = true;
                        }

                        @Override
                        public void refused(Problem problem) {
                            throw new InvariantViolation(problem.message());
                        }
                    });
            node.after(10 * MILLI, this::tick);
            node.after(simulation.randomNanos(0, 20 * MILLI), this::renewLease);
        }

        private List<BlockBitmap> byIndex(LoadedMetadata found) {
            List<BlockBitmap> bitmaps = new ArrayList<>();
            int slot = 0;
            for (NodeId id : settings.nodes()) {
                bitmaps.add(
                        id.equals(node.id())
                                ? new BlockBitmap(settings.geometry().blocks())
                                : found.bitmaps().get(slot++));
            }
            return bitmaps;
        }

        private void tick() {
            engine.tick(node.nanoTime());
            node.after(10 * MILLI, this::tick);
        }

        // ---- users

        void submit(Request request) {
            engine.submit(request);
        }

        @Override
        public void complete(BlockRequest request, IoStatus status) {
            ((Request) request).told.accept(status);
        }

        @Override
        public void release(BlockRequest request) {
            ((Request) request).stamps = new long[0];
        }

        @Override
        public BlockRequest newResyncRequest() {
            return new Request();
        }

        @Override
        public BlockRequest newFlushRequest() {
            return new Request();
        }

        // ---- disk

        private void afterDiskDelay(Runnable action) {
            node.after(simulation.randomNanos(20_000, 400_000), action);
        }

        @Override
        public void readDisk(BlockRequest request) {
            afterDiskDelay(
                    () -> {
                        ((Request) request).stamps =
                                disk.read(request.offsetBytes(), request.lengthBytes());
                        engine.localDone(request, IoStatus.OK);
                    });
        }

        @Override
        public void writeDisk(BlockRequest request) {
            SimulatedVolumeDisk.Write write =
                    disk.write(request.offsetBytes(), ((Request) request).stamps);
            afterDiskDelay(
                    () -> {
                        disk.answer(write);
                        engine.localDone(request, IoStatus.OK);
                    });
        }

        @Override
        public void flushDisk(BlockRequest request) {
            List<SimulatedVolumeDisk.Write> covered = disk.beginFlush();
            node.after(
                    simulation.randomNanos(100_000, 2 * MILLI),
                    () -> {
                        disk.endFlush(covered);
                        engine.localDone(request, IoStatus.OK);
                    });
        }

        // ---- metadata, one write at a time

        private void enqueuePage(long offset, byte[] page) {
            metadataLane.addLast(() -> node.disk().write(pageFile(offset), 0, page));
            runLane();
        }

        private void runLane() {
            if (laneBusy) {
                return;
            }
            Runnable next = metadataLane.pollFirst();
            if (next == null) {
                return;
            }
            laneBusy = true;
            next.run();
            node.disk()
                    .sync(
                            () -> {
                                laneBusy = false;
                                runLane();
                            });
        }

        /** Runs when everything enqueued before is durable. */
        private void afterLane(Runnable action) {
            metadataLane.addLast(() -> node.after(0, action));
            runLane();
        }

        @Override
        public void writeSuperblock(Superblock superblock) {
            writer.superblock(superblock);
            afterLane(engine::superblockWritten);
        }

        @Override
        public void writeActivityLog(int[] extents) {
            writer.activityLog(extents);
            afterLane(engine::activityLogWritten);
        }

        @Override
        public void writeBitmapPage(int peer, int page, long @Nullable [] words) {
            int slot = peer < settings.nodes().indexOf(node.id()) ? peer : peer - 1;
            writer.bitmapPage(slot, page, words == null ? null : words.clone());
        }

        // ---- peers

        private NodeId peer(int index) {
            return settings.nodes().get(index);
        }

        private int index(NodeId peer) {
            return settings.nodes().indexOf(peer);
        }

        @Override
        public void send(int peer, PeerMessage message) {
            connections.send(peer(peer), new Wire.Control(message));
        }

        @Override
        public void sendWrite(int peer, BlockRequest request, Epoch epoch, long confirmed) {
            connections.send(
                    peer(peer),
                    new Wire.Write(
                            false,
                            epoch,
                            request.sequence(),
                            confirmed,
                            request.offsetBytes(),
                            ((Request) request).stamps,
                            request.missing()));
        }

        @Override
        public void sendResyncWrite(int peer, BlockRequest request) {
            connections.send(
                    peer(peer),
                    new Wire.Write(
                            true,
                            Epoch.NONE,
                            request.sequence(),
                            0,
                            request.offsetBytes(),
                            ((Request) request).stamps,
                            0));
        }

        @Override
        public void sendDigests(int peer, BlockRequest request) {
            connections.send(
                    peer(peer),
                    new Wire.Digests(
                            request.sequence(), request.offsetBytes(), ((Request) request).stamps));
        }

        @Override
        public void sendDigestsCompared(int peer, BlockRequest request, IoStatus status) {
            connections.send(
                    peer(peer),
                    new Wire.DigestsCompared(
                            request.sequence(), ((Request) request).differing(), status));
        }

        @Override
        public void reconnect(int peer) {
            throw new AssertionError("nobody stands alone here");
        }

        @Override
        public void sendReceived(int peer, long sequence) {
            connections.send(peer(peer), new Wire.Received(sequence));
        }

        @Override
        public void sendWritten(int peer, boolean resync, long sequence, IoStatus status) {
            connections.send(peer(peer), new Wire.Written(resync, sequence, status));
        }

        @Override
        public void sendFlush(int peer, long round, long confirmed) {
            connections.send(peer(peer), new Wire.Flush(round, confirmed));
        }

        @Override
        public void sendFlushed(int peer, long round, IoStatus status) {
            connections.send(peer(peer), new Wire.Flushed(round, status));
        }

        @Override
        public void disconnect(int peer, long session, String reason, boolean standAlone) {
            simulation.note(node.id() + " drops " + peer(peer) + ": " + reason);
            Invariant.check(!standAlone, "%s stands alone: %s", node.id(), reason);
            connections.disconnect(peer(peer), session, standAlone);
        }

        @Override
        public void connected(NodeId peer, long session) {
            simulation.note(node.id() + " is connected to " + peer);
            engine.connected(index(peer), session);
        }

        @Override
        public void disconnected(NodeId peer, long session) {
            simulation.note(node.id() + " lost " + peer);
            engine.disconnected(index(peer), session);
        }

        @Override
        public void received(NodeId from, long session, Wire message) {
            int peer = index(from);
            switch (message) {
                case Wire.Control(PeerMessage control) -> engine.received(peer, session, control);
                case Wire.Write write -> {
                    Request request = new Request();
                    request.stamps = write.stamps();
                    request.preparePeerWrite(
                            write.resync()
                                    ? BlockRequest.Kind.PEER_RESYNC_WRITE
                                    : BlockRequest.Kind.PEER_WRITE,
                            write.sequence(),
                            write.offset(),
                            write.stamps().length * VolumeGeometry.SECTOR_BYTES,
                            write.missing());
                    engine.peerWrite(peer, session, request, write.epoch(), write.confirmed());
                }
                case Wire.Digests digests -> {
                    Request request = new Request();
                    request.expected = digests.stamps();
                    request.prepareDigestRead(
                            digests.sequence(),
                            digests.offset(),
                            digests.stamps().length * VolumeGeometry.SECTOR_BYTES);
                    engine.peerDigests(peer, session, request);
                }
                case Wire.DigestsCompared(long sequence, long differing, IoStatus status) ->
                        engine.digestsCompared(peer, session, sequence, differing, status);
                case Wire.Received(long sequence) -> engine.peerReceived(peer, session, sequence);
                case Wire.Written(boolean resync, long sequence, IoStatus status) ->
                        engine.peerWritten(peer, session, resync, sequence, status);
                case Wire.Flush(long round, long confirmed) ->
                        engine.peerFlush(peer, session, round, confirmed);
                case Wire.Flushed(long round, IoStatus status) ->
                        engine.peerFlushed(peer, session, round, status);
            }
        }

        // ---- the cluster

        private void renewLease() {
            DiskState state = engine.disk();
            boolean usable =
                    attached && (state == DiskState.CONSISTENT || state == DiskState.UP_TO_DATE);
            Epoch held = leaseEpoch;
            // Primary under an older epoch is not what the cluster waits for.
            boolean primary =
                    engine.role() == Role.PRIMARY
                            && (held == null || held.compareTo(engine.knownEpoch()) <= 0);
            clusterRing.send(
                    node.id(),
                    SimulatedAuthority.NAME,
                    new SimulatedAuthority.Message.Renew(
                            bootedIncarnation, node.nanoTime(), primary, usable));
            openCalls
                    .values()
                    .forEach(c -> clusterRing.send(node.id(), SimulatedAuthority.NAME, c));
            node.after(SimulatedAuthority.RENEWAL_NANOS / 2, this::renewLease);
        }

        private void clusterSays(SimulatedAuthority.Message message) {
            switch (message) {
                case SimulatedAuthority.Message.Renewed renewed -> {
                    if (renewed.incarnation() == bootedIncarnation && renewed.holds() != null) {
                        long until =
                                renewed.sentNanos() + SimulatedAuthority.PROMISE_NANOS * 98 / 100;
                        leaseUpTo(renewed.holds(), until);
                    }
                }
                case SimulatedAuthority.Message.Promote(long incarnation, Epoch epoch) -> {
                    if (incarnation == bootedIncarnation && attached) {
                        promote(epoch);
                    }
                }
                case SimulatedAuthority.Message.Demote(long incarnation, Epoch epoch) -> {
                    if (incarnation == bootedIncarnation && attached) {
                        demote(epoch);
                    }
                }
                case SimulatedAuthority.Message.Recorded(long call, boolean done) -> {
                    if (openCalls.remove(call) != null) {
                        int peer = java.util.Objects.requireNonNull(peerOfCall.remove(call));
                        engine.recorded(peer, done);
                    }
                }
                default -> throw new AssertionError(message);
            }
        }

        /** Answers may overtake each other. */
        private void leaseUpTo(Epoch epoch, long untilNanos) {
            int order = leaseEpoch == null ? 1 : epoch.compareTo(leaseEpoch);
            if (order > 0 || (order == 0 && untilNanos > leaseUntilNanos)) {
                leaseEpoch = epoch;
                leaseUntilNanos = untilNanos;
            }
        }

        private void promote(Epoch epoch) {
            if (epoch.compareTo(givenUp) <= 0) {
                giveUp(epoch);
                return;
            }
            if (epoch.compareTo(promoting) <= 0) {
                return;
            }
            promoting = epoch;
            engine.promote(
                    epoch,
                    false,
                    new ControlResult() {
                        @Override
                        public void done() {
                            simulation.note(node.id() + " is Primary under epoch " + epoch);
                            observer.promoted(SimulatedReplica.this, epoch);
                        }

                        @Override
                        public void refused(Problem problem) {
                            simulation.note(node.id() + " refuses: " + problem.why());
                            giveUp(epoch);
                        }
                    });
        }

        private void demote(Epoch epoch) {
            engine.demote(
                    new ControlResult() {
                        @Override
                        public void done() {
                            giveUp(epoch);
                        }

                        @Override
                        public void refused(Problem problem) {
                            // Busy; the order is repeated.
                        }
                    });
        }

        private void giveUp(Epoch epoch) {
            givenUp = epoch.compareTo(givenUp) > 0 ? epoch : givenUp;
            clusterRing.send(
                    node.id(),
                    SimulatedAuthority.NAME,
                    new SimulatedAuthority.Message.GivenUp(epoch));
        }

        @Override
        public boolean mayAct(Epoch epoch) {
            return epoch.equals(leaseEpoch) && node.nanoTime() < leaseUntilNanos;
        }

        @Override
        public void recordOutdated(int peer, Epoch epoch) {
            call(peer, epoch, false);
        }

        @Override
        public void recordUpToDate(int peer, Epoch epoch) {
            call(peer, epoch, true);
        }

        private void call(int peer, Epoch epoch, boolean upToDate) {
            long call = ++calls;
            SimulatedAuthority.Message.RecordReplica record =
                    new SimulatedAuthority.Message.RecordReplica(
                            bootedIncarnation, call, epoch, peer(peer), upToDate);
            openCalls.put(call, record);
            peerOfCall.put(call, peer);
            clusterRing.send(node.id(), SimulatedAuthority.NAME, record);
        }

        @Override
        public long newGeneration() {
            return random.getAsLong();
        }

        @Override
        public void stateChanged() {}

        @Override
        public void report(Problem problem) {
            simulation.note(node.id() + " reports: " + problem.message());
        }

        @Override
        public void happened(VolumeEvent event, int peer) {
            Invariant.check(
                    event != VolumeEvent.OUT_OF_SYNC,
                    "%s verified blocks that differ from those of %s",
                    node.id(),
                    peer(peer));
        }
    }
}
