package io.holdfast.replication.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlottedNotesTest {
    private final Area area = new Area();

    /** A disk area whose completions may be held back, and whose writes may be torn. */
    private static final class Area implements BlockVolume {
        final byte[] bytes = new byte[SlottedNotes.AREA_BYTES];
        final List<Runnable> held = new ArrayList<>();
        boolean holding;
        int tornAfterBytes = Integer.MAX_VALUE;
        int writes;

        @Override
        public VolumeId id() {
            return new VolumeId("r0");
        }

        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
            into.put(bytes, (int) offsetBytes, into.remaining());
            completion.done(IoStatus.OK);
        }

        @Override
        public void write(
                long offsetBytes, ByteBuffer from, boolean force, IoCompletion completion) {
            writes++;
            boolean torn = from.remaining() > tornAfterBytes;
            int length = Math.min(from.remaining(), tornAfterBytes);
            from.get(bytes, (int) offsetBytes, length);
            IoStatus status = torn ? IoStatus.MEDIUM_ERROR : IoStatus.OK;
            if (holding) {
                held.add(() -> completion.done(status));
            } else {
                completion.done(status);
            }
        }

        @Override
        public void flush(IoCompletion completion) {
            completion.done(IoStatus.OK);
        }
    }

    private SlottedNotes opened() {
        SlottedNotes notes = new SlottedNotes(area);
        notes.load();
        return notes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String loaded() {
        return new String(new SlottedNotes(area).load(), StandardCharsets.UTF_8);
    }

    private static void store(SlottedNotes notes, String text, List<IoStatus> results) {
        notes.store(bytes(text), results::add);
    }

    @Test
    void aFreshAreaHasNoNotes() {
        assertThat(loaded()).isEmpty();
    }

    @Test
    void theLastRecordStoredIsLoaded() {
        SlottedNotes notes = opened();
        List<IoStatus> results = new ArrayList<>();
        for (String text : List.of("one", "two", "three")) {
            store(notes, text, results);
            assertThat(loaded()).isEqualTo(text);
        }
        assertThat(results).containsExactly(IoStatus.OK, IoStatus.OK, IoStatus.OK);
    }

    @Test
    void aRecordOfTheGreatestLengthIsLoadedWhole() {
        byte[] large = new byte[VolumeNotes.MAX_BYTES];
        large[large.length - 1] = 7;
        opened().store(large, status -> {});
        assertThat(new SlottedNotes(area).load()).isEqualTo(large);
    }

    @Test
    void aTornWriteLeavesTheRecordBeforeAndTheNextStoreDoesNotOverwriteIt() {
        SlottedNotes notes = opened();
        List<IoStatus> results = new ArrayList<>();
        store(notes, "one", results);
        area.tornAfterBytes = 66;
        store(notes, "twenty-two", results);
        assertThat(loaded()).isEqualTo("one");
        store(notes, "thirty-three", results);
        assertThat(loaded()).isEqualTo("one");
        area.tornAfterBytes = Integer.MAX_VALUE;
        store(notes, "four", results);
        assertThat(loaded()).isEqualTo("four");
        assertThat(results)
                .containsExactly(
                        IoStatus.OK, IoStatus.MEDIUM_ERROR, IoStatus.MEDIUM_ERROR, IoStatus.OK);
    }

    @Test
    void storesThatWaitAreJoinedIntoTheLast() {
        SlottedNotes notes = opened();
        List<IoStatus> results = new ArrayList<>();
        area.holding = true;
        store(notes, "one", results);
        store(notes, "two", results);
        store(notes, "three", results);
        assertThat(results).isEmpty();
        while (!area.held.isEmpty()) {
            area.held.removeFirst().run();
        }
        assertThat(results).hasSize(3);
        assertThat(area.writes).isEqualTo(2);
        assertThat(loaded()).isEqualTo("three");
    }

    @Test
    void aSuccessorContinuesTheNumbers() {
        store(opened(), "one", new ArrayList<>());
        store(opened(), "two", new ArrayList<>());
        store(opened(), "three", new ArrayList<>());
        assertThat(loaded()).isEqualTo("three");
    }

    @Test
    void notesThatAreDamagedTwiceAreReportedAndLeftAlone() {
        SlottedNotes notes = opened();
        store(notes, "one", new ArrayList<>());
        store(notes, "two", new ArrayList<>());
        area.bytes[NotesSlot.HEAD_BYTES] ^= 1;
        assertThat(loaded()).isEqualTo("one");
        area.bytes[NotesSlot.SLOT_BYTES + NotesSlot.HEAD_BYTES] ^= 1;
        byte[] before = area.bytes.clone();
        assertThatThrownBy(this::loaded)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("r0")
                .hasMessageContaining("damaged");
        assertThat(area.bytes).isEqualTo(before);
    }

    @Test
    void whatIsNoNotesAtAllCountsAsNone() {
        Arrays.fill(area.bytes, (byte) 0x5a);
        assertThat(loaded()).isEmpty();
    }

    @Test
    void anUnknownVersionOrLengthIsDamage() {
        store(opened(), "one", new ArrayList<>());
        for (int at : new int[] {8, 12, 16, 24, 28}) {
            byte[] slot = area.bytes.clone();
            slot[NotesSlot.SLOT_BYTES + at] ^= 0x40;
            NotesSlot decoded =
                    NotesSlot.decode(
                            ByteBuffer.wrap(slot)
                                    .slice(NotesSlot.SLOT_BYTES, NotesSlot.SLOT_BYTES));
            assertThat(decoded.content()).as("byte %d", at).isEqualTo(NotesSlot.Content.DAMAGED);
        }
    }
}
