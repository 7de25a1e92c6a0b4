package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.PeerMessage;
import io.holdfast.replication.core.ReplicaReport;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.core.SplitBrainPolicies;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerFrameMessageTest {
    private static final Epoch EPOCH = new Epoch(Long.MAX_VALUE);
    private static final NodeId LONGEST_NAME = new NodeId("n".repeat(63));

    /** One of each, with fields at their limits. */
    static List<PeerMessage> messages() {
        List<PeerMessage.NewGeneration.Missing> missing =
                Collections.nCopies(
                        MetadataLayout.BITMAP_SLOTS,
                        new PeerMessage.NewGeneration.Missing(LONGEST_NAME, -1));
        return List.of(
                new PeerMessage.Report(report(Collections.nCopies(16, -2L), true)),
                new PeerMessage.Report(report(List.of(), false)),
                new PeerMessage.BitmapPage(Integer.MAX_VALUE, words()),
                new PeerMessage.BitmapEnd(),
                new PeerMessage.StartResync(-1),
                new PeerMessage.ResyncFinished(5, List.of(3L, 2L, -1L)),
                new PeerMessage.ResyncAccepted(6),
                new PeerMessage.PromoteEpoch(EPOCH),
                new PeerMessage.EpochAccepted(EPOCH, 8, DiskState.UP_TO_DATE),
                new PeerMessage.EpochOver(EPOCH),
                new PeerMessage.StateChanged(Role.PRIMARY, DiskState.OUTDATED),
                new PeerMessage.NewGeneration(9, Collections.nCopies(16, -3L), missing),
                new PeerMessage.NewGeneration(9, List.of(), List.of()),
                new PeerMessage.GenerationAccepted(10),
                new PeerMessage.FlushStable(11),
                new PeerMessage.ReplicaInSync(LONGEST_NAME),
                new PeerMessage.DeclareEqual(12),
                new PeerMessage.EqualDeclared(13),
                new PeerMessage.SyncPaused(true),
                new PeerMessage.SyncPaused(false),
                new PeerMessage.StartVerify(),
                new PeerMessage.ResyncProgress(Long.MAX_VALUE, 1 << 30, -1),
                new PeerMessage.GenerationBegun(14));
    }

    static Stream<PeerMessage> messagesShortEnoughToFlipEachBit() {
        return messages().stream().filter(m -> !(m instanceof PeerMessage.BitmapPage));
    }

    @Test
    void everyKindOfMessageIsAmongThem() {
        assertThat(messages().stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrder(PeerMessage.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageComesBackAsItWas(PeerMessage message) throws PeerFrameException {
        PeerMessage back = PeerFrameMessage.decode(PeerFrameMessage.encode(message));
        if (message instanceof PeerMessage.BitmapPage page) {
            assertThat(back)
                    .isInstanceOfSatisfying(
                            PeerMessage.BitmapPage.class,
                            b -> {
                                assertThat(b.index()).isEqualTo(page.index());
                                assertThat(b.words()).isEqualTo(page.words());
                            });
        } else {
            assertThat(back).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncationIsRefused(PeerMessage message) {
        ByteBuffer bytes = PeerFrameMessage.encode(message);
        for (int length = 0; length < bytes.limit(); length++) {
            assertRefused(bytes.duplicate().limit(length));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aByteTooManyIsRefused(PeerMessage message) {
        ByteBuffer bytes = PeerFrameMessage.encode(message);
        assertRefused(ByteBuffer.wrap(Arrays.copyOf(bytes.array(), bytes.limit() + 1)));
    }

    @ParameterizedTest
    @EnumSource
    void everyDiskStateComesBack(DiskState disk) throws PeerFrameException {
        PeerMessage message = new PeerMessage.StateChanged(Role.UNKNOWN, disk);
        assertThat(PeerFrameMessage.decode(PeerFrameMessage.encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @EnumSource
    void everyRoleComesBack(Role role) throws PeerFrameException {
        PeerMessage message = new PeerMessage.StateChanged(role, DiskState.UNKNOWN);
        assertThat(PeerFrameMessage.decode(PeerFrameMessage.encode(message))).isEqualTo(message);
    }

    @Test
    void messagesHaveTheseBytes() {
        assertHex(new PeerMessage.BitmapEnd(), "03");
        assertHex(new PeerMessage.StartResync(0x0102030405060708L), "040102030405060708");
        assertHex(
                new PeerMessage.ResyncFinished(1, List.of(2L)),
                "05" + "0000000000000001" + "01" + "0000000000000002");
        assertHex(new PeerMessage.StateChanged(Role.PRIMARY, DiskState.UP_TO_DATE), "0a0207");
        assertHex(new PeerMessage.ReplicaInSync(new NodeId("n1")), "0e026e31");
        assertHex(
                new PeerMessage.NewGeneration(
                        1,
                        List.of(3L),
                        List.of(new PeerMessage.NewGeneration.Missing(new NodeId("n1"), 2))),
                "0b"
                        + "0000000000000001"
                        + "01"
                        + "0000000000000003"
                        + "01"
                        + "026e31"
                        + "0000000000000002");
        assertHex(
                new PeerMessage.Report(report(List.of(), false)),
                "01"
                        + "01"
                        + "03"
                        + "0a" // Secondary, Inconsistent; crashed Primary, wants all blocks
                        + "0402" // discard-least-changes, discard-secondary
                        + "7fffffffffffffff" // epoch
                        + "0000000000100000" // size
                        + "0000000000000004" // current
                        + "0000000000000006" // pending
                        + "ffffffffffffffff" // bitmap generation
                        + "0000000000000100" // dirty blocks
                        + "00" // history
                        + "00"); // history of the pending generation
    }

    @Test
    void wrongFieldsAreRefused() {
        assertRefusedHex("00");
        assertRefusedHex("15");
        assertRefusedHex("1202"); // neither yes nor no
        assertRefusedHex("ff");
        assertRefusedHex("0a0307"); // role 3
        assertRefusedHex("0a0208"); // disk state 8
        assertRefusedHex("0aff07");
        assertRefusedHex("07" + "ffffffffffffffff"); // a negative epoch
        assertRefusedHex("0e00"); // a node without a name
        assertRefusedHex("0e022f2e"); // a node named "/."
        assertRefusedHex("05" + "0000000000000001" + "11" + "0000000000000000".repeat(17));
        assertRefusedHex("05" + "0000000000000001" + "ff");
    }

    @ParameterizedTest
    @MethodSource("messagesShortEnoughToFlipEachBit")
    void damageThatNoChecksumFoundIsRefusedOrMakesAnotherMessage(PeerMessage message) {
        ByteBuffer bytes = PeerFrameMessage.encode(message);
        for (int bit = 0; bit < bytes.limit() * 8; bit++) {
            byte[] damaged = Arrays.copyOf(bytes.array(), bytes.limit());
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            decodeWithoutOtherExceptions(damaged);
        }
    }

    private static void decodeWithoutOtherExceptions(byte[] bytes) {
        try {
            assertThat(PeerFrameMessage.decode(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (PeerFrameException e) {
            assertThat(e.why()).startsWith("it sent");
        }
    }

    private static void assertHex(PeerMessage message, String hex) {
        ByteBuffer bytes = PeerFrameMessage.encode(message);
        assertThat(HexFormat.of().formatHex(bytes.array(), 0, bytes.limit())).isEqualTo(hex);
    }

    private static void assertRefusedHex(String hex) {
        assertRefused(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static void assertRefused(ByteBuffer bytes) {
        assertThatThrownBy(() -> PeerFrameMessage.decode(bytes))
                .isInstanceOf(PeerFrameException.class);
    }

    private static ReplicaReport report(List<Long> history, boolean tracksReceiver) {
        return new ReplicaReport(
                Role.SECONDARY,
                EPOCH,
                DiskState.INCONSISTENT,
                1 << 20,
                4,
                6,
                history,
                -1,
                history,
                256,
                tracksReceiver,
                !tracksReceiver,
                tracksReceiver,
                !tracksReceiver,
                new SplitBrainPolicies(
                        SplitBrainPolicies.WithoutPrimary.DISCARD_LEAST_CHANGES,
                        SplitBrainPolicies.WithOnePrimary.DISCARD_SECONDARY));
    }

    private static long[] words() {
        return new Random(1).longs(BlockBitmap.PAGE_WORDS).toArray();
    }
}
