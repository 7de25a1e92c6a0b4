package io.holdfast.replication.driver;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.replication.codec.LoadedMetadata;
import io.holdfast.replication.codec.MetadataLayout;
import io.holdfast.replication.codec.MetadataReader;
import io.holdfast.replication.codec.MetadataWriter;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.core.Superblock;
import io.holdfast.replication.core.VolumeGeometry;
import io.holdfast.replication.volume.SlottedNotes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;

/** Where a replica's metadata lies on disk: at the end of its backing file, or in its own. */
final class MetadataFile implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DirectFile file;
    private final boolean ownFile;
    private final MetadataLayout layout;
    private final ByteBuffer page = AlignedBufferPool.allocate(MetadataLayout.PAGE_BYTES);

    private MetadataFile(DirectFile file, boolean ownFile, MetadataLayout layout) {
        this.file = file;
        this.ownFile = ownFile;
        this.layout = layout;
    }

    /** Opens the metadata area that belongs to {@code disk}. */
    static MetadataFile open(ReplicaConfig replica, DirectFile disk) {
        return switch (replica.metaDisk()) {
            case MetaDisk.Internal internal -> {
                MetadataLayout layout = MetadataLayout.internal(disk.sizeBytes());
                if (layout.volumeBytes() <= SlottedNotes.AREA_BYTES) {
                    throw tooSmall(disk);
                }
                yield new MetadataFile(disk, false, layout);
            }
            case MetaDisk.External(Path path) ->
                    new MetadataFile(
                            DirectFile.open(path), true, MetadataLayout.external(disk.sizeBytes()));
        };
    }

    /** Makes sure that an external metadata file is there and long enough. */
    static void prepare(ReplicaConfig replica, DirectFile disk) {
        if (replica.metaDisk() instanceof MetaDisk.External(Path path)) {
            try {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            } catch (IOException e) {
                throw unusable(path.toString(), "it cannot be made: " + e);
            }
            long bytes = MetadataLayout.external(disk.sizeBytes()).sizeBytes();
            try (DirectFile file = DirectFile.open(path)) {
                int result = file.sizeBytes() < bytes ? file.resize(bytes) : BlockFile.DONE;
                check(path.toString(), "grow", result);
            }
        }
    }

    MetadataLayout layout() {
        return layout;
    }

    /** Whether anything was ever written there. */
    boolean isOccupied() {
        return reader().isOccupied();
    }

    LoadedMetadata read(VolumeId volume, NodeId self, Set<NodeId> peers) {
        return reader().read(volume, self, peers, VolumeGeometry.EXTENT_BLOCKS);
    }

    /** Writes the metadata of a replica that never held data, over whatever is there. */
    void create(VolumeId volume, NodeId self, List<NodeId> peers) {
        ByteBuffer zeros = AlignedBufferPool.allocate(MetadataLayout.PAGE_BYTES);
        for (long at = 0; at < layout.sizeBytes(); at += MetadataLayout.PAGE_BYTES) {
            check(file.name(), "write", file.write(layout.offsetBytes() + at, zeros.clear()));
        }
        check(file.name(), "flush", file.sync());
        MetadataWriter.create(
                layout,
                Superblock.fresh(volume, RANDOM.nextLong(), self, layout.volumeBytes(), peers),
                page,
                this::writePage);
    }

    /** A page, on stable storage when this returns. */
    void writePage(long offsetBytes, ByteBuffer content) {
        check(file.name(), "write", file.write(offsetBytes, content));
        check(file.name(), "flush", file.sync());
    }

    private MetadataReader reader() {
        return new MetadataReader(layout, file.name(), this::readPage, page);
    }

    private void readPage(long offsetBytes, ByteBuffer into) {
        into.clear().limit(MetadataLayout.PAGE_BYTES);
        check(file.name(), "read", file.read(offsetBytes, into));
        into.clear();
    }

    @Override
    public void close() {
        if (ownFile) {
            file.close();
        }
    }

    private static void check(String object, String what, int result) {
        if (result != BlockFile.DONE) {
            throw unusable(object, "the " + what + " failed with error number " + result);
        }
    }

    private static ProblemException unusable(String object, String why) {
        return new ProblemException(
                new Problem(
                        "the metadata cannot be used",
                        object,
                        why,
                        "see that the disk has room and no errors (dmesg)"));
    }

    private static ProblemException tooSmall(DirectFile disk) {
        return new ProblemException(
                new Problem(
                        "the backing file is too small",
                        disk.name(),
                        "it has " + disk.sizeBytes() + " bytes, which its own metadata would fill",
                        "make it larger (truncate -s 1G), or give it a meta-disk of its own"));
    }
}
