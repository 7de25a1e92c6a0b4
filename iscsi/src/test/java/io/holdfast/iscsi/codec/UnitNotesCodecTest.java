package io.holdfast.iscsi.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.iscsi.core.scsi.AccessState;
import io.holdfast.iscsi.core.scsi.KeptState;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.PersistentReservations;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import io.holdfast.replication.volume.VolumeNotes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UnitNotesCodecTest {
    private static final Nexus A = new Nexus("iqn.2016-12.com.lr:test1", 0x80_1234_5678_9aL);
    private static final Nexus B = new Nexus("iqn.2016-12.com.lr:test2", 0xffff_ffff_ffffL);

    private static UnitNotes full() {
        return new UnitNotes(
                new KeptState(
                        new PersistentReservations.State(
                                -2,
                                List.of(
                                        new PersistentReservations.Registration(A, 0x1122L),
                                        new PersistentReservations.Registration(B, -1)),
                                5,
                                A,
                                true),
                        true,
                        false,
                        AccessState.STANDBY,
                        true,
                        true,
                        List.of(
                                new KeptState.Pending(
                                        B,
                                        List.of(
                                                Sense.RESERVATIONS_RELEASED,
                                                Sense.ACCESS_STATE_CHANGED)))),
                List.of(new ConnectionEnds("10.1.24.10", 3260, "fd00::1", 65_535)));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (UnitNotes notes : List.of(UnitNotes.NONE, full())) {
            assertThat(UnitNotesCodec.decode(UnitNotesCodec.encode(notes))).isEqualTo(notes);
        }
    }

    @Test
    void noBytesAreAUnitThatNobodyUsed() {
        assertThat(UnitNotesCodec.decode(new byte[0])).isEqualTo(UnitNotes.NONE);
    }

    @Test
    void theBytesOfVersion1StayAsTheyAre() {
        assertThat(HexFormat.of().formatHex(UnitNotesCodec.encode(full())))
                .isEqualTo(
                        "01000000611b02fffffffe05010000801234567"
                                + "89a00020000801234567"
                                + "89a00000000000011220001ffffffffffffffffffffffffffff"
                                + "00010001ffffffffffff022a042a06"
                                + "0001000a31302e312e32342e31300cbc0007666430303a3a31ffff"
                                + "0002001869716e2e323031362d31322e636f6d2e6c723a7465737431"
                                + "001869716e2e323031362d31322e636f6d2e6c723a7465737432");
    }

    @Test
    void everyTruncationAndAnyLaterVersionIsRefused() {
        byte[] whole = UnitNotesCodec.encode(full());
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> UnitNotesCodec.decode(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedPduException.class);
        }
        whole[0] = 2;
        assertThatThrownBy(() -> UnitNotesCodec.decode(whole)).hasMessageContaining("version 2");
    }

    @Test
    void damagedNotesAreRefusedOrDifferentButNeverACrash() {
        SplittableRandom random = new SplittableRandom(6);
        byte[] whole = UnitNotesCodec.encode(full());
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
            damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
            try {
                assertThat(UnitNotesCodec.decode(damaged)).isNotNull();
            } catch (MalformedPduException e) {
                assertThat(e).hasMessageContaining("notes of a unit");
            }
        }
    }

    @Test
    void theMostThatIsKeptFitsIntoTheNotesOfAVolume() {
        List<PersistentReservations.Registration> registrations = new ArrayList<>();
        List<KeptState.Pending> attentions = new ArrayList<>();
        List<ConnectionEnds> connections = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            // Four hundred hosts with a few sessions each, and names as long as people make them.
            Nexus nexus = new Nexus("iqn.1998-01.com.vmware:" + "h".repeat(60) + i % 400, i);
            registrations.add(new PersistentReservations.Registration(nexus, i));
            attentions.add(new KeptState.Pending(nexus, List.of(Sense.RESERVATIONS_PREEMPTED)));
            connections.add(new ConnectionEnds("fd00:1:2:3::10", 3260, "fd00:1:2:3::" + i, i));
        }
        KeptState state =
                new KeptState(
                        new PersistentReservations.State(1, registrations, 0, null, true),
                        false,
                        false,
                        AccessState.ACTIVE_OPTIMIZED,
                        false,
                        false,
                        attentions);
        assertThat(UnitNotesCodec.encode(new UnitNotes(state, connections)))
                .hasSizeLessThan(VolumeNotes.MAX_BYTES);
    }
}
