package io.holdfast.replication.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.replication.codec.PeerFrame;
import io.holdfast.replication.codec.PeerFrameChecksums;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.BlockRequest.Kind;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicaReport;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.SplitBrainPolicies;
import io.holdfast.replication.volume.IoStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on loopback addresses; a has the lower name and so connects. */
@Timeout(60)
class PeerNetworkTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final int INDEX_OF_A = 0;
    private static final int INDEX_OF_B = 1;
    private static final byte[] SECRET = "what only we know".getBytes(UTF_8);
    private static final NetOptions QUICK = new NetOptions(Protocol.C, 40, 1_000, 50);
    private static final long QUIET_MILLIS = 250;
    private static final VolumeId VOLUME = new VolumeId("r0");

    private final List<AutoCloseable> closeables = new ArrayList<>();
    private final Recorder atA = new Recorder();
    private final Recorder atB = new Recorder();
    private VolumeConfig volume = volume(VOLUME, List.of());

    @BeforeEach
    void chooseFreePorts() throws IOException {
        volume = volume(VOLUME, List.of(freePort("127.0.0.2"), freePort("127.0.0.4")));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : closeables.reversed()) {
            closeable.close();
        }
    }

    // ---- what arrives

    @Test
    void everyMessageArrivesInOrder() throws Exception {
        Pair pair = connectedPair();
        List<PeerMessage> messages = messages();
        messages.forEach(m -> pair.a.send(INDEX_OF_B, pair.sessionAtA, m));
        messages.forEach(m -> pair.b.send(INDEX_OF_A, pair.sessionAtB, m));
        for (PeerMessage message : messages) {
            assertThat(atA.next())
                    .usingRecursiveComparison()
                    .isEqualTo(new Event.Received(INDEX_OF_B, pair.sessionAtA, message));
            assertThat(atB.next())
                    .usingRecursiveComparison()
                    .isEqualTo(new Event.Received(INDEX_OF_A, pair.sessionAtB, message));
        }
    }

    @Test
    void acknowledgementsAndFlushesArriveInOrder() throws Exception {
        Pair pair = connectedPair();
        long session = pair.sessionAtA;
        pair.a.sendReceived(INDEX_OF_B, session, 1);
        pair.a.sendWritten(INDEX_OF_B, session, false, 2, IoStatus.OK);
        pair.a.sendWritten(INDEX_OF_B, session, true, 3, IoStatus.NO_SPACE);
        pair.a.sendFlush(INDEX_OF_B, session, -4, 5);
        pair.a.sendFlushed(INDEX_OF_B, session, 6, IoStatus.MEDIUM_ERROR);
        assertThat(atB.next(5))
                .containsExactly(
                        new Event.Acknowledged("received #1"),
                        new Event.Acknowledged("written #2 OK"),
                        new Event.Acknowledged("resync written #3 NO_SPACE"),
                        new Event.Acknowledged("flush -4 confirmed 5"),
                        new Event.Acknowledged("flushed 6 MEDIUM_ERROR"));
    }

    @Test
    void digestsAndTheirAnswersArrive() throws Exception {
        Pair pair = connectedPair();
        IoBlock block = block(Kind.RESYNC_READ, 7, 3 * 4096);
        block.digest();
        pair.a.sendDigests(INDEX_OF_B, pair.sessionAtA, block);
        pair.b.sendDigestsCompared(INDEX_OF_A, pair.sessionAtB, 7, 0b101, IoStatus.OK);
        assertThat(atB.next())
                .isEqualTo(new Event.Acknowledged("digests DIGEST_READ #7 at 28672+12288 48"));
        assertThat(atA.next()).isEqualTo(new Event.Acknowledged("compared 7 5 OK"));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 4608, 65_536, 131_072, PeerFrame.MAX_DATA_BYTES})
    void dataArrivesAsItWas(int lengthBytes) throws Exception {
        Pair pair = connectedPair();
        IoBlock write = block(Kind.PEER_WRITE, 17, lengthBytes);
        IoBlock resync = block(Kind.PEER_RESYNC_WRITE, 18, lengthBytes);
        pair.a.sendWrite(INDEX_OF_B, pair.sessionAtA, write, new Epoch(3), 16);
        pair.a.sendResyncWrite(INDEX_OF_B, pair.sessionAtA, resync);
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA, 1);
        assertThat(atB.next()).isEqualTo(Event.Written.of(write, new Epoch(3), 16));
        assertThat(atB.next()).isEqualTo(Event.Written.of(resync, Epoch.NONE, 0));
        assertThat(atB.next()).isEqualTo(new Event.Acknowledged("received #1"));
    }

    @Test
    void muchInBothDirectionsArrivesAsItWas() throws Exception {
        Pair pair = connectedPair();
        int frames = 500;
        List<IoBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            blocks.add(block(Kind.PEER_WRITE, i, 512 << i % 9));
        }
        for (int i = 0; i < frames; i++) {
            IoBlock block = blocks.get(i % blocks.size());
            pair.a.sendWrite(INDEX_OF_B, pair.sessionAtA, block, Epoch.NONE, i);
            pair.b.sendWrite(INDEX_OF_A, pair.sessionAtB, block, Epoch.NONE, i);
            pair.b.sendReceived(INDEX_OF_A, pair.sessionAtB, i);
        }
        for (int i = 0; i < frames; i++) {
            IoBlock block = blocks.get(i % blocks.size());
            assertThat(atB.next()).isEqualTo(Event.Written.of(block, Epoch.NONE, i));
            assertThat(atA.next()).isEqualTo(Event.Written.of(block, Epoch.NONE, i));
            assertThat(atA.next()).isEqualTo(new Event.Acknowledged("received #" + i));
        }
    }

    @Test
    void quietConnectionsStay() throws Exception {
        connectedPair();
        Thread.sleep(3L * QUICK.pingTimeoutMillis());
        assertThat(atA.events).isEmpty();
        assertThat(atB.events).isEmpty();
    }

    @Test
    void aPeerThatWaitsForMemoryIsNotTakenForSilent() throws Exception {
        Pair pair = connectedPair();
        atB.freeBlocks.drainPermits();
        IoBlock block = block(Kind.PEER_WRITE, 1, PeerFrame.MAX_DATA_BYTES);
        for (int i = 0; i < 16; i++) {
            pair.a.sendWrite(INDEX_OF_B, pair.sessionAtA, block, Epoch.NONE, i);
        }
        Thread.sleep(3L * QUICK.pingTimeoutMillis());
        atB.freeBlocks.release(16);
        for (int i = 0; i < 16; i++) {
            assertThat(atB.next()).isEqualTo(Event.Written.of(block, Epoch.NONE, i));
        }
        assertThat(atA.events).isEmpty();
    }

    // ---- how sessions end

    @Test
    void theEndIsToldOnceAndAnotherSessionComesAfterIt() throws Exception {
        Pair pair = connectedPair();
        pair.b.close();
        assertThat(atB.next()).isInstanceOf(Event.Disconnected.class);
        assertThat(atA.next()).isEqualTo(new Event.Disconnected(INDEX_OF_B, pair.sessionAtA));
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA, 1);

        start(B, SECRET, atB);
        assertThat(atA.awaitConnected()).isGreaterThan(pair.sessionAtA);
        assertThat(atB.awaitConnected()).isGreaterThan(pair.sessionAtB);
        atA.assertQuiet();
        atB.assertQuiet();
    }

    @Test
    void whatIsSentToAnotherSessionIsDropped() throws Exception {
        Pair pair = connectedPair();
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA - 1, 1);
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA + 1, 2);
        pair.a.disconnect(INDEX_OF_B, pair.sessionAtA - 1, false);
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA, 3);
        assertThat(atB.next()).isEqualTo(new Event.Acknowledged("received #3"));
        atA.assertQuiet();
    }

    @Test
    void whatWasSaidBeforeDisconnectingStillArrives() throws Exception {
        Pair pair = connectedPair();
        PeerMessage last = new PeerMessage.EpochOver(new Epoch(9));
        pair.a.send(INDEX_OF_B, pair.sessionAtA, last);
        pair.a.disconnect(INDEX_OF_B, pair.sessionAtA, true);
        pair.a.sendReceived(INDEX_OF_B, pair.sessionAtA, 1);
        assertThat(atB.next()).isEqualTo(new Event.Received(INDEX_OF_A, pair.sessionAtB, last));
        assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, pair.sessionAtB));
        assertThat(atA.next()).isEqualTo(new Event.Disconnected(INDEX_OF_B, pair.sessionAtA));
    }

    @Test
    void blocksAreNotSentAfterDisconnectingNorWhatCameBehindThem() throws Exception {
        Pair pair = connectedPair();
        atB.freeBlocks.drainPermits();
        IoBlock block = block(Kind.PEER_WRITE, 1, PeerFrame.MAX_DATA_BYTES);
        for (int i = 0; i < 64; i++) {
            pair.a.sendWrite(INDEX_OF_B, pair.sessionAtA, block, Epoch.NONE, i);
        }
        pair.a.sendFlush(INDEX_OF_B, pair.sessionAtA, 1, 0);
        pair.a.disconnect(INDEX_OF_B, pair.sessionAtA, true);
        // From here on the block is somebody else's: none of this may arrive as the write's data.
        ByteBuffer reused = block.data.duplicate();
        while (reused.hasRemaining()) {
            reused.put((byte) 0x5A);
        }
        atB.freeBlocks.release(64);
        IoBlock original = block(Kind.PEER_WRITE, 1, PeerFrame.MAX_DATA_BYTES);
        Event event = atB.next();
        for (int i = 0; event instanceof Event.Written; i++) {
            assertThat(event).isEqualTo(Event.Written.of(original, Epoch.NONE, i));
            event = atB.next();
        }
        assertThat(event).isEqualTo(new Event.Disconnected(INDEX_OF_A, pair.sessionAtB));
        assertThat(atB.blocksOut).hasValue(0);
    }

    @Test
    void aPeerThatStandsAloneIsNotConnectedUntilAsked() throws Exception {
        Pair pair = connectedPair();
        pair.b.disconnect(INDEX_OF_A, pair.sessionAtB, true);
        assertThat(atA.next()).isInstanceOf(Event.Disconnected.class);
        assertThat(atB.next()).isInstanceOf(Event.Disconnected.class);
        atA.assertQuiet();
        atB.assertQuiet();
        pair.b.reconnect(INDEX_OF_A);
        atA.awaitConnected();
        atB.awaitConnected();
        assertThat(atA.problems).isEmpty();
        assertThat(atB.problems).isEmpty();
    }

    @Test
    void whoIsNoMemberIsDisconnectedAtOnceAndConnectedWhenItIsBack() throws Exception {
        Pair pair = connectedPair();
        pair.a.members(Set.of(A));
        assertThat(atA.next()).isEqualTo(new Event.Disconnected(INDEX_OF_B, pair.sessionAtA));
        assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, pair.sessionAtB));
        atA.assertQuiet();
        pair.a.members(Set.of(A, B));
        atA.awaitConnected();
        atB.awaitConnected();
    }

    @Test
    void aSilentPeerIsGivenUp() throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel silent = provenAsA()) {
            long session = atB.awaitConnected();
            long before = System.nanoTime();
            assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, session));
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(atB.lastReason).contains("said nothing for 1000 ms");
            assertThat(silent.isOpen()).isTrue();
        }
    }

    @Test
    void aSilentPeerThatTheClusterDoesNotHearEitherIsGivenUpSooner() throws Exception {
        PeerNetwork b = start(B, SECRET, atB);
        try (SocketChannel silent = provenAsA()) {
            long session = atB.awaitConnected();
            b.heard(A, addressOf(silent), false);
            assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, session));
            assertThat(atB.lastReason).contains("said nothing for 400 ms");
        }
    }

    @Test
    void aPeerThatTalksStaysThoughTheClusterDoesNotHearIt() throws Exception {
        Pair pair = connectedPair();
        Endpoint ofB = volume.replicas().get(INDEX_OF_B).endpoints().getFirst();
        pair.a.heard(B, InetAddress.ofLiteral(ofB.address()), false);
        atA.assertQuiet();
    }

    @Test
    void aPathOverWhichTheClusterHearsNothingIsTriedLast() throws Exception {
        Endpoint first = volume.replicas().get(INDEX_OF_B).endpoints().getFirst();
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.bind(new InetSocketAddress(first.address(), first.port()));
            PeerNetwork a = network(volume, A, SECRET, atA);
            a.heard(B, InetAddress.ofLiteral(first.address()), false);
            start(B, SECRET, atB);
            // Else the first attempt finds nobody there, and the silent path is tried after all.
            awaitListener(volume.replicas().get(INDEX_OF_B).endpoints().get(1));
            a.start();
            atA.awaitConnected();
            deaf.setSoTimeout(1);
            assertThatThrownBy(deaf::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void awaitListener(Endpoint endpoint) throws InterruptedException {
        while (true) {
            try (SocketChannel _ =
                    SocketChannel.open(
                            new InetSocketAddress(endpoint.address(), endpoint.port()))) {
                return;
            } catch (IOException e) {
                Thread.sleep(5);
            }
        }
    }

    private static InetAddress addressOf(SocketChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    }

    @Test
    void aPeerThatComesAnewReplacesItsOldConnection() throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel first = provenAsA()) {
            long firstSession = atB.awaitConnected();
            try (SocketChannel second = provenAsA()) {
                assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, firstSession));
                assertThat(atB.awaitConnected()).isGreaterThan(firstSession);
                assertThat(second.isOpen()).isTrue();
            }
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void anOldConnectionThatWaitsForMemoryIsReplacedToo() throws Exception {
        start(B, SECRET, atB);
        atB.freeBlocks.drainPermits();
        try (SocketChannel first = provenAsA()) {
            long firstSession = atB.awaitConnected();
            writeAll(first, dataFrame());
            try (SocketChannel second = provenAsA()) {
                assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, firstSession));
                atB.awaitConnected();
                assertThat(second.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 44, 47, 48, 52, 60, 5000})
    void aFlippedBitEndsTheConnectionAndIsReported(int at) throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel peer = provenAsA()) {
            long session = atB.awaitConnected();
            ByteBuffer frame = dataFrame();
            frame.put(at, (byte) (frame.get(at) ^ 1));
            writeAll(peer, frame);
            assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, session));
            assertThat(atB.lastReason).contains("checksum");
            assertThat(atB.nextProblem().why()).contains("checksum");
            assertThat(atB.blocksOut).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 47, 48, 55, 56, 100, 8000})
    void aFrameThatIsCutOffGivesItsBlockBack(int length) throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel peer = provenAsA()) {
            long session = atB.awaitConnected();
            writeAll(peer, dataFrame().limit(length));
            peer.shutdownOutput();
            assertThat(atB.next()).isEqualTo(new Event.Disconnected(INDEX_OF_A, session));
            assertThat(atB.blocksOut).hasValue(0);
        }
    }

    // ---- who is let in

    @Test
    void aPeerWithAnotherSecretIsRefusedAndReportedOnce() throws Exception {
        volume = volume(VOLUME, List.of(freePort("127.0.0.2")));
        start(B, SECRET, atB);
        start(A, "something else".getBytes(UTF_8), atA);
        Problem problem = atB.nextProblem();
        assertThat(problem.object()).contains("127.0.0.1");
        assertThat(problem.why()).contains("secret");
        assertThat(problem.remedy()).contains("cluster key");
        assertThat(atA.nextProblem().why()).contains("the peer refused").contains("secret");
        assertNothingComes();
    }

    @Test
    void aPeerOfAnotherVolumeIsRefusedAndReportedOnce() throws Exception {
        List<Endpoint> endpoints = List.of(freePort("127.0.0.2"));
        volume = volume(VOLUME, endpoints);
        start(B, SECRET, atB);
        start(volume(new VolumeId("r1"), endpoints), A, SECRET, atA);
        assertThat(atB.nextProblem().why()).contains("r1").contains("r0");
        assertThat(atA.nextProblem().remedy()).contains("drbd.conf");
        assertNothingComes();
    }

    @Test
    void aNodeThatHasNoReplicaIsRefused() throws Exception {
        start(B, SECRET, atB);
        PeerHandshake stranger = new PeerHandshake(VOLUME, new NodeId("c"), SECRET);
        try (SocketChannel channel = connectToB()) {
            assertThat(refusal(channel, stranger, B)).contains("not the node");
        }
        PeerHandshake lost = new PeerHandshake(VOLUME, A, SECRET);
        try (SocketChannel channel = connectToB()) {
            assertThat(refusal(channel, lost, new NodeId("d"))).contains("not the node");
        }
        assertThat(atB.nextProblem().why()).contains("node c");
        assertThat(atB.nextProblem().why()).contains("looks for node d");
        atB.assertQuiet();
    }

    @Test
    void whateverElseComesToThePortIsRefusedAndReported() throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel channel = connectToB()) {
            writeAll(channel, ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8)));
            assertThat(atB.nextProblem().why()).contains("does not speak");
        }
        atB.assertQuiet();
    }

    @Test
    void whoDoesNotProveItselfInTimeIsClosed() throws Exception {
        start(B, SECRET, atB);
        try (SocketChannel channel = connectToB()) {
            long before = System.nanoTime();
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(System.nanoTime() - before)
                    .isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(4));
        }
        atB.assertQuiet();
    }

    @Test
    void whenTheFirstPathIsCutTheSecondIsTaken() throws Exception {
        ReplicaConfig ofB = volume.replicas().get(INDEX_OF_B);
        Endpoint deaf = freePort("127.0.0.2");
        List<Endpoint> brokenFirst = List.of(deaf, ofB.endpoints().get(1));
        start(B, SECRET, atB);
        start(volume(VOLUME, brokenFirst), A, SECRET, atA);
        atA.awaitConnected();
        atB.awaitConnected();
    }

    @Test
    void anAddressThatIsNotOursIsReported() throws Exception {
        VolumeConfig elsewhere = volume(VOLUME, List.of(new Endpoint("192.0.2.1", 7788)));
        start(elsewhere, B, SECRET, atB);
        Problem problem = atB.nextProblem();
        assertThat(problem.object()).contains("192.0.2.1");
        assertThat(problem.remedy()).contains("this node's");
    }

    // ---- the two nodes

    private record Pair(PeerNetwork a, long sessionAtA, PeerNetwork b, long sessionAtB) {}

    private Pair connectedPair() throws InterruptedException {
        PeerNetwork b = start(B, SECRET, atB);
        PeerNetwork a = start(A, SECRET, atA);
        return new Pair(a, atA.awaitConnected(), b, atB.awaitConnected());
    }

    private PeerNetwork network(
            VolumeConfig config, NodeId self, byte[] secret, PeerEvents events) {
        PeerNetwork network = new PeerNetwork(config, self, secret, events);
        closeables.add(network);
        return network;
    }

    private PeerNetwork start(NodeId self, byte[] secret, PeerEvents events) {
        return start(volume, self, secret, events);
    }

    private PeerNetwork start(VolumeConfig config, NodeId self, byte[] secret, PeerEvents events) {
        PeerNetwork network = network(config, self, secret, events);
        network.start();
        return network;
    }

    private void assertNothingComes() throws InterruptedException {
        atA.assertQuiet();
        atB.assertQuiet();
        assertThat(atA.problems).isEmpty();
        assertThat(atB.problems).isEmpty();
    }

    private static VolumeConfig volume(VolumeId id, List<Endpoint> ofB) {
        List<Endpoint> ofA = List.of(new Endpoint("127.0.0.1", 1), new Endpoint("127.0.0.3", 1));
        return new VolumeConfig(
                id,
                "/dev/drbd0",
                List.of(replica(A, ofA), replica(B, ofB)),
                QUICK,
                DiskOptions.DEFAULT);
    }

    private static ReplicaConfig replica(NodeId node, List<Endpoint> endpoints) {
        return new ReplicaConfig(node, Path.of("/nowhere"), new MetaDisk.Internal(), endpoints);
    }

    private static Endpoint freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            return new Endpoint(address, socket.getLocalPort());
        }
    }

    // ---- a peer by hand

    private SocketChannel connectToB() throws Exception {
        Endpoint endpoint = volume.replicas().get(INDEX_OF_B).endpoints().getFirst();
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral(endpoint.address()), endpoint.port());
        while (true) {
            try {
                return SocketChannel.open(address);
            } catch (IOException e) {
                Thread.sleep(5); // B does not listen yet.
            }
        }
    }

    private SocketChannel provenAsA() throws Exception {
        SocketChannel channel = connectToB();
        new PeerHandshake(VOLUME, A, SECRET).connect(channel, B);
        return channel;
    }

    private static String refusal(SocketChannel channel, PeerHandshake handshake, NodeId peer)
            throws Exception {
        try {
            handshake.connect(channel, peer);
        } catch (PeerHandshake.RefusedException e) {
            return e.why();
        }
        throw new AssertionError("it was let in");
    }

    private static ByteBuffer dataFrame() {
        IoBlock block = block(Kind.PEER_WRITE, 1, 8192);
        ByteBuffer frame = ByteBuffer.allocate(PeerFrame.HEAD_BYTES + 8 + 8192);
        PeerFrame.write(1, 0, 8192, 0, Epoch.NONE, 0).encode(frame);
        PeerFrameChecksums.encode(block.data, frame);
        return frame.put(block.data).flip();
    }

    private static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** With content that its length and sequence decide. */
    private static IoBlock block(Kind kind, long sequence, int lengthBytes) {
        IoBlock block = new IoBlock(AlignedBufferPool.allocate(PeerFrame.MAX_DATA_BYTES));
        byte[] content = new byte[lengthBytes];
        new Random(sequence).nextBytes(content);
        block.data.put(content).flip();
        block.preparePeerWrite(kind, sequence, sequence * 4096, lengthBytes, 0b10100);
        return block;
    }

    private static List<PeerMessage> messages() {
        NodeId node = new NodeId("c");
        return List.of(
                new PeerMessage.Report(
                        new ReplicaReport(
                                Role.PRIMARY,
                                new Epoch(7),
                                DiskState.UP_TO_DATE,
                                1 << 20,
                                1,
                                6,
                                List.of(1L, 3L),
                                2,
                                List.of(3L, 4L),
                                5,
                                true,
                                false,
                                false,
                                true,
                                SplitBrainPolicies.ASK)),
                new PeerMessage.BitmapPage(
                        3, new Random(1).longs(BlockBitmap.PAGE_WORDS).toArray()),
                new PeerMessage.BitmapEnd(),
                new PeerMessage.StartResync(1),
                new PeerMessage.ResyncFinished(2, List.of(3L)),
                new PeerMessage.ResyncAccepted(4),
                new PeerMessage.PromoteEpoch(new Epoch(5)),
                new PeerMessage.EpochAccepted(new Epoch(6), 7, DiskState.CONSISTENT),
                new PeerMessage.EpochOver(new Epoch(8)),
                new PeerMessage.StateChanged(Role.SECONDARY, DiskState.FAILED),
                new PeerMessage.NewGeneration(
                        9, List.of(8L), List.of(new PeerMessage.NewGeneration.Missing(node, 10))),
                new PeerMessage.GenerationAccepted(11),
                new PeerMessage.FlushStable(12),
                new PeerMessage.ReplicaInSync(node),
                new PeerMessage.DeclareEqual(13),
                new PeerMessage.EqualDeclared(14));
    }

    // ---- what a node was told

    private sealed interface Event {
        record Connected(int peer, long session) implements Event {}

        record Disconnected(int peer, long session) implements Event {}

        record Received(int peer, long session, PeerMessage message) implements Event {}

        record Acknowledged(String what) implements Event {}

        record Written(
                Kind kind,
                long sequence,
                long offsetBytes,
                int missing,
                ByteBuffer data,
                Epoch epoch,
                long confirmedSequence)
                implements Event {
            static Written of(IoBlock block, Epoch epoch, long confirmedSequence) {
                ByteBuffer copy = ByteBuffer.allocate(block.lengthBytes());
                copy.put(block.data.duplicate()).flip();
                return new Written(
                        block.kind(),
                        block.sequence(),
                        block.offsetBytes(),
                        block.missing(),
                        copy,
                        epoch,
                        confirmedSequence);
            }
        }
    }

    private static final class Recorder implements PeerEvents {
        final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        final BlockingQueue<Problem> problems = new LinkedBlockingQueue<>();
        final Semaphore freeBlocks = new Semaphore(1_000_000);
        final AtomicInteger blocksOut = new AtomicInteger();
        volatile String lastReason = "";

        Event next() throws InterruptedException {
            Event event = events.poll(5, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("nothing came");
            }
            return event;
        }

        List<Event> next(int count) throws InterruptedException {
            List<Event> all = new ArrayList<>();
            while (all.size() < count) {
                all.add(next());
            }
            return all;
        }

        long awaitConnected() throws InterruptedException {
            Event event = next();
            if (event instanceof Event.Connected(int _, long session)) {
                return session;
            }
            throw new AssertionError("not connected but " + event);
        }

        Problem nextProblem() throws InterruptedException {
            Problem problem = problems.poll(5, TimeUnit.SECONDS);
            if (problem == null) {
                throw new AssertionError("no problem was told");
            }
            return problem;
        }

        void assertQuiet() throws InterruptedException {
            assertThat(events.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)).isNull();
        }

        @Override
        public IoBlock takeBlock(int lengthBytes) throws InterruptedException {
            freeBlocks.acquire();
            blocksOut.incrementAndGet();
            return new IoBlock(AlignedBufferPool.allocate(PeerFrame.MAX_DATA_BYTES));
        }

        @Override
        public void giveBack(IoBlock block) {
            blocksOut.decrementAndGet();
        }

        @Override
        public void connected(int peer, long session) {
            events.add(new Event.Connected(peer, session));
        }

        @Override
        public void disconnected(int peer, long session, String reason) {
            lastReason = reason;
            events.add(new Event.Disconnected(peer, session));
        }

        @Override
        public void received(int peer, long session, PeerMessage message) {
            events.add(new Event.Received(peer, session, message));
        }

        @Override
        public void peerWrite(
                int peer, long session, IoBlock block, Epoch epoch, long confirmedSequence) {
            blocksOut.decrementAndGet();
            events.add(Event.Written.of(block, epoch, confirmedSequence));
        }

        @Override
        public void peerDigests(int peer, long session, IoBlock block) {
            events.add(
                    new Event.Acknowledged(
                            "digests " + block + " " + block.expectedDigests.length));
        }

        @Override
        public void digestsCompared(
                int peer, long session, long sequence, long differing, IoStatus status) {
            events.add(
                    new Event.Acknowledged(
                            "compared " + sequence + " " + differing + " " + status));
        }

        @Override
        public void peerReceived(int peer, long session, long sequence) {
            events.add(new Event.Acknowledged("received #" + sequence));
        }

        @Override
        public void peerWritten(
                int peer, long session, boolean resync, long sequence, IoStatus status) {
            String what = (resync ? "resync written #" : "written #") + sequence + " " + status;
            events.add(new Event.Acknowledged(what));
        }

        @Override
        public void peerFlush(int peer, long session, long round, long confirmedSequence) {
            events.add(
                    new Event.Acknowledged("flush " + round + " confirmed " + confirmedSequence));
        }

        @Override
        public void peerFlushed(int peer, long session, long round, IoStatus status) {
            events.add(new Event.Acknowledged("flushed " + round + " " + status));
        }

        @Override
        public void report(Problem problem) {
            problems.add(problem);
        }
    }
}
