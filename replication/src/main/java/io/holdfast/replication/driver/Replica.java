package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.BlockRequest;
import io.holdfast.replication.core.ConnectionState;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.SlottedNotes;
import io.holdfast.replication.volume.VolumeNotes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** This node's replica of one volume: down, or up as a {@link RunningVolume}. */
final class Replica {
    private static final int CHECKS = 5;

    private final VolumeConfig config;
    private final ReplicaConfig own;
    private final ActingRight right;
    private final byte[] secret;
    private final IoPool io;
    private final VolumeListener listener;
    private final AtomicInteger openCount = new AtomicInteger();

    /** Changed under the lock, which orders may hold for long; looked at without it. */
    private volatile @Nullable RunningVolume running;

    private volatile @Nullable Set<NodeId> members;

    Replica(
            VolumeConfig config,
            ReplicaConfig own,
            ActingRight right,
            byte[] secret,
            IoPool io,
            VolumeListener listener) {
        this.config = config;
        this.own = own;
        this.right = right;
        this.secret = secret;
        this.io = io;
        this.listener = listener;
    }

    synchronized void createMetadata(boolean force) {
        if (running != null) {
            throw refused("metadata cannot be written", "the volume is up", "take it down first");
        }
        try (DirectFile disk = DirectFile.open(own.disk())) {
            MetadataFile.prepare(own, disk);
            try (MetadataFile metadata = MetadataFile.open(own, disk)) {
                if (metadata.isOccupied() && !force) {
                    throw refused(
                            "metadata are there already",
                            "they say what the replica's data is worth, and would be lost",
                            "use the volume as it is; or write new ones with --force, and let it"
                                    + " resync from another replica");
                }
                metadata.create(config.id(), own.node(), peers());
                if (config.hasNotes()) {
                    forgetNotes(disk, metadata.layout().volumeBytes());
                }
            }
        }
    }

    /** What an earlier volume on this disk left must not be taken for notes of the new one. */
    private void forgetNotes(DirectFile disk, long volumeBytes) {
        ByteBuffer zeros = AlignedBufferPool.allocate(SlottedNotes.AREA_BYTES);
        int result = disk.write(volumeBytes - SlottedNotes.AREA_BYTES, zeros);
        if (result == BlockFile.DONE) {
            result = disk.sync();
        }
        if (result != BlockFile.DONE) {
            throw refused(
                    "metadata cannot be written",
                    "the disk refuses a write, errno " + result,
                    "check the disk " + own.disk());
        }
    }

    private List<NodeId> peers() {
        return config.replicas().stream()
                .map(ReplicaConfig::node)
                .filter(node -> !node.equals(own.node()))
                .toList();
    }

    synchronized void up() {
        if (running != null) {
            return;
        }
        RunningVolume volume =
                new RunningVolume(config, own, right, secret, io, listener::volumeChanged);
        running = volume;
        Set<NodeId> present = members;
        if (present != null) {
            volume.membersChanged(present);
        }
        volume.start();
    }

    synchronized void down() {
        RunningVolume volume = running;
        if (volume == null) {
            return;
        }
        if (!volume.isStopped()) {
            volume.detach();
        }
        volume.close();
        running = null;
        listener.volumeChanged(status());
    }

    synchronized void promote(Epoch epoch, boolean force) {
        requireUp("it cannot be promoted").promote(epoch, force);
    }

    synchronized void demote(boolean evenIfOpen) {
        RunningVolume volume = running;
        if (volume == null) {
            return;
        }
        if (openCount.get() > 0 && !evenIfOpen) {
            throw refused(
                    "it cannot be demoted",
                    openCount + " users hold it open",
                    "stop what uses it first");
        }
        if (!volume.isStopped()) {
            volume.demote();
        }
    }

    synchronized void newCurrentUuid(boolean clearBitmap) {
        RunningVolume volume = requireUp("a new generation cannot begin");
        if (!clearBitmap) {
            throw refused(
                    "a new generation cannot begin",
                    "without --clear-bitmap it would only mark every replica for a full sync",
                    "use --clear-bitmap for fresh replicas; a Primary begins generations by itself");
        }
        volume.declareEqual();
    }

    VolumeStatus status() {
        RunningVolume volume = running;
        return volume == null ? statusWhileDown() : volume.status(openCount.get());
    }

    private VolumeStatus statusWhileDown() {
        return new VolumeStatus(
                config.id(),
                config.device(),
                false,
                Role.SECONDARY,
                DiskState.DISKLESS,
                config.net().protocol(),
                Epoch.NONE,
                0,
                false,
                0,
                peers().stream().map(Replica::unconnected).toList(),
                VolumeStatus.Counters.NONE,
                Optional.empty());
    }

    private static VolumeStatus.PeerStatus unconnected(NodeId peer) {
        return new VolumeStatus.PeerStatus(
                peer,
                ConnectionState.CONNECTING,
                ReplicationState.OFF,
                Role.UNKNOWN,
                DiskState.UNKNOWN,
                0,
                100,
                0,
                0,
                -1,
                -1);
    }

    /** Not under the lock: a promotion may be waiting for the very node that has left. */
    void membersChanged(Set<NodeId> newMembers) {
        Set<NodeId> present = Set.copyOf(newMembers);
        members = present;
        RunningVolume volume = running;
        if (volume != null) {
            volume.membersChanged(present);
        }
    }

    /** As for {@link #membersChanged}. */
    void heard(NodeId node, InetAddress address, boolean heard) {
        RunningVolume volume = running;
        if (volume != null) {
            volume.heard(node, address, heard);
        }
    }

    synchronized OpenVolume open() {
        RunningVolume volume = requireUp("it cannot be opened");
        if (!volume.isPrimary()) {
            throw refused("it cannot be opened", "it is not Primary here", "promote it first");
        }
        openCount.incrementAndGet();
        return new Handle(volume);
    }

    synchronized void close() {
        RunningVolume volume = running;
        if (volume != null) {
            volume.close();
            running = null;
        }
    }

    VolumeConfig config() {
        return config;
    }

    boolean isUp() {
        return running != null;
    }

    /** The volume, for orders that take no turn with others; refused while it is down. */
    RunningVolume up(String what) {
        return requireUp(what);
    }

    /** Read beside the running volume, which writes page by page; it may be a moment old. */
    List<String> dumpMetadata() {
        try (DirectFile disk = DirectFile.open(own.disk());
                MetadataFile metadata = MetadataFile.open(own, disk)) {
            return MetadataText.of(
                    metadata.read(config.id(), own.node(), new TreeSet<>(peers())),
                    metadata.layout(),
                    peers());
        }
    }

    List<String> checkMetadata() {
        List<String> found = checkMetadataOnce();
        // A page that the running volume is writing just now may look torn, but not each time.
        for (int again = 0; again < CHECKS && isUp() && !found.isEmpty(); again++) {
            found = checkMetadataOnce();
        }
        return found;
    }

    private List<String> checkMetadataOnce() {
        try {
            List<String> lines = dumpMetadata();
            return lines.stream().filter(line -> line.startsWith(MetadataText.WARNING)).toList();
        } catch (ProblemException e) {
            return List.of(e.problem().message());
        }
    }

    private RunningVolume requireUp(String what) {
        RunningVolume volume = running;
        if (volume == null) {
            throw refused(what, "it is not up", "take it up first");
        }
        return volume;
    }

    private ProblemException refused(String what, String why, String remedy) {
        return new ProblemException(new Problem(what, config.id().name(), why, remedy));
    }

    /** What lies behind the part of the volume that its users see, seen through their handle. */
    private record NotesArea(Handle handle) implements BlockVolume {
        @Override
        public VolumeId id() {
            return handle.id();
        }

        @Override
        public long sizeBytes() {
            return SlottedNotes.AREA_BYTES;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
            long offset = handle.sizeBytes() + offsetBytes;
            handle.submitUnbounded(BlockRequest.Kind.READ, offset, into, false, completion);
        }

        @Override
        public void write(
                long offsetBytes,
                ByteBuffer from,
                boolean forceUnitAccess,
                IoCompletion completion) {
            long offset = handle.sizeBytes() + offsetBytes;
            handle.submitUnbounded(
                    BlockRequest.Kind.WRITE, offset, from, forceUnitAccess, completion);
        }

        @Override
        public void flush(IoCompletion completion) {
            handle.flush(completion);
        }
    }

    /** The volume as one user holds it. */
    private final class Handle implements OpenVolume {
        private final RunningVolume volume;
        private final Optional<VolumeNotes> notes;
        private volatile boolean closed;

        Handle(RunningVolume volume) {
            this.volume = volume;
            this.notes =
                    config.hasNotes()
                            ? Optional.of(new SlottedNotes(new NotesArea(this)))
                            : Optional.empty();
        }

        @Override
        public VolumeId id() {
            return config.id();
        }

        @Override
        public long sizeBytes() {
            return volume.usableBytes();
        }

        @Override
        public Optional<VolumeNotes> notes() {
            return notes;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
            submit(BlockRequest.Kind.READ, offsetBytes, into, false, completion);
        }

        @Override
        public void write(
                long offsetBytes,
                ByteBuffer from,
                boolean forceUnitAccess,
                IoCompletion completion) {
            submit(BlockRequest.Kind.WRITE, offsetBytes, from, forceUnitAccess, completion);
        }

        @Override
        public void flush(IoCompletion completion) {
            if (closed) {
                completion.done(IoStatus.NOT_PRIMARY);
            } else {
                volume.flush(completion);
            }
        }

        private void submit(
                BlockRequest.Kind kind,
                long offsetBytes,
                ByteBuffer buffer,
                boolean forceUnitAccess,
                IoCompletion completion) {
            if (isInVolume(offsetBytes, buffer.remaining())) {
                submitUnbounded(kind, offsetBytes, buffer, forceUnitAccess, completion);
            } else {
                completion.done(closed ? IoStatus.NOT_PRIMARY : IoStatus.OUT_OF_RANGE);
            }
        }

        private void submitUnbounded(
                BlockRequest.Kind kind,
                long offsetBytes,
                ByteBuffer buffer,
                boolean forceUnitAccess,
                IoCompletion completion) {
            if (closed) {
                completion.done(IoStatus.NOT_PRIMARY);
            } else if (buffer.remaining() == 0) {
                completion.done(IoStatus.OK);
            } else if (buffer.remaining() <= RunningVolume.MAX_REQUEST_BYTES) {
                volume.submit(kind, offsetBytes, buffer, forceUnitAccess, completion);
            } else {
                submitInParts(kind, offsetBytes, buffer, forceUnitAccess, completion);
            }
        }

        private void submitInParts(
                BlockRequest.Kind kind,
                long offsetBytes,
                ByteBuffer buffer,
                boolean forceUnitAccess,
                IoCompletion completion) {
            int length = buffer.remaining();
            int parts = Math.ceilDiv(length, RunningVolume.MAX_REQUEST_BYTES);
            JointCompletion joint = new JointCompletion(parts, completion);
            for (int part = 0; part < parts; part++) {
                int from = part * RunningVolume.MAX_REQUEST_BYTES;
                int bytes = Math.min(RunningVolume.MAX_REQUEST_BYTES, length - from);
                ByteBuffer slice = buffer.slice(buffer.position() + from, bytes);
                volume.submit(kind, offsetBytes + from, slice, forceUnitAccess, joint);
            }
        }

        private boolean isInVolume(long offsetBytes, int lengthBytes) {
            return offsetBytes >= 0
                    && offsetBytes % SECTOR_BYTES == 0
                    && lengthBytes % SECTOR_BYTES == 0
                    && offsetBytes <= sizeBytes() - lengthBytes;
        }

        @Override
        public void close() {
            synchronized (Replica.this) {
                if (!closed) {
                    closed = true;
                    openCount.decrementAndGet();
                }
            }
        }
    }
}
