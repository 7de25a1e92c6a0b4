package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import java.util.List;

/**
 * What replicas say to each other besides data, flushes and their acknowledgements (which are
 * methods of {@link VolumeEffects} and {@link VolumeEngine}, because they are many). All of it goes
 * over one connection, in order.
 */
public sealed interface PeerMessage {
    /** First message of each side. */
    record Report(ReplicaReport report) implements PeerMessage {}

    /** Target to source: blocks that the target fears to differ; see {@link BlockBitmap#page}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; as it comes from the bitmap
    record BitmapPage(int index, long[] words) implements PeerMessage {
        @Override
        public String toString() {
            return "BitmapPage[" + index + "]";
        }
    }

    /** Target to source: no more pages. */
    record BitmapEnd() implements PeerMessage {}

    /**
     * Source to target: from here on your data is Inconsistent until I say otherwise.
     *
     * @param generation what the target's current generation is from now on, so that an interrupted
     *     full sync goes on by bitmap; 0 to leave it
     */
    record StartResync(long generation) implements PeerMessage {}

    /** Source to target: everything was sent and is on your disk. */
    record ResyncFinished(long current, List<Long> history) implements PeerMessage {
        public ResyncFinished {
            history = List.copyOf(history);
        }
    }

    /** Target to source: flushed, and I am UpToDate in that generation, durably. */
    record ResyncAccepted(long current) implements PeerMessage {}

    /** I am about to be Primary under this epoch. */
    record PromoteEpoch(Epoch epoch) implements PeerMessage {}

    /**
     * The epoch is on my disk, and this is my generation; before this message come {@link
     * BitmapPage}s with the blocks in which I may differ.
     */
    record EpochAccepted(Epoch epoch, long current, DiskState disk) implements PeerMessage {}

    /** You act under an epoch that is over; {@code known} is the one on my disk. */
    record EpochOver(Epoch known) implements PeerMessage {}

    /** My role or disk state changed. */
    record StateChanged(Role role, DiskState disk) implements PeerMessage {}

    /** Primary to replicas in sync: a new generation is about to begin, without those missing. */
    record NewGeneration(long generation, List<Long> history, List<Missing> missing)
            implements PeerMessage {
        public NewGeneration {
            history = List.copyOf(history);
            missing = List.copyOf(missing);
        }

        /** A replica that is left behind, and the generation it has. */
        public record Missing(NodeId node, long bitmapGeneration) {}
    }

    /** The generation is on my disk, as pending. */
    record GenerationAccepted(long generation) implements PeerMessage {}

    /** Primary to replicas in sync: all have accepted it, and I am in it. */
    record GenerationBegun(long generation) implements PeerMessage {}

    /** Primary to replicas in sync: what was flushed in that round is stable everywhere. */
    record FlushStable(long round) implements PeerMessage {}

    /** Primary to replicas in sync: that replica is in sync again. */
    record ReplicaInSync(NodeId node) implements PeerMessage {}

    /** Let us call our fresh replicas equal, in this generation. */
    record DeclareEqual(long current) implements PeerMessage {}

    /** A person paused resyncs on my side, or does not any more. */
    record SyncPaused(boolean paused) implements PeerMessage {}

    /** Secondary to Primary: a person wants our replicas verified; see {@link VerifySource}. */
    record StartVerify() implements PeerMessage {}

    /**
     * Source to target, now and then: how the resync goes.
     *
     * @param leftBlocks that are still to be sent
     * @param estimateSeconds until its end; -1: not known yet
     */
    record ResyncProgress(long leftBlocks, long bytesPerSecond, int estimateSeconds)
            implements PeerMessage {}

    /** That is on my disk. */
    record EqualDeclared(long current) implements PeerMessage {}
}
