package io.holdfast.daemon.storaged;

import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.iscsi.driver.LunConfig;
import io.holdfast.iscsi.driver.TargetConfig;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.VolumeNotes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this process serve itself for a moment: a target of its own on the loopback interface, with a
 * unit in memory and a random CHAP secret, whose only initiator is here too.
 *
 * <p>A node that stands by has never run the code of a login or of a write. Where it runs for the
 * first time is a failover, with clients waiting, and there the Java machine would interpret it:
 * some 50 ms for what takes 2 ms once it is compiled. So it is run before.
 */
final class TargetRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(TargetRehearsal.class);
    private static final String NAME = "iqn.2026-01.io.holdfast:rehearsal";
    private static final int LUN = 0;
    private static final int SESSIONS = 6;
    private static final int WRITES_PER_SESSION = 30;
    private static final int BLOCK_BYTES = 4096;
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private TargetRehearsal() {}

    /** Begins in a thread of its own; that it fails costs nothing but the time it would save. */
    static void begin() {
        Thread.ofPlatform().daemon().name("rehearsal").start(TargetRehearsal::run);
    }

    private static void run() {
        long begun = System.nanoTime();
        int sessions = 0;
        try (IscsiTargetService service = new IscsiTargetService(4 << 20)) {
            InetSocketAddress anyPort =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            ChapAccount account = new ChapAccount("rehearsal", randomSecret());
            service.addTarget(
                    TargetConfig.open(NAME, List.of(anyPort)).withIncoming(List.of(account)));
            MemoryVolume volume = new MemoryVolume();
            InitiatorConfig initiator =
                    InitiatorConfig.named(NAME + "-initiator")
                            .withChap(account.name(), account.secret());
            service.addLun(NAME, LUN, volume, LunConfig.forVolume("rehearsal", volume.id()));
            while (sessions < SESSIONS && System.nanoTime() - begun < LONGEST.toNanos()) {
                oneSession(service.boundAddress(anyPort), initiator);
                sessions++;
            }
        } catch (ProblemException | IscsiException e) {
            LOG.debug("the rehearsal ended early", e);
        }
        LOG.info(
                "rehearsed {} iSCSI sessions with itself in {} ms",
                sessions,
                Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }

    private static void oneSession(InetSocketAddress portal, InitiatorConfig initiator)
            throws IscsiException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (InitiatorSession session = IscsiInitiator.login(portal, NAME, initiator)) {
            session.reportLuns();
            session.inquiry(LUN);
            int sectors = BLOCK_BYTES / session.readCapacity(LUN).blockBytes();
            for (int i = 0; i < WRITES_PER_SESSION; i++) {
                session.writeBlocking(LUN, 0, sectors, block.clear());
                session.flushBlocking(LUN);
                session.readBlocking(LUN, 0, sectors, block.clear());
            }
        }
    }

    private static String randomSecret() {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Keeps nothing: what is rehearsed is the way to a volume, not the volume. */
    private static final class MemoryVolume implements BlockVolume, VolumeNotes {
        @Override
        public Optional<VolumeNotes> notes() {
            return Optional.of(this);
        }

        @Override
        public byte[] load() {
            return new byte[0];
        }

        @Override
        public void store(byte[] newRecord, IoCompletion completion) {
            completion.done(IoStatus.OK);
        }

        @Override
        public VolumeId id() {
            return new VolumeId("rehearsal");
        }

        @Override
        public long sizeBytes() {
            return 1 << 20;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
            into.position(into.limit());
            completion.done(IoStatus.OK);
        }

        @Override
        public void write(
                long offsetBytes,
                ByteBuffer from,
                boolean forceUnitAccess,
                IoCompletion completion) {
            from.position(from.limit());
            completion.done(IoStatus.OK);
        }

        @Override
        public void flush(IoCompletion completion) {
            completion.done(IoStatus.OK);
        }
    }
}
