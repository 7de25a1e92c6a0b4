package io.holdfast.iscsi.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.TargetOptions;
import io.holdfast.iscsi.core.scsi.ScsiStatus;
import io.holdfast.iscsi.initiator.CommandResult;
import io.holdfast.iscsi.initiator.DiscoveredTarget;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.replication.volume.IoStatus;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetEndToEndTest {
    private static final String IQN = "iqn.2026-01.io.holdfast:disk";
    private static final int SIZE = 16 << 20;
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final InitiatorConfig ME =
            InitiatorConfig.named("iqn.2026-01.io.holdfast:me").withTimeouts(1_000, 3_000, 8_000);
    private static final LunConfig LUN = LunConfig.forVolume("cluster", new VolumeId("memory"));

    private final MemoryVolume volume = new MemoryVolume(SIZE);
    private IscsiTargetService service = new IscsiTargetService(64 << 20);
    private InetSocketAddress portal = ANY_PORT;

    @BeforeEach
    void start() {
        serve(TargetConfig.open(IQN, List.of(ANY_PORT)));
        service.addLun(IQN, 0, volume, LUN);
    }

    @AfterEach
    void stop() {
        service.close();
        volume.close();
    }

    private void serve(TargetConfig config) {
        service.close();
        service = new IscsiTargetService(64 << 20);
        service.addTarget(config);
        portal = service.boundAddress(ANY_PORT);
    }

    private InitiatorSession login() throws IscsiException {
        return login(ME);
    }

    private InitiatorSession login(InitiatorConfig config) throws IscsiException {
        return IscsiInitiator.login(portal, IQN, config);
    }

    private static ByteBuffer random(int bytes, long seed) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        SplittableRandom random = new SplittableRandom(seed);
        for (int at = 0; at + 8 <= bytes; at += 8) {
            buffer.putLong(at, random.nextLong());
        }
        return buffer;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 5 s").isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    private static byte[] cdb(int... bytes) {
        byte[] cdb = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            cdb[i] = (byte) bytes[i];
        }
        return cdb;
    }

    private static final byte[] TEST_UNIT_READY = cdb(0, 0, 0, 0, 0, 0);

    @Test
    void whatIsWrittenIsReadBackWhateverItsLengthAndDigests() throws Exception {
        for (boolean digests : List.of(false, true)) {
            try (InitiatorSession session = login(ME.withDigests(digests, digests))) {
                assertThat(session.parameters().dataDigest()).isEqualTo(digests);
                for (int bytes : List.of(512, 4096, 65_536 + 512, 1 << 20, 8 << 20)) {
                    ByteBuffer written = random(bytes, bytes);
                    session.writeBlocking(0, 3, bytes / 512, written);
                    ByteBuffer read = ByteBuffer.allocateDirect(bytes);
                    session.readBlocking(0, 3, bytes / 512, read);
                    assertThat(read).as("%d bytes", bytes).isEqualTo(written);
                }
            }
        }
    }

    @Test
    void smallSegmentsAndSolicitedDataCarryTheSameBytes() throws Exception {
        serve(
                TargetConfig.open(IQN, List.of(ANY_PORT))
                        .withOptions(
                                TargetOptions.parse(
                                        "InitialR2T=Yes ImmediateData=No"
                                                + " MaxRecvDataSegmentLength=4096 MaxBurstLength=8192"
                                                + " FirstBurstLength=4096 MaxOutstandingR2T=4"
                                                + " MaxXmitDataSegmentLength=512")));
        service.addLun(IQN, 0, volume, LUN);
        try (InitiatorSession session = login(ME.withDigests(true, true))) {
            ByteBuffer written = random(1 << 20, 1);
            session.writeBlocking(0, 0, 2048, written);
            ByteBuffer read = ByteBuffer.allocateDirect(1 << 20);
            session.readBlocking(0, 0, 2048, read);
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void manyCommandsAtOnceKeepTheirData() throws Exception {
        int commands = 600;
        CountDownLatch done = new CountDownLatch(commands);
        List<CommandResult> bad = new ArrayList<>();
        try (InitiatorSession session = login()) {
            session.await(0, TEST_UNIT_READY, false, null);
            for (int i = 0; i < commands; i++) {
                ByteBuffer block = random(4096, i);
                session.write(
                        0,
                        i * 8L,
                        8,
                        block,
                        false,
                        result -> {
                            if (!result.good()) {
                                synchronized (bad) {
                                    bad.add(result);
                                }
                            }
                            done.countDown();
                        });
            }
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(bad).isEmpty();
            ByteBuffer all = ByteBuffer.allocateDirect(commands * 4096);
            session.readBlocking(0, 0, commands * 8, all);
            for (int i = 0; i < commands; i++) {
                assertThat(all.slice(i * 4096, 4096)).as("block %d", i).isEqualTo(random(4096, i));
            }
        }
        assertThat(service.status().getFirst().luns().getFirst().writes()).isEqualTo(commands);
    }

    @Test
    void aFlushReachesTheVolume() throws Exception {
        try (InitiatorSession session = login()) {
            session.flushBlocking(0);
        }
        assertThat(volume.flushes()).isEqualTo(1);
    }

    @Test
    void discoveryTellsTheTargetAndItsPortal() throws Exception {
        assertThat(IscsiInitiator.discover(portal, ME))
                .containsExactly(
                        new DiscoveredTarget(IQN, List.of("127.0.0.1:" + portal.getPort() + ",1")));
    }

    @Test
    void aTargetIsHiddenFromAndRefusedToStrangers() throws Exception {
        serve(
                TargetConfig.open(IQN, List.of(ANY_PORT))
                        .withInitiatorAddresses(List.of("192.168.0.0/16")));
        assertThat(IscsiInitiator.discover(portal, ME)).isEmpty();
        assertThatThrownBy(this::login)
                .isInstanceOfSatisfying(
                        IscsiException.class, e -> assertThat(e.loginStatus()).isEqualTo(0x0202));
        serve(
                TargetConfig.open(IQN, List.of(ANY_PORT))
                        .withInitiatorAddresses(List.of("127.0.0.0/8")));
        login().close();
    }

    @Test
    void chapLetsInOnlyWhoKnowsTheSecret() throws Exception {
        serve(
                TargetConfig.open(IQN, List.of(ANY_PORT))
                        .withIncoming(List.of(new ChapAccount("nfsha", "nfsha")))
                        .withOutgoing(new ChapAccount("disk", "mutual secret")));
        assertThatThrownBy(this::login)
                .isInstanceOfSatisfying(
                        IscsiException.class, e -> assertThat(e.loginStatus()).isEqualTo(0x0201));
        assertThatThrownBy(() -> login(ME.withChap("nfsha", "wrong")))
                .isInstanceOfSatisfying(
                        IscsiException.class, e -> assertThat(e.loginStatus()).isEqualTo(0x0201));
        login(ME.withChap("nfsha", "nfsha")).close();
        login(ME.withChap("nfsha", "nfsha").withChapOfTarget("disk", "mutual secret")).close();
        assertThatThrownBy(
                        () -> login(ME.withChap("nfsha", "nfsha").withChapOfTarget("disk", "no")))
                .hasMessageContaining("did not prove itself");
    }

    @Test
    void anUnknownTargetIsNotFound() {
        assertThatThrownBy(() -> IscsiInitiator.login(portal, "iqn.x:other", ME))
                .isInstanceOfSatisfying(
                        IscsiException.class, e -> assertThat(e.loginStatus()).isEqualTo(0x0203));
    }

    @Test
    void aCommandWaitsForALateUnitInsteadOfFailing() throws Exception {
        serve(TargetConfig.open(IQN, List.of(ANY_PORT)));
        try (InitiatorSession session = login()) {
            CompletableFuture<CommandResult> write = new CompletableFuture<>();
            ByteBuffer block = random(4096, 9);
            session.write(0, 0, 8, block, false, write::complete);
            CompletableFuture<CommandResult> nop = new CompletableFuture<>();
            session.nop(nop::complete);
            assertThat(nop.get(5, TimeUnit.SECONDS).good()).isTrue();
            assertThat(write).isNotDone();
            service.addLun(IQN, 0, volume, LUN);
            CommandResult result = write.get(5, TimeUnit.SECONDS);
            assertThat(result.good() || result.retryable()).as("%s", result).isTrue();
            session.writeBlocking(0, 0, 8, block);
        }
    }

    @Test
    void aRemovedTargetEndsItsSessionsAtOnceAndStopsListening() throws Exception {
        try (InitiatorSession session = login()) {
            session.await(0, TEST_UNIT_READY, false, null);
            service.removeTarget(IQN);
            until(() -> session.brokenBecause() != null);
            assertThatThrownBy(this::login).isInstanceOf(IscsiException.class);
        }
        assertThat(service.status()).isEmpty();
    }

    @Test
    void anotherLoginOfTheSamePortEndsTheOldSession() throws Exception {
        try (InitiatorSession old = login();
                InitiatorSession renewed = login()) {
            until(() -> old.brokenBecause() != null);
            renewed.await(0, TEST_UNIT_READY, false, null);
            assertThat(service.status().getFirst().sessions()).hasSize(1);
        }
    }

    @Test
    void suspendedIoWaitsAndThenGoesOn() throws Exception {
        try (InitiatorSession session = login()) {
            session.await(0, TEST_UNIT_READY, false, null);
            volume.suspend();
            CompletableFuture<CommandResult> write = new CompletableFuture<>();
            session.write(0, 0, 8, random(4096, 1), false, write::complete);
            until(() -> volume.held() == 1);
            CompletableFuture<CommandResult> nop = new CompletableFuture<>();
            session.nop(nop::complete);
            assertThat(nop.get(5, TimeUnit.SECONDS).good()).isTrue();
            assertThat(write).isNotDone();
            volume.resume();
            assertThat(write.get(5, TimeUnit.SECONDS).good()).isTrue();
        }
    }

    @Test
    void aResetIsAnsweredOnlyWhenTheDiskHasLetGoOfAbortedWrites() throws Exception {
        try (InitiatorSession session = login()) {
            session.await(0, TEST_UNIT_READY, false, null);
            volume.suspend();
            CompletableFuture<CommandResult> write = new CompletableFuture<>();
            session.write(0, 0, 8, random(4096, 1), false, write::complete);
            until(() -> volume.held() == 1);
            CompletableFuture<CommandResult> reset = new CompletableFuture<>();
            session.manageTasks(0, 5, reset::complete);
            CompletableFuture<CommandResult> nop = new CompletableFuture<>();
            session.nop(nop::complete);
            nop.get(5, TimeUnit.SECONDS);
            assertThat(reset).isNotDone();
            volume.resume();
            assertThat(reset.get(5, TimeUnit.SECONDS).good()).isTrue();
            assertThat(write).isNotDone();
            CommandResult next = session.awaitOnce(0, TEST_UNIT_READY, false, null);
            assertThat(next.additionalSense()).isEqualTo(0x2903);
        }
    }

    @Test
    void aVolumeThatMovedAwayIsBusyAndADiskErrorIsSaid() throws Exception {
        try (InitiatorSession session = login()) {
            session.await(0, TEST_UNIT_READY, false, null);
            byte[] readOne = cdb(0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0);
            ByteBuffer into = ByteBuffer.allocateDirect(512);
            volume.failWith(IoStatus.NOT_PRIMARY);
            assertThat(session.awaitOnce(0, readOne, false, into).status())
                    .isEqualTo(ScsiStatus.BUSY);
            volume.failWith(IoStatus.MEDIUM_ERROR);
            assertThat(session.awaitOnce(0, readOne, false, into).additionalSense())
                    .isEqualTo(0x1100);
        }
    }

    @Test
    void twoInitiatorsCompareAndWriteNeverBothWin() throws Exception {
        InitiatorConfig other = InitiatorConfig.named("iqn.2026-01.io.holdfast:other");
        try (InitiatorSession a = login();
                InitiatorSession b = login(other)) {
            a.await(0, TEST_UNIT_READY, false, null);
            b.await(0, TEST_UNIT_READY, false, null);
            byte[] compareAndWrite = cdb(0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
            for (int round = 0; round < 100; round++) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(512);
                a.writeBlocking(0, 0, 1, zeros);
                List<CompletableFuture<CommandResult>> results = new ArrayList<>();
                for (InitiatorSession session : List.of(a, b)) {
                    ByteBuffer pair = ByteBuffer.allocateDirect(1024);
                    pair.putLong(512, session == a ? 1 : 2);
                    CompletableFuture<CommandResult> result = new CompletableFuture<>();
                    session.submit(0, compareAndWrite, true, pair, result::complete);
                    results.add(result);
                }
                int winners = 0;
                for (CompletableFuture<CommandResult> result : results) {
                    winners += result.get(5, TimeUnit.SECONDS).good() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        }
    }

    @Test
    void memoryComesBackWhenSessionsBreakInTheMiddle() throws Exception {
        for (int round = 0; round < 12; round++) {
            InitiatorSession session = login();
            volume.suspend();
            for (int i = 0; i < 4; i++) {
                session.write(0, 0, 16_384, random(8 << 20, i), false, result -> {});
            }
            session.close();
            volume.resume();
            until(() -> service.status().getFirst().sessions().isEmpty());
        }
        assertThat(service.bufferBytes()).isLessThanOrEqualTo(64 << 20);
        try (InitiatorSession session = login()) {
            ByteBuffer written = random(8 << 20, 77);
            session.writeBlocking(0, 0, 16_384, written);
            ByteBuffer read = ByteBuffer.allocateDirect(8 << 20);
            session.readBlocking(0, 0, 16_384, read);
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void identityIsDerivedFromNamesAndNothingElse() throws Exception {
        assertThat(LunConfig.forVolume("c", new VolumeId("v")))
                .isEqualTo(LunConfig.forVolume("c", new VolumeId("v")))
                .isNotEqualTo(LunConfig.forVolume("c", new VolumeId("w")));
        assertThat(LUN.naa()).hasSize(32).startsWith("6");
        try (InitiatorSession session = login()) {
            assertThat(session.readCapacity(0).bytes()).isEqualTo(SIZE);
            assertThat(session.reportLuns()).containsExactly(0);
            assertThat(new String(session.inquiryPage(0, 0x80), 4, 20)).isEqualTo(LUN.serial());
        }
    }

    @Test
    void aPortalThatCannotBeBoundIsNamed() {
        assertThatThrownBy(
                        () ->
                                service.addTarget(
                                        TargetConfig.open(
                                                "iqn.x:b",
                                                List.of(new InetSocketAddress("192.0.2.1", 3260)))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("192.0.2.1");
        assertThat(service.status()).hasSize(1);
    }
}
