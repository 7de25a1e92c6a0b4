package io.holdfast.api.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasePageTest {
    private static final VolumeId VOLUME = new VolumeId("VM_STORAGE_1");
    private static final VolumeId OTHER = new VolumeId("VM_STORAGE_2");
    private static final Epoch EPOCH = new Epoch(7);
    private static final Term TERM = new Term(3);
    private static final long UNTIL = 123_456_789_000L;

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("run/holdfast/lease-page");
    }

    @Test
    void aPageNobodyWroteGrantsNothing() {
        try (LeasePageReader reader = LeasePageReader.open(file())) {
            assertThat(reader.actingUntilNanos()).isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.volume(VOLUME).untilNanos(EPOCH))
                    .isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.guardedAddresses()).isEmpty();
        }
    }

    @Test
    void aGrantHoldsForItsVolumeAndEpochAlone() {
        try (LeasePageReader reader = LeasePageReader.open(file());
                LeasePageWriter writer = LeasePageWriter.open(file())) {
            LeasePageReader.VolumeGrant grant = reader.volume(VOLUME);
            writer.extend(TERM, UNTIL);
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(LeasePageReader.NOT_ACTING);
            writer.grant(VOLUME, EPOCH);
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(UNTIL);
            assertThat(grant.untilNanos(new Epoch(6))).isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(grant.untilNanos(Epoch.NONE)).isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.volume(OTHER).untilNanos(EPOCH))
                    .isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.header().term()).isEqualTo(TERM);
        }
    }

    @Test
    void aRevokedGrantIsGoneThoughTheLeaseRuns() {
        try (LeasePageReader reader = LeasePageReader.open(file());
                LeasePageWriter writer = LeasePageWriter.open(file())) {
            LeasePageReader.VolumeGrant grant = reader.volume(VOLUME);
            writer.extend(TERM, UNTIL);
            writer.grant(VOLUME, EPOCH);
            writer.grant(OTHER, new Epoch(1));
            writer.revoke(VOLUME);
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.volume(OTHER).untilNanos(new Epoch(1))).isEqualTo(UNTIL);
            writer.end();
            assertThat(reader.volume(OTHER).untilNanos(new Epoch(1)))
                    .isEqualTo(LeasePageReader.NOT_ACTING);
        }
    }

    @Test
    void aNewWriterTakesEveryRightAwayAndTellsWhichAddressesWereUp() throws IOException {
        GuardedAddress v4 = new GuardedAddress("int1.24", InetAddress.getByName("10.1.24.10"), 24);
        GuardedAddress v6 = new GuardedAddress("eth0", InetAddress.getByName("fd00::10"), 64);
        try (LeasePageReader reader = LeasePageReader.open(file())) {
            LeasePageReader.VolumeGrant grant = reader.volume(VOLUME);
            LeasePageWriter first = LeasePageWriter.open(file());
            first.extend(TERM, UNTIL);
            first.grant(OTHER, EPOCH);
            first.grant(VOLUME, EPOCH);
            first.guard(v4);
            first.guard(v6);
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(UNTIL);
            assertThat(reader.guardedAddresses()).containsExactly(v4, v6);
            first.close();
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(LeasePageReader.NOT_ACTING);

            try (LeasePageWriter second = LeasePageWriter.open(file())) {
                assertThat(second.inherited()).containsExactly(v4, v6);
                assertThat(reader.guardedAddresses()).isEmpty();
                second.extend(TERM, UNTIL);
                second.grant(VOLUME, new Epoch(8)); // now in slot 0, which was OTHER's
                assertThat(grant.untilNanos(EPOCH)).isEqualTo(LeasePageReader.NOT_ACTING);
                assertThat(grant.untilNanos(new Epoch(8))).isEqualTo(UNTIL);
            }
        }
    }

    @Test
    void anUnguardedAddressLeavesTheTable() throws IOException {
        GuardedAddress one = new GuardedAddress("eth0", InetAddress.getByName("10.0.0.1"), 24);
        GuardedAddress two = new GuardedAddress("eth0", InetAddress.getByName("10.0.0.2"), 24);
        try (LeasePageReader reader = LeasePageReader.open(file());
                LeasePageWriter writer = LeasePageWriter.open(file())) {
            writer.guard(one);
            writer.guard(two);
            long generation = reader.header().addressGeneration();
            writer.unguard(one);
            assertThat(reader.guardedAddresses()).containsExactly(two);
            assertThat(reader.header().addressGeneration()).isGreaterThan(generation);
        }
    }

    @Test
    void aPageOfAnEarlierBootIsNotBelieved() throws IOException {
        try (LeasePageWriter writer = LeasePageWriter.open(file())) {
            writer.extend(TERM, UNTIL);
            writer.grant(VOLUME, EPOCH);
            writer.guard(new GuardedAddress("eth0", InetAddress.getByName("10.0.0.1"), 24));
            poke(LeasePage.BOOT_ID_AT, (byte) ~peek(LeasePage.BOOT_ID_AT));
            try (LeasePageReader reader = LeasePageReader.open(file())) {
                assertThat(reader.actingUntilNanos()).isEqualTo(LeasePageReader.NOT_ACTING);
                assertThat(reader.volume(VOLUME).untilNanos(EPOCH))
                        .isEqualTo(LeasePageReader.NOT_ACTING);
                assertThat(reader.guardedAddresses()).isEmpty();
            }
        }
        try (LeasePageWriter next = LeasePageWriter.open(file())) {
            assertThat(next.inherited()).isEmpty();
        }
    }

    @Test
    void aWriterThatDiedInTheMiddleOfWritingIsNoRightToActUntilTheNextOneWrites()
            throws IOException {
        try (LeasePageReader reader = LeasePageReader.open(file())) {
            LeasePageReader.VolumeGrant grant = reader.volume(VOLUME);
            LeasePageWriter first = LeasePageWriter.open(file());
            first.extend(TERM, UNTIL);
            first.grant(VOLUME, EPOCH);
            poke(LeasePage.SEQUENCE_AT, (byte) (peek(LeasePage.SEQUENCE_AT) | 1));
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(LeasePageReader.NOT_ACTING);
            assertThat(reader.actingUntilNanos()).isEqualTo(LeasePageReader.NOT_ACTING);
            first.extend(TERM, UNTIL + 1);
            assertThat(grant.untilNanos(EPOCH)).isEqualTo(UNTIL + 1);
            first.close();
        }
    }

    @Test
    void aWriterInTheMiddleOfWritingDoesNotEndTheLeaseThatWasReadBefore() throws IOException {
        try (LeasePageReader reader = LeasePageReader.open(file());
                LeasePageReader late = LeasePageReader.open(file());
                LeasePageWriter writer = LeasePageWriter.open(file())) {
            writer.extend(TERM, UNTIL);
            assertThat(reader.actingUntilNanos()).isEqualTo(UNTIL);
            poke(LeasePage.SEQUENCE_AT, (byte) (peek(LeasePage.SEQUENCE_AT) | 1));
            assertThat(reader.actingUntilNanos()).isEqualTo(UNTIL);
            assertThat(late.actingUntilNanos()).isEqualTo(LeasePageReader.NOT_ACTING);
            writer.end();
            assertThat(reader.actingUntilNanos()).isEqualTo(LeasePageReader.NOT_ACTING);
        }
    }

    @Test
    void thereIsOneWriterOnANode() {
        try (LeasePageWriter writer = LeasePageWriter.open(file())) {
            assertThat(writer.inherited()).isEmpty();
            assertThatThrownBy(() -> LeasePageWriter.open(file()))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("another clusterd");
        }
    }

    @Test
    void thePageIsForThisUserAlone() throws IOException {
        try (LeasePageReader reader = LeasePageReader.open(file())) {
            assertThat(reader.guardedAddresses()).isEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void thePageLooksAsDocumented() throws IOException {
        try (LeasePageWriter writer = LeasePageWriter.open(file())) {
            writer.extend(TERM, UNTIL);
            writer.grant(VOLUME, EPOCH);
            writer.guard(new GuardedAddress("eth0", InetAddress.getByName("10.0.0.1"), 24));
            ByteBuffer page =
                    ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(page.capacity()).isEqualTo(57_472);
            assertThat(text(page, 0, 8)).isEqualTo("HFLEASE1");
            assertThat(page.getInt(8)).isEqualTo(1);
            assertThat(page.getLong(16) & 1).isZero();
            assertThat(page.getLong(40)).isNotZero();
            assertThat(page.getLong(48)).isEqualTo(ProcessHandle.current().pid());
            assertThat(page.getLong(56)).isEqualTo(UNTIL);
            assertThat(page.getLong(64)).isEqualTo(3);
            assertThat(page.getLong(72)).isEqualTo(1);
            assertThat(page.getLong(80)).isEqualTo(1);
            assertThat(page.getInt(88)).isEqualTo(1);
            assertThat(page.getInt(92)).isEqualTo(1);
            assertThat(text(page, 128, 13)).isEqualTo("VM_STORAGE_1\0");
            assertThat(page.getLong(128 + 64)).isEqualTo(7);
            assertThat(text(page, 41_088, 5)).isEqualTo("eth0\0");
            assertThat(page.getInt(41_088 + 16)).isEqualTo(0x0100000a);
            assertThat(page.get(41_088 + 32)).isEqualTo((byte) 4);
            assertThat(page.get(41_088 + 33)).isEqualTo((byte) 24);
        }
    }

    @Test
    void aFullTableSaysSo() {
        try (LeasePageWriter writer = LeasePageWriter.open(file())) {
            for (int number = 0; number < LeasePage.VOLUME_SLOTS; number++) {
                writer.grant(new VolumeId("volume" + number), EPOCH);
            }
            assertThatThrownBy(() -> writer.grant(VOLUME, EPOCH))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("512 volumes");
        }
    }

    /**
     * The writer keeps until = 1000 × epoch in each stable state; a reader must see nothing else.
     */
    @Test
    void noReaderEverSeesAHalfWrittenPage() throws InterruptedException {
        try (LeasePageReader reader = LeasePageReader.open(file());
                LeasePageWriter writer = LeasePageWriter.open(file())) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean torn = new AtomicBoolean();
            Thread[] readers = new Thread[2];
            for (int i = 0; i < readers.length; i++) {
                readers[i] =
                        new Thread(
                                () -> {
                                    LeasePageReader.VolumeGrant grant = reader.volume(VOLUME);
                                    while (!done.get()) {
                                        long seen = grant.untilNanos(2);
                                        if (seen != LeasePageReader.NOT_ACTING && seen != 2000) {
                                            torn.set(true);
                                        }
                                    }
                                });
                readers[i].start();
            }
            for (int round = 0; round < 100_000; round++) {
                writer.revoke(VOLUME);
                writer.extend(TERM, 1000);
                writer.grant(VOLUME, new Epoch(1));
                writer.revoke(VOLUME);
                writer.extend(TERM, 2000);
                writer.grant(VOLUME, new Epoch(2));
            }
            done.set(true);
            for (Thread thread : readers) {
                thread.join();
            }
            assertThat(torn).isFalse();
        }
    }

    private byte peek(long at) throws IOException {
        return Files.readAllBytes(file())[(int) at];
    }

    private void poke(long at, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {value}), at);
        }
    }

    private static String text(ByteBuffer page, int at, int length) {
        byte[] bytes = new byte[length];
        page.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
