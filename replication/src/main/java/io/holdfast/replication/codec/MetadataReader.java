package io.holdfast.replication.codec;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.core.BlockBitmap;
import io.holdfast.replication.core.Superblock;
import io.holdfast.replication.core.VolumeGeometry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a replica's metadata and refuses whatever could not have been left by a crash of this
 * program. It changes nothing.
 *
 * <pre>
 *  found                                            done
 *  superblock: both right, same sequence            taken
 *  superblock: both right, sequences differ by 1    the higher (crashed between the two)
 *  superblock: one right, the other damaged         the right one, with a warning
 *  superblock: anything else                        refused
 *  activity log, not clean: both right              the higher sequence
 *  activity log, not clean: one right               that one (the other was torn by the crash)
 *  activity log, not clean: none right              refused
 *  activity log, clean                              not looked at
 *  bitmap page damaged, not clean                   all of its blocks count as dirty: it was torn
 *  bitmap page damaged, clean                       refused
 * </pre>
 *
 * Calling a torn bitmap page all dirty is no guess: it only copies more than is needed.
 */
public final class MetadataReader {
    /** Where pages come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills the first 4 KiB of {@code page}.
         *
         * @throws ProblemException when the page cannot be read
         */
        void read(long offsetBytes, ByteBuffer page);
    }

    private final MetadataLayout layout;
    private final String object;
    private final Source source;
    private final ByteBuffer page;
    private final List<Problem> warnings = new ArrayList<>();

    /**
     * @param object the file or device, for messages
     * @param page at least 4 KiB, for the reader's own use
     */
    public MetadataReader(MetadataLayout layout, String object, Source source, ByteBuffer page) {
        this.layout = layout;
        this.object = object;
        this.source = source;
        this.page = page;
    }

    /** Whether anything but zeros lies where the superblock would be. */
    public boolean isOccupied() {
        return !(superblockCopy(0) instanceof PageReading.Blank<Superblock>)
                || !(superblockCopy(1) instanceof PageReading.Blank<Superblock>);
    }

    /**
     * Reads all of it.
     *
     * @throws ProblemException when they are not those of that replica, or damaged
     */
    public LoadedMetadata read(VolumeId volume, NodeId self, Set<NodeId> peers, int extentBlocks) {
        PageReading.Valid<Superblock> superblock = superblock();
        check(superblock.content(), volume, self, peers);
        VolumeGeometry geometry = new VolumeGeometry(layout.volumeBytes(), extentBlocks);
        PageReading.Valid<int[]> log = activityLog(superblock.content(), geometry);
        return new LoadedMetadata(
                superblock.content(),
                superblock.sequence(),
                log.content(),
                log.sequence(),
                bitmaps(superblock.content(), geometry),
                warnings);
    }

    // ---- superblock

    private PageReading<Superblock> superblockCopy(int copy) {
        source.read(layout.superblockAt(copy), page);
        return SuperblockCodec.decode(page);
    }

    private PageReading.Valid<Superblock> superblock() {
        PageReading<Superblock> first = superblockCopy(0);
        PageReading<Superblock> second = superblockCopy(1);
        if (first instanceof PageReading.Valid<Superblock> a
                && second instanceof PageReading.Valid<Superblock> b) {
            if (Math.abs(a.sequence() - b.sequence()) > 1) {
                throw refused(
                        "the two superblocks do not belong together (written as number "
                                + a.sequence()
                                + " and "
                                + b.sequence()
                                + ")");
            }
            return a.sequence() >= b.sequence() ? a : b;
        }
        if (first instanceof PageReading.Valid<Superblock> a) {
            return theOther(a, second);
        }
        if (second instanceof PageReading.Valid<Superblock> b) {
            return theOther(b, first);
        }
        throw unreadable(first, second);
    }

    private PageReading.Valid<Superblock> theOther(
            PageReading.Valid<Superblock> right, PageReading<Superblock> wrong) {
        // The first writing of all may have been cut short after the first copy.
        boolean blankIsFine = wrong instanceof PageReading.Blank && right.sequence() == 1;
        if (!blankIsFine && !(wrong instanceof PageReading.Damaged<Superblock>)) {
            throw refused(
                    "one of the two superblocks is right, and something else lies in place"
                            + " of the other");
        }
        warnings.add(
                new Problem(
                        "one of the two superblocks was damaged",
                        object,
                        "it was torn by a crash, or the disk lost it",
                        "nothing: the other is right and is written over it"));
        return right;
    }

    private ProblemException unreadable(
            PageReading<Superblock> first, PageReading<Superblock> second) {
        for (PageReading<Superblock> reading : List.of(first, second)) {
            if (reading instanceof PageReading.OtherVersion<Superblock>(int version)) {
                return refused(
                        "they have format version "
                                + version
                                + "; this program knows version "
                                + MetadataLayout.FORMAT_VERSION);
            }
        }
        if (first instanceof PageReading.Damaged<Superblock>(String why)) {
            return refused("both superblocks are damaged: of the first, " + why);
        }
        if (first instanceof PageReading.Blank && second instanceof PageReading.Blank) {
            return new ProblemException(
                    new Problem(
                            "there are no metadata",
                            object,
                            "none were ever written there",
                            "create them (drbdadm create-md) if this is a new replica; check the"
                                    + " path if it is not"));
        }
        return refused("something else lies where the superblocks should be");
    }

    private void check(Superblock found, VolumeId volume, NodeId self, Set<NodeId> peers) {
        if (!found.volume().equals(volume)) {
            throw refused("they are those of volume " + found.volume() + ", not of " + volume);
        }
        if (!found.self().equals(self)) {
            throw refused("they are those of node " + found.self() + ", not of " + self);
        }
        if (found.sizeBytes() != layout.volumeBytes()) {
            throw refused(
                    "they are for a volume of "
                            + found.sizeBytes()
                            + " bytes, and the disk has room for "
                            + layout.volumeBytes());
        }
        Set<NodeId> known = new TreeSet<>();
        found.peers().forEach(p -> known.add(p.node()));
        if (!known.equals(new TreeSet<>(peers))) {
            throw refused(
                    "they know the peers " + known + ", drbd.conf names " + new TreeSet<>(peers));
        }
    }

    // ---- activity log

    private PageReading.Valid<int[]> activityLog(Superblock superblock, VolumeGeometry geometry) {
        List<PageReading.Valid<int[]>> right = new ArrayList<>();
        for (int copy = 0; copy < 2; copy++) {
            source.read(layout.activityLogAt(copy), page);
            PageReading<int[]> reading =
                    ActivityLogCodec.decode(page, superblock.metadataId(), geometry.extents());
            if (reading instanceof PageReading.Valid<int[]> valid) {
                right.add(valid);
            }
        }
        Optional<PageReading.Valid<int[]>> latest =
                right.stream().max(java.util.Comparator.comparingLong(PageReading.Valid::sequence));
        if (latest.isEmpty() && !superblock.clean()) {
            throw refused("both pages of the activity log are damaged");
        }
        return latest.orElse(new PageReading.Valid<>(0, new int[0]));
    }

    // ---- bitmaps

    private List<BlockBitmap> bitmaps(Superblock superblock, VolumeGeometry geometry) {
        List<BlockBitmap> bitmaps = new ArrayList<>();
        for (int slot = 0; slot < superblock.peers().size(); slot++) {
            BlockBitmap bitmap = new BlockBitmap(geometry.blocks());
            for (int index = 0; index < bitmap.pageCount(); index++) {
                readPage(superblock, geometry, slot, index, bitmap);
            }
            bitmaps.add(bitmap);
        }
        return bitmaps;
    }

    private void readPage(
            Superblock superblock,
            VolumeGeometry geometry,
            int slot,
            int index,
            BlockBitmap bitmap) {
        source.read(layout.bitmapPageAt(slot, index), page);
        switch (BitmapPageCodec.decode(page, superblock.metadataId(), slot, index)) {
            case PageReading.Valid<long[]>(long sequence, long[] words) -> {
                bitmap.setPage(index, words);
                bitmap.pageWritten(index);
            }
            case PageReading.Blank<long[]>() -> {}
            default -> {
                if (superblock.clean()) {
                    throw refused(
                            "page " + index + " of the bitmap of slot " + slot + " is damaged");
                }
                long first = (long) index * BlockBitmap.PAGE_BLOCKS;
                bitmap.set(first, Math.min(geometry.blocks(), first + BlockBitmap.PAGE_BLOCKS));
                warnings.add(
                        new Problem(
                                "a page of the bitmap was torn",
                                object,
                                "the node crashed while writing it",
                                "nothing: the blocks it stands for are resynced"));
            }
        }
    }

    private ProblemException refused(String why) {
        return new ProblemException(
                new Problem(
                        "the metadata are refused and left as they are",
                        object,
                        why,
                        "check that drbd.conf names the right disk; if this replica is to be made"
                                + " anew from another one, create its metadata with --force"));
    }
}
