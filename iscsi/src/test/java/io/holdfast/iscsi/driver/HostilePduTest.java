package io.holdfast.iscsi.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.codec.TextKeys;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged PDUs end at most their own connection; the seed is in the failure's message. */
class HostilePduTest {
    private static final String IQN = "iqn.2026-01.io.holdfast:disk";
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    private final MemoryVolume volume = new MemoryVolume(1 << 20);
    private final IscsiTargetService service = new IscsiTargetService(64 << 20);
    private InetSocketAddress portal = ANY_PORT;

    @BeforeEach
    void start() {
        service.addTarget(TargetConfig.open(IQN, List.of(ANY_PORT)));
        service.addLun(IQN, 0, volume, LunConfig.forVolume("c", new VolumeId("memory")));
        portal = service.boundAddress(ANY_PORT);
    }

    @AfterEach
    void stop() {
        service.close();
        volume.close();
    }

    private static ByteBuffer loginPdu() {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put("InitiatorName", "iqn.x:hostile");
        keys.put("TargetName", IQN);
        keys.put("SessionType", "Normal");
        keys.put("InitialR2T", "No");
        byte[] text = TextKeys.encode(keys);
        ByteBuffer pdu = ByteBuffer.allocate(48 + (text.length + 3 & ~3));
        // Immediate login request, T, CSG 1 to NSG 3.
        pdu.put(0, (byte) 0x43).put(1, (byte) 0x87).putInt(4, text.length);
        pdu.putLong(8, 0x8000_0000_1234_0000L).putInt(16, 1).putInt(24, 1);
        pdu.put(48, text);
        return pdu;
    }

    private static ByteBuffer command(SplittableRandom random, int cmdSn) {
        int[] opcodes = {0x01, 0x01, 0x01, 0x00, 0x02, 0x04, 0x05, 0x06, 0x10};
        int[] scsi = {0x28, 0x2a, 0x12, 0x1a, 0x5f, 0x8a, 0x88, 0x89, 0x42, 0x93, 0x15, 0xa0, 0x83};
        int dataLength = random.nextInt(4) == 0 ? random.nextInt(2048) : 0;
        ByteBuffer pdu = ByteBuffer.allocate(48 + (dataLength + 3 & ~3));
        pdu.put(0, (byte) (opcodes[random.nextInt(opcodes.length)] | (random.nextInt(2) << 6)));
        pdu.put(1, (byte) random.nextInt(256)).putInt(4, dataLength);
        pdu.putInt(16, random.nextInt(8)).putInt(20, random.nextInt(5000)).putInt(24, cmdSn);
        pdu.put(32, (byte) scsi[random.nextInt(scsi.length)]);
        for (int at = 33; at < 48; at++) {
            pdu.put(at, (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0));
        }
        return pdu;
    }

    /** Flips some bits anywhere, lengths included. */
    private static void damage(ByteBuffer pdu, SplittableRandom random) {
        for (int flips = random.nextInt(6); flips > 0; flips--) {
            int at = random.nextInt(pdu.capacity());
            pdu.put(at, (byte) (pdu.get(at) ^ (1 << random.nextInt(8))));
        }
    }

    /** How many PDUs were sent. */
    private int attack(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int sent = 0;
        try (SocketChannel channel = SocketChannel.open(portal)) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            ByteBuffer login = loginPdu();
            if (random.nextInt(3) == 0) {
                damage(login, random);
            }
            write(channel, login);
            sent++;
            int cmdSn = 1;
            for (int pdus = random.nextInt(12); pdus > 0; pdus--) {
                ByteBuffer pdu =
                        command(random, random.nextInt(4) == 0 ? random.nextInt() : cmdSn++);
                if (random.nextBoolean()) {
                    damage(pdu, random);
                }
                write(channel, pdu);
                sent++;
            }
        } catch (IOException closedByTarget) {
            // What it should do; whether it still serves others is what is asked below.
            assertThat(closedByTarget).isNotNull();
        }
        return sent;
    }

    private static void write(SocketChannel channel, ByteBuffer pdu) throws IOException {
        while (pdu.hasRemaining()) {
            channel.write(pdu);
        }
    }

    /**
     * Asked up to three times: an attack may hold a lawful cold reset, which ends every session.
     */
    private void stillServes(long seed) throws IOException {
        InitiatorConfig me = InitiatorConfig.named("iqn.x:honest").withTimeouts(1000, 3000, 5000);
        for (int attempt = 1; ; attempt++) {
            try (InitiatorSession session = IscsiInitiator.login(portal, IQN, me)) {
                assertThat(session.reportLuns()).as("after seed %d", seed).containsExactly(0);
                return;
            } catch (IscsiException e) {
                assertThat(attempt).as("after seed %d: %s", seed, e.getMessage()).isLessThan(3);
            }
        }
    }

    private void run(long firstSeed, int pdus) throws Exception {
        long seed = firstSeed;
        for (int sent = 0; sent < pdus; seed++) {
            sent += attack(seed);
            if (seed % 100 == 99) {
                stillServes(seed);
            }
        }
        stillServes(seed);
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!service.status().getFirst().sessions().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(service.status().getFirst().sessions()).isEmpty();
        assertThat(service.buffersOut()).as("buffers that never came back").isZero();
    }

    @Test
    void damagedPdusEndTheirOwnConnectionAtMost() throws Exception {
        run(1, 20_000);
    }

    @Test
    @Tag("nightly")
    void aMillionDamagedPdusLeaveTheTargetServing() throws Exception {
        run(1_000_000, 1_000_000);
    }

    @Test
    void aFloodOfHalfOpenLoginsDoesNotKeepOthersOut() throws Exception {
        List<SocketChannel> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                SocketChannel channel = SocketChannel.open(portal);
                flood.add(channel);
                // A login that never ends: its first half.
                write(channel, loginPdu().limit(i % 2 == 0 ? 20 : 60));
            }
            stillServes(0);
        } finally {
            for (SocketChannel channel : flood) {
                channel.close();
            }
        }
        stillServes(1);
    }

    @Test
    void aLengthThatWasNotAgreedIsNotBelieved() throws Exception {
        try (SocketChannel channel = SocketChannel.open(portal)) {
            ByteBuffer pdu = loginPdu();
            pdu.putInt(4, 0x00ff_ffff);
            write(channel, pdu);
            assertThat(channel.read(ByteBuffer.allocate(100))).isNegative();
        }
        stillServes(0);
    }

    @Test
    void anythingButALoginFirstIsClosed() throws Exception {
        try (SocketChannel channel = SocketChannel.open(portal)) {
            write(channel, ByteBuffer.allocate(48));
            assertThat(channel.read(ByteBuffer.allocate(100))).isNegative();
        }
    }
}
