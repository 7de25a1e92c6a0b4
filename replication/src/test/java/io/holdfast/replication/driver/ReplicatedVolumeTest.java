package io.holdfast.replication.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.ProblemException;
import io.holdfast.replication.core.ConnectionState;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in one process, on real files and loopback sockets. */
class ReplicatedVolumeTest {
    private static final int BLOCK = 4096;

    @TempDir Path directory;
    private final TestNode.Cluster cluster = new TestNode.Cluster();
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() throws Exception {
        List<TestNode> nodes = TestNode.create(directory, cluster, Protocol.C, "a", "b");
        a = nodes.get(0).start();
        b = nodes.get(1).start();
        TestNode.await("connected", () -> a.peer().connection() == ConnectionState.CONNECTED);
        TestNode.await("connected", () -> b.peer().connection() == ConnectionState.CONNECTED);
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    private void declareEqual() throws Exception {
        TestNode.await("compared", () -> a.peer().disk() == DiskState.INCONSISTENT);
        a.service().newCurrentUuid(TestNode.R0, true);
        TestNode.awaitInSync(a, b);
    }

    @Test
    void freshReplicasAreNotPromotedUntilTheyAreDeclaredEqual() throws Exception {
        assertThatThrownBy(() -> a.promote(1))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Inconsistent")
                .hasMessageContaining("clear-bitmap");
        declareEqual();
        a.promote(1);
        assertThat(a.status().role()).isEqualTo(Role.PRIMARY);
        TestNode.await("b sees the Primary", () -> b.peer().role() == Role.PRIMARY);
    }

    @Test
    void anAcknowledgedWriteIsOnBothDisks() throws Exception {
        declareEqual();
        a.promote(1);
        assertThat(a.write(8 * BLOCK, BLOCK, 7)).isEqualTo(IoStatus.OK);
        assertThat(b.contents()[8 * BLOCK]).isEqualTo((byte) 7);
        assertThat(a.flush()).isEqualTo(IoStatus.OK);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aWriteOfManyMebibytesIsSplitAndReplicated() throws Exception {
        declareEqual();
        a.promote(1);
        assertThat(a.write(3 * BLOCK, 5 << 20, 9)).isEqualTo(IoStatus.OK);
        assertThat(a.contents()).isEqualTo(b.contents());
        assertThat(b.contents()[3 * BLOCK + (5 << 20) - 1]).isEqualTo((byte) 9);
    }

    @Test
    void aPlannedMoveKeepsTheDataAndNeedsNoResync() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, BLOCK, 1);
        a.service().demote(TestNode.R0, false);
        b.promote(2);
        assertThat(b.read(0)).isEqualTo(1);
        assertThat(b.write(0, BLOCK, 2)).isEqualTo(IoStatus.OK);
        assertThat(a.contents()).isEqualTo(b.contents());
        assertThat(b.status().counters().resyncedBytes()).isZero();
    }

    @Test
    void aReturningSecondaryGetsOnlyWhatItMissed() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, 1 << 20, 1);
        a.flush();
        b.kill();
        assertThat(a.write(4 << 20, 3 * BLOCK, 5)).isEqualTo(IoStatus.OK);
        assertThat(cluster.outdated).containsExactly("b");
        assertThat(a.peer().outOfSyncBytes()).isEqualTo(3 * BLOCK);
        b.start();
        TestNode.awaitInSync(a, b);
        assertThat(a.status().counters().resyncedBytes()).isEqualTo(3 * BLOCK);
        TestNode.await("recorded", cluster.outdated::isEmpty);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aKilledPrimaryComesBackAsTargetAndItsUnsentWritesAreGone() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, BLOCK, 1);
        a.kill();
        b.promote(2);
        assertThat(b.read(0)).isEqualTo(1);
        assertThat(b.write(0, BLOCK, 2)).isEqualTo(IoStatus.OK);
        a.start();
        TestNode.awaitInSync(a, b);
        assertThat(a.status().role()).isEqualTo(Role.SECONDARY);
        assertThat(b.status().role()).isEqualTo(Role.PRIMARY);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aResyncThatIsInterruptedGoesOnWhereItWas() throws Exception {
        declareEqual();
        a.promote(1);
        b.kill();
        assertThat(a.write(0, 12 << 20, 3)).isEqualTo(IoStatus.OK);
        for (int i = 0; i < 3; i++) {
            b.start();
            TestNode.await("resyncing", () -> a.status().counters().resyncedBytes() > 0);
            b.kill();
        }
        b.start();
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aReplicaInTheMiddleOfAResyncIsNotPromoted() throws Exception {
        declareEqual();
        a.promote(1);
        b.kill();
        a.write(0, 8 << 20, 3);
        b.start();
        a.kill();
        DiskState disk = b.status().disk();
        if (disk != DiskState.UP_TO_DATE && disk != DiskState.CONSISTENT) {
            assertThatThrownBy(() -> b.promote(2))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("wait for the resync to end");
        }
        a.start();
        a.promote(3);
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void ioIsSuspendedWhileTheLeaseIsOver() throws Exception {
        declareEqual();
        a.promote(1);
        try (OpenVolume volume = a.service().openVolume(TestNode.R0)) {
            cluster.acting = false;
            CompletableFuture<IoStatus> write = TestNode.write(volume, 0, BLOCK, 1);
            Thread.sleep(100);
            assertThat(write).isNotDone();
            assertThat(a.status().suspended()).isTrue();
            cluster.acting = true;
            assertThat(write.get(5, TimeUnit.SECONDS)).isEqualTo(IoStatus.OK);
        }
    }

    @Test
    void aNodeThatLeftTheViewIsDisconnectedAtOnce() throws Exception {
        declareEqual();
        a.promote(1);
        a.service().membersChanged(Set.of(a.id));
        TestNode.await("disconnected", () -> a.peer().connection() != ConnectionState.CONNECTED);
        assertThat(a.write(0, BLOCK, 1)).isEqualTo(IoStatus.OK);
        assertThat(cluster.outdated).containsExactly("b");
        a.service().membersChanged(Set.of(a.id, b.id));
        TestNode.awaitInSync(a, b);
    }

    @Test
    void aVolumeThatWasTakenDownInOrderNeedsNoResync() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, BLOCK, 1);
        a.service().demote(TestNode.R0, false);
        a.service().down(TestNode.R0);
        b.service().down(TestNode.R0);
        assertThat(a.status().up()).isFalse();
        a.service().up(TestNode.R0);
        b.service().up(TestNode.R0);
        TestNode.awaitInSync(a, b);
        b.promote(2);
        assertThat(b.read(0)).isEqualTo(1);
    }

    @Test
    void aDisconnectedPeerStaysAwayUntilItIsConnectedAgain() throws Exception {
        declareEqual();
        a.promote(1);
        a.service().disconnect(TestNode.R0);
        assertThat(a.peer().connection()).isEqualTo(ConnectionState.STANDALONE);
        assertThat(a.write(0, BLOCK, 1)).isEqualTo(IoStatus.OK);
        assertThat(cluster.outdated).containsExactly("b");
        Thread.sleep(200);
        assertThat(a.peer().connection()).isEqualTo(ConnectionState.STANDALONE);
        a.service().connect(TestNode.R0, false);
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void afterASplitBrainBothStandAloneUntilOneIsToldToDiscardItsData() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, BLOCK, 1);
        a.write(BLOCK, BLOCK, 1);
        b.service().disconnect(TestNode.R0);
        TestNode.await("b is lost", () -> a.peer().connection() != ConnectionState.CONNECTED);
        a.write(0, BLOCK, 2);
        b.service().promoteByForce(TestNode.R0, new Epoch(2));
        b.write(5 * BLOCK, BLOCK, 3);
        a.service().demote(TestNode.R0, false);
        b.service().connect(TestNode.R0, false);
        TestNode.await("a stands alone", () -> a.peer().connection() == ConnectionState.STANDALONE);
        TestNode.await("b stands alone", () -> b.peer().connection() == ConnectionState.STANDALONE);
        assertThat(a.status().problem().orElseThrow().message()).contains("split brain");
        assertThat(a.service().explainSplitBrain(TestNode.R0))
                .anyMatch(line -> line.contains("split brain with b"))
                .anyMatch(line -> line.contains("0 - 8191"))
                .anyMatch(line -> line.contains("connect --discard-my-data r0"));
        assertThat(a.contents()[0]).isEqualTo((byte) 2);
        assertThat(b.read(5 * BLOCK)).isEqualTo(3);
        b.service().demote(TestNode.R0, false);
        b.service().connect(TestNode.R0, true);
        a.service().connect(TestNode.R0, false);
        TestNode.awaitInSync(a, b);
        assertThat(b.contents()[0]).isEqualTo((byte) 2);
        assertThat(b.contents()[5 * BLOCK]).isZero();
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aPrimaryDoesNotDiscardItsData() throws Exception {
        declareEqual();
        a.promote(1);
        assertThatThrownBy(() -> a.service().connect(TestNode.R0, true))
                .hasMessageContaining("demote it first");
        assertThatThrownBy(() -> a.service().invalidate(TestNode.R0))
                .hasMessageContaining("demote it first");
        assertThatThrownBy(() -> a.service().outdate(TestNode.R0))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void anInvalidatedReplicaGetsAllBlocks() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, 1 << 20, 7);
        b.service().invalidate(TestNode.R0);
        TestNode.await(
                "all was sent",
                () -> a.status().counters().resyncedBytes() == TestNode.SIZE && a.isInSync());
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void theLastGoodReplicaIsNotInvalidated() throws Exception {
        declareEqual();
        b.kill();
        TestNode.await("b is lost", () -> a.peer().connection() != ConnectionState.CONNECTED);
        assertThatThrownBy(() -> a.service().invalidate(TestNode.R0))
                .hasMessageContaining("may be the last one");
    }

    @Test
    void anOutdatedReplicaIsNotPromoted() throws Exception {
        declareEqual();
        b.service().disconnect(TestNode.R0);
        b.service().outdate(TestNode.R0);
        assertThat(b.status().disk()).isEqualTo(DiskState.OUTDATED);
        assertThatThrownBy(() -> b.promote(1)).hasMessageContaining("Outdated");
    }

    @Test
    void aPausedResyncStandsStillUntilItIsResumed() throws Exception {
        declareEqual();
        a.promote(1);
        b.service().pauseSync(TestNode.R0, true);
        b.service().disconnect(TestNode.R0);
        TestNode.await("b is lost", () -> a.peer().connection() != ConnectionState.CONNECTED);
        a.write(0, 4 << 20, 3);
        b.service().connect(TestNode.R0, false);
        TestNode.await("paused", () -> a.peer().replication() == ReplicationState.PAUSED_AHEAD);
        assertThat(a.peer().outOfSyncBytes()).isPositive();
        b.service().pauseSync(TestNode.R0, false);
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void aVerificationFindsABlockThatWasChangedBehindTheVolumesBack() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, 1 << 20, 7);
        a.service().verify(TestNode.R0);
        TestNode.await("verified", () -> a.peer().verifiedPercent() < 0);
        assertThat(a.peer().outOfSyncBytes()).isZero();
        try (FileChannel disk = FileChannel.open(b.disk, StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.wrap(new byte[] {66}), 9 * BLOCK + 17);
        }
        b.service().verify(TestNode.R0); // the Primary does it
        TestNode.await("found", () -> a.peer().outOfSyncBytes() == BLOCK);
        TestNode.await("verified", () -> a.peer().verifiedPercent() < 0);
        assertThat(a.status().problem().orElseThrow().message()).contains("verify");
        a.service().disconnect(TestNode.R0);
        a.service().connect(TestNode.R0, false);
        TestNode.awaitInSync(a, b);
        assertThat(a.contents()).isEqualTo(b.contents());
    }

    @Test
    void metadataCanBeShownAndCheckedWhileTheVolumeIsUp() throws Exception {
        declareEqual();
        a.promote(1);
        a.write(0, BLOCK, 1);
        assertThat(a.service().dumpMetadata(TestNode.R0))
                .contains("disk                 UpToDate")
                .anyMatch(line -> line.contains("primary"))
                .anyMatch(line -> line.startsWith("peer b"));
        assertThat(a.service().checkMetadata(TestNode.R0)).isEmpty();
        a.kill();
        try (FileChannel metadata = FileChannel.open(a.metadata, StandardOpenOption.WRITE)) {
            metadata.write(ByteBuffer.wrap(new byte[] {66}), 100);
        }
        assertThat(a.service().checkMetadata(TestNode.R0))
                .singleElement()
                .asString()
                .contains("one of the two superblocks was damaged");
    }

    @Test
    void aPeerWithoutTheSecretIsNotLetIn() throws Exception {
        declareEqual();
        b.kill();
        byte[] wrong = new byte[32];
        wrong[0] = 1;
        b.start(wrong);
        Thread.sleep(300);
        assertThat(a.peer().connection()).isEqualTo(ConnectionState.CONNECTING);
        assertThat(a.status().problem())
                .hasValueSatisfying(p -> assertThat(p.message()).contains("secret"));
    }
}
