package io.holdfast.iscsi.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.codec.UnitNotesCodec;
import io.holdfast.iscsi.initiator.CommandResult;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A unit that another service goes on with, as after a failover; initiators see it from outside.
 */
class MovedUnitTest {
    private static final String IQN = "iqn.2026-01.io.holdfast:disk";
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final LunConfig LUN = LunConfig.forVolume("cluster", new VolumeId("memory"));
    private static final InitiatorConfig A = initiator("a", 1);
    private static final InitiatorConfig B = initiator("b", 2);
    private static final byte[] READY = new byte[6];
    private static final int RESERVATION_CONFLICT = 0x18;
    private static final int CHECK_CONDITION = 2;

    private final MemoryVolume area = new MemoryVolume(SlottedNotes.AREA_BYTES);
    private final MemoryVolume volume = new MemoryVolume(1 << 20).withNotesIn(area);
    private IscsiTargetService service = new IscsiTargetService(16 << 20);
    private InetSocketAddress portal = ANY_PORT;

    private static InitiatorConfig initiator(String name, long isid) {
        return InitiatorConfig.named("iqn.2026-01.io.holdfast:" + name)
                .withIsid(isid)
                .withTimeouts(1_000, 3_000, 8_000);
    }

    @BeforeEach
    void serve() {
        service.addTarget(TargetConfig.open(IQN, List.of(ANY_PORT)));
        portal = service.boundAddress(ANY_PORT);
        service.addLun(IQN, 0, volume, LUN);
    }

    @AfterEach
    void stop() {
        service.close();
        volume.close();
        area.close();
    }

    private void move() {
        service.close();
        service = new IscsiTargetService(16 << 20);
        serve();
    }

    private InitiatorSession login(InitiatorConfig who) throws IscsiException {
        return IscsiInitiator.login(portal, IQN, who);
    }

    /** A session whose unit attentions were told. */
    private InitiatorSession settled(InitiatorConfig who) throws IscsiException {
        InitiatorSession session = login(who);
        while (!session.awaitOnce(0, READY, false, null).good()) {}
        return session;
    }

    private static CommandResult reserve(
            InitiatorSession session, int action, int type, long key, long newKey, boolean aptpl)
            throws IscsiException {
        byte[] cdb = {0x5f, (byte) action, (byte) type, 0, 0, 0, 0, 0, 24, 0};
        ByteBuffer list = ByteBuffer.allocateDirect(24);
        list.putLong(0, key).putLong(8, newKey).put(20, (byte) (aptpl ? 1 : 0));
        return session.awaitOnce(0, cdb, true, list);
    }

    private static CommandResult write(InitiatorSession session) throws IscsiException {
        byte[] write10 = {0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0};
        return session.awaitOnce(0, write10, true, ByteBuffer.allocateDirect(512));
    }

    private static String additionalSense(CommandResult result) {
        assertThat(result.status()).as(result.toString()).isEqualTo(CHECK_CONDITION);
        return String.format("%04x", result.additionalSense());
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 5 s").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void aReservationHoldsOnTheNodeThatTakesOver() throws Exception {
        try (InitiatorSession a = settled(A)) {
            assertThat(reserve(a, 0, 0, 0, 7, true).good()).isTrue();
            assertThat(reserve(a, 1, 1, 7, 0, true).good()).isTrue();
        }
        move();
        try (InitiatorSession b = login(B)) {
            assertThat(additionalSense(b.awaitOnce(0, READY, false, null))).isEqualTo("2900");
            assertThat(write(b).status()).isEqualTo(RESERVATION_CONFLICT);
        }
        try (InitiatorSession a = settled(A)) {
            assertThat(write(a).good()).isTrue();
            assertThat(reserve(a, 2, 1, 7, 0, true).good()).isTrue();
        }
        move();
        try (InitiatorSession b = settled(B)) {
            assertThat(write(b).good()).isTrue();
        }
    }

    @Test
    void whoWasPreemptedBeforeTheMoveIsToldAfterIt() throws Exception {
        try (InitiatorSession a = settled(A);
                InitiatorSession b = settled(B)) {
            reserve(a, 0, 0, 0, 7, true);
            reserve(a, 1, 5, 7, 0, true);
            reserve(b, 0, 0, 0, 9, true);
            assertThat(reserve(b, 4, 5, 9, 7, true).good()).isTrue();
        }
        move();
        try (InitiatorSession a = login(A)) {
            assertThat(additionalSense(a.awaitOnce(0, READY, false, null))).isEqualTo("2900");
            assertThat(additionalSense(a.awaitOnce(0, READY, false, null))).isEqualTo("2a05");
            assertThat(a.awaitOnce(0, READY, false, null).good()).isTrue();
        }
    }

    @Test
    void anAccessStateThatWasSetHoldsOnTheNodeThatTakesOver() throws Exception {
        byte[] setGroups = {(byte) 0xa4, 0x0a, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0};
        ByteBuffer standby = ByteBuffer.allocateDirect(8);
        standby.put(4, (byte) 2).putShort(6, (short) 1);
        try (InitiatorSession a = settled(A)) {
            assertThat(a.awaitOnce(0, setGroups, true, standby).good()).isTrue();
        }
        move();
        try (InitiatorSession b = login(B)) {
            b.awaitOnce(0, READY, false, null);
            assertThat(additionalSense(b.awaitOnce(0, READY, false, null))).isEqualTo("040b");
        }
    }

    @Test
    void aReservationIsAnsweredOnlyWhenItIsKept() throws Exception {
        try (InitiatorSession a = settled(A)) {
            area.suspend();
            CompletableFuture<CommandResult> registered =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return reserve(a, 0, 0, 0, 7, true);
                                } catch (IscsiException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            until(() -> area.held() > 0);
            assertThat(registered).isNotDone();
            area.resume();
            assertThat(registered.get(5, TimeUnit.SECONDS).good()).isTrue();
        }
    }

    @Test
    void aReservationThatCannotBeKeptIsAnError() throws Exception {
        try (InitiatorSession a = settled(A)) {
            area.failWith(IoStatus.MEDIUM_ERROR);
            assertThat(additionalSense(reserve(a, 0, 0, 0, 7, true))).isEqualTo("4400");
            area.failWith(IoStatus.OK);
            assertThat(reserve(a, 6, 0, 0, 7, true).good()).isTrue();
        }
    }

    @Test
    void theAddressesOfInitiatorsAreKeptForTheNodeThatTakesOver() throws Exception {
        try (InitiatorSession a = settled(A)) {
            InetSocketAddress client = a.localAddress();
            until(
                    () ->
                            UnitNotesCodec.decode(new SlottedNotes(area).load())
                                    .connections()
                                    .stream()
                                    .anyMatch(c -> c.clientPort() == client.getPort()));
        }
    }

    @Test
    void damagedNotesKeepTheUnitFromBeingServed() throws Exception {
        try (InitiatorSession a = settled(A)) {
            reserve(a, 0, 0, 0, 7, true);
            reserve(a, 1, 1, 7, 0, true);
        }
        service.close();
        ByteBuffer spoiled = ByteBuffer.allocateDirect(512);
        for (long slot : new long[] {0, SlottedNotes.AREA_BYTES / 2}) {
            CompletableFuture<IoStatus> done = new CompletableFuture<>();
            area.write(slot + 512, spoiled.clear().put(0, (byte) 1), true, done::complete);
            area.write(slot, damagedHead(slot), true, status -> {});
            done.get(5, TimeUnit.SECONDS);
        }
        assertThatThrownBy(this::move).hasMessageContaining("notes");
    }

    private ByteBuffer damagedHead(long slot) throws Exception {
        ByteBuffer head = ByteBuffer.allocateDirect(512);
        CompletableFuture<IoStatus> done = new CompletableFuture<>();
        area.read(slot, head, done::complete);
        done.get(5, TimeUnit.SECONDS);
        return head.clear().put(64, (byte) ~head.get(64));
    }

    @Test
    void aLossOfPowerForgetsWhatWasNotToPersist() throws Exception {
        try (InitiatorSession a = settled(A)) {
            reserve(a, 0, 0, 0, 7, false);
            reserve(a, 1, 1, 7, 0, false);
        }
        service.close();
        service = new IscsiTargetService(16 << 20);
        service.addTarget(TargetConfig.open(IQN, List.of(ANY_PORT)));
        portal = service.boundAddress(ANY_PORT);
        service.addLun(IQN, 0, volume, LUN, UnitArrival.POWERED_ON);
        try (InitiatorSession b = login(B)) {
            assertThat(additionalSense(b.awaitOnce(0, READY, false, null))).isEqualTo("2900");
            assertThat(write(b).good()).isTrue();
        }
    }

    @Test
    void aUnitThatIsTakenAwayIsWaitedForAlthoughOthersAreThere() throws Exception {
        MemoryVolume other = new MemoryVolume(1 << 20);
        service.addLun(IQN, 1, other, LunConfig.forVolume("cluster", new VolumeId("other")));
        try (InitiatorSession a = settled(A)) {
            service.removeLun(IQN, 0);
            assertThat(a.reportLuns()).containsExactly(0, 1);
            CompletableFuture<Boolean> inquiry = new CompletableFuture<>();
            byte[] cdb = {0x12, 0, 0, 0, 36, 0};
            a.submit(
                    0,
                    cdb,
                    false,
                    ByteBuffer.allocateDirect(36),
                    result -> inquiry.complete(result.good()));
            Thread.sleep(50);
            assertThat(inquiry).isNotDone();
            service.addLun(IQN, 0, volume, LUN);
            assertThat(inquiry.get(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            other.close();
        }
    }

    @Test
    void aTargetThatWasHereIsSaidToBeMovingNotMissing() {
        MemoryVolume other = new MemoryVolume(1 << 20);
        String otherIqn = IQN + "2";
        service.addTarget(TargetConfig.open(otherIqn, List.of(ANY_PORT)));
        service.removeTarget(IQN);
        assertThatThrownBy(() -> login(A)).hasMessageContaining("service unavailable");
        assertThatThrownBy(() -> IscsiInitiator.login(portal, IQN + "3", A))
                .hasMessageContaining("not found");
        other.close();
    }

    @Test
    void aPlannedMoveToAnotherAddressSendsInitiatorsThere() throws Exception {
        try (IscsiTargetService elsewhere = new IscsiTargetService(16 << 20)) {
            elsewhere.addTarget(TargetConfig.open(IQN, List.of(ANY_PORT)));
            elsewhere.addLun(IQN, 0, volume, LUN);
            InetSocketAddress there = elsewhere.boundAddress(ANY_PORT);
            try (InitiatorSession before = settled(A)) {
                service.redirect(IQN, there, 5);
                try (InitiatorSession after = settled(A)) {
                    assertThat(elsewhere.status().getFirst().sessions()).hasSize(1);
                    assertThat(write(after).good()).isTrue();
                }
                assertThat(before).isNotNull();
            }
        }
    }
}
