package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.Superblock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata on a disk that dies in the middle of any page, again and again. */
class MetadataTornWriteTest {
    private static final VolumeId VOLUME = new VolumeId("r0");
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final MetadataLayout LAYOUT = MetadataLayout.external(1 << 20);
    private static final int EXTENT_BLOCKS = 64;

    /** Power is lost at a page. */
    private static final class PowerLost extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Map<Long, byte[]> pages = new HashMap<>();
    private int pagesUntilLoss = Integer.MAX_VALUE;
    private int tornAt;

    private void write(long offset, ByteBuffer page) {
        byte[] old = pages.getOrDefault(offset, new byte[MetadataLayout.PAGE_BYTES]);
        byte[] whole = new byte[MetadataLayout.PAGE_BYTES];
        page.get(page.position(), whole);
        if (--pagesUntilLoss == 0) {
            System.arraycopy(old, tornAt, whole, tornAt, whole.length - tornAt);
            pages.put(offset, whole);
            throw new PowerLost();
        }
        pages.put(offset, whole);
    }

    private LoadedMetadata read() {
        MetadataReader reader =
                new MetadataReader(
                        LAYOUT,
                        "disk",
                        (offset, page) ->
                                page.clear()
                                        .put(
                                                pages.getOrDefault(
                                                        offset,
                                                        new byte[MetadataLayout.PAGE_BYTES]))
                                        .clear(),
                        page());
        return reader.read(VOLUME, A, Set.of(B), EXTENT_BLOCKS);
    }

    private static ByteBuffer page() {
        return ByteBuffer.allocate(MetadataLayout.PAGE_BYTES);
    }

    private void create() {
        MetadataWriter.create(
                LAYOUT,
                Superblock.fresh(VOLUME, 42, A, LAYOUT.volumeBytes(), List.of(B)),
                page(),
                this::write);
    }

    private static Superblock underEpoch(long epoch) {
        return new Superblock(
                VOLUME,
                42,
                A,
                LAYOUT.volumeBytes(),
                new Epoch(epoch),
                DiskState.UP_TO_DATE,
                true,
                false,
                false,
                true,
                100 + epoch,
                7,
                List.of(8L, 9L),
                List.of(99L, 98L),
                List.of(new Superblock.Peer(B, 55)));
    }

    @Test
    void everyFieldComesBack() {
        create();
        new MetadataWriter(LAYOUT, read(), page(), this::write).superblock(underEpoch(3));
        assertThat(read().superblock()).isEqualTo(underEpoch(3));
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void theLongestSuperblockFitsItsPage() {
        List<NodeId> names = new ArrayList<>();
        for (int i = 0; i < MetadataLayout.BITMAP_SLOTS; i++) {
            names.add(new NodeId(i + "n".repeat(62)));
        }
        Superblock longest =
                new Superblock(
                        VOLUME,
                        42,
                        A,
                        LAYOUT.volumeBytes(),
                        new Epoch(Long.MAX_VALUE),
                        DiskState.CONSISTENT,
                        false,
                        true,
                        true,
                        false,
                        1,
                        2,
                        Collections.nCopies(Superblock.MAX_HISTORY, -1L),
                        Collections.nCopies(Superblock.MAX_HISTORY, -2L),
                        names.stream().map(n -> new Superblock.Peer(n, -3)).toList());
        ByteBuffer page = page();
        SuperblockCodec.encode(longest, 5, page);
        assertThat(SuperblockCodec.decode(page)).isEqualTo(new PageReading.Valid<>(5, longest));
    }

    // Which page of the writings after it is torn, and at which byte.
    @ParameterizedTest
    @CsvSource({
        "1, 0", "1, 100", "1, 4090", "2, 0", "2, 100", "2, 4090", "3, 200", "4, 200", "5, 50",
        "6, 3000"
    })
    void aTornWriteLeavesTheStateBeforeOrAfterIt(int page, int at) {
        create();
        MetadataWriter writer = new MetadataWriter(LAYOUT, read(), page(), this::write);
        writer.superblock(underEpoch(1));
        long written = 1;
        pagesUntilLoss = page;
        tornAt = at;
        try {
            while (true) {
                writer.superblock(underEpoch(written + 1));
                written++;
            }
        } catch (PowerLost e) {
            assertThat(read().superblock().epoch().number()).isBetween(written, written + 1);
        }
    }

    /** Each start reads, writes once, and loses power at its first or second page. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void losingPowerAtEachStartNeverLosesWhatWasWritten(int page) {
        create();
        new MetadataWriter(LAYOUT, read(), page(), this::write).superblock(underEpoch(1));
        for (int start = 0; start < 20; start++) {
            LoadedMetadata found = read();
            long epoch = found.superblock().epoch().number();
            pagesUntilLoss = page;
            tornAt = 8 + start * 100;
            MetadataWriter writer = new MetadataWriter(LAYOUT, found, page(), this::write);
            assertThatThrownBy(() -> writer.superblock(underEpoch(epoch + 1)))
                    .isInstanceOf(PowerLost.class);
            assertThat(read().superblock().epoch().number()).isBetween(epoch, epoch + 1);
        }
    }

    @Test
    void anyFlippedBitOfOneSuperblockIsMendedAndOfBothIsRefused() {
        create();
        new MetadataWriter(LAYOUT, read(), page(), this::write).superblock(underEpoch(1));
        for (int bit = 64; bit < 8 * MetadataLayout.PAGE_BYTES; bit += 37) {
            flip(0, bit);
            assertThat(read().superblock()).isEqualTo(underEpoch(1));
            assertThat(read().warnings()).hasSize(1);
            flip(1, bit);
            assertThatThrownBy(this::read).isInstanceOf(ProblemException.class);
            flip(0, bit);
            flip(1, bit);
        }
    }

    private void flip(int copy, int bit) {
        byte[] page = pages.get(LAYOUT.superblockAt(copy));
        if (page != null) {
            page[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }
}
