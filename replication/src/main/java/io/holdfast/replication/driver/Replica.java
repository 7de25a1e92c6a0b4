package io.holdfast.replication.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.linux.file.AlignedBufferPool;
import io.holdfast.linux.file.BlockFile;
import io.holdfast.linux.file.DirectFile;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.replication.ActingRight;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.ConnectionState;
import io.holdfast.replication.core.DiskState;
import io.holdfast.replication.core.ReplicationState;
import io.holdfast.replication.core.Role;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** This node's replica of one volume; for now without peers and metadata. */
final class Replica {
    private final VolumeConfig config;
    private final ReplicaConfig own;
    private final ActingRight right;
    private final IoPool io;
    private final VolumeListener listener;
    private @Nullable DirectFile file;
    private volatile Role role = Role.SECONDARY;
    private volatile Epoch epoch = Epoch.NONE;
    private int openCount;
    private int inFlight;

    Replica(
            VolumeConfig config,
            ReplicaConfig own,
            ActingRight right,
            IoPool io,
            VolumeListener listener) {
        this.config = config;
        this.own = own;
        this.right = right;
        this.io = io;
        this.listener = listener;
    }

    synchronized void createMetadata(boolean force) {
        if (file != null) {
            throw refused("metadata cannot be written", "the volume is up", "take it down first");
        }
    }

    synchronized void up() {
        if (file == null) {
            file = DirectFile.open(own.disk());
            changed();
        }
    }

    synchronized void down() {
        if (role == Role.PRIMARY) {
            throw refused("it cannot be taken down", "it is Primary", "demote it first");
        }
        close();
        changed();
    }

    synchronized void promote(Epoch next, boolean force) {
        if (file == null) {
            throw refused("it cannot be promoted", "it is not up", "take it up first");
        }
        if (next.compareTo(epoch) < 0) {
            throw refused(
                    "it cannot be promoted under epoch " + next,
                    "epoch " + epoch + " is already recorded",
                    "promote it under a higher epoch");
        }
        epoch = next;
        role = Role.PRIMARY;
        changed();
    }

    synchronized void demote(boolean evenIfOpen) {
        if (openCount > 0 && !evenIfOpen) {
            throw refused(
                    "it cannot be demoted",
                    openCount + " users hold it open",
                    "stop what uses it first");
        }
        role = Role.SECONDARY;
        awaitIdle();
        changed();
    }

    synchronized void newCurrentUuid(boolean clearBitmap) {}

    synchronized VolumeStatus status() {
        return new VolumeStatus(
                config.id(),
                config.device(),
                file != null,
                role,
                file == null ? DiskState.DISKLESS : DiskState.UP_TO_DATE,
                config.net().protocol(),
                epoch,
                file == null ? 0 : file.sizeBytes(),
                role == Role.PRIMARY && !mayAct(),
                openCount,
                config.replicas().stream()
                        .filter(r -> !r.node().equals(own.node()))
                        .map(Replica::unconnected)
                        .toList(),
                VolumeStatus.Counters.NONE,
                Optional.empty());
    }

    private static VolumeStatus.PeerStatus unconnected(ReplicaConfig peer) {
        return new VolumeStatus.PeerStatus(
                peer.node(),
                ConnectionState.CONNECTING,
                ReplicationState.OFF,
                Role.UNKNOWN,
                DiskState.UNKNOWN,
                0,
                100);
    }

    void membersChanged(Set<NodeId> members) {}

    synchronized OpenVolume open() {
        DirectFile disk = file;
        if (disk == null || role != Role.PRIMARY) {
            throw refused("it cannot be opened", "it is not Primary here", "promote it first");
        }
        openCount++;
        return new Handle(disk);
    }

    synchronized void close() {
        if (file != null) {
            awaitIdle();
            file.close();
            file = null;
        }
    }

    private void awaitIdle() {
        boolean interrupted = false;
        while (inFlight > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayAct() {
        return right.actingUntilNanos(config.id(), epoch) - System.nanoTime() > 0;
    }

    private void changed() {
        listener.volumeChanged(status());
    }

    private ProblemException refused(String what, String why, String remedy) {
        return new ProblemException(new Problem(what, config.id().name(), why, remedy));
    }

    private static IoStatus statusOf(int result) {
        if (result == BlockFile.DONE) {
            return IoStatus.OK;
        }
        return result == Errno.ENOSPC.number() || result == Errno.EDQUOT.number()
                ? IoStatus.NO_SPACE
                : IoStatus.MEDIUM_ERROR;
    }

    @FunctionalInterface
    private interface Request {
        int run();
    }

    private final class Handle implements OpenVolume {
        private final DirectFile disk;
        private final long size;
        private boolean closed;

        Handle(DirectFile disk) {
            this.disk = disk;
            this.size = disk.sizeBytes();
        }

        @Override
        public VolumeId id() {
            return config.id();
        }

        @Override
        public long sizeBytes() {
            return size;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into, IoCompletion completion) {
            if (!inRange(offsetBytes, into)) {
                completion.done(IoStatus.OUT_OF_RANGE);
            } else if (DirectFile.isAligned(into, disk.alignmentBytes())) {
                submit(() -> disk.read(offsetBytes, into), completion);
            } else {
                submit(() -> readThroughCopy(offsetBytes, into), completion);
            }
        }

        private int readThroughCopy(long offsetBytes, ByteBuffer into) {
            ByteBuffer copy = AlignedBufferPool.allocate(into.remaining());
            int result = disk.read(offsetBytes, copy);
            into.put(into.position(), copy, 0, copy.capacity());
            return result;
        }

        @Override
        public void write(
                long offsetBytes,
                ByteBuffer from,
                boolean forceUnitAccess,
                IoCompletion completion) {
            if (!inRange(offsetBytes, from)) {
                completion.done(IoStatus.OUT_OF_RANGE);
                return;
            }
            ByteBuffer data = from;
            if (!DirectFile.isAligned(from, disk.alignmentBytes())) {
                data = AlignedBufferPool.allocate(from.remaining());
                data.put(0, from, from.position(), from.remaining());
            }
            ByteBuffer aligned = data;
            submit(
                    () -> {
                        int result = disk.write(offsetBytes, aligned);
                        return result == BlockFile.DONE && forceUnitAccess ? disk.sync() : result;
                    },
                    completion);
        }

        @Override
        public void flush(IoCompletion completion) {
            submit(disk::sync, completion);
        }

        @Override
        public void close() {
            synchronized (Replica.this) {
                if (!closed) {
                    closed = true;
                    openCount--;
                }
            }
        }

        private boolean inRange(long offsetBytes, ByteBuffer buffer) {
            return offsetBytes >= 0
                    && offsetBytes % SECTOR_BYTES == 0
                    && buffer.remaining() % SECTOR_BYTES == 0
                    && offsetBytes <= size - buffer.remaining();
        }

        private void submit(Request request, IoCompletion completion) {
            synchronized (Replica.this) {
                if (closed || role != Role.PRIMARY) {
                    completion.done(IoStatus.NOT_PRIMARY);
                    return;
                }
                inFlight++;
            }
            io.submit(
                    () -> {
                        IoStatus status = statusOf(request.run());
                        awaitRight();
                        completion.done(status);
                        synchronized (Replica.this) {
                            inFlight--;
                            Replica.this.notifyAll();
                        }
                    });
        }

        private void awaitRight() {
            while (role == Role.PRIMARY && !mayAct()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
