package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import java.util.List;

/**
 * What a replica tells a peer about itself when they connect; both sides decide from the two
 * reports.
 *
 * @param role PRIMARY or SECONDARY
 * @param pendingHistory and {@code pending}: see {@link Superblock#pending}
 * @param bitmapGeneration the generation since which the sender tracks what the receiver lacks; 0:
 *     none
 * @param history newest first
 * @param dirtyBlocks how many blocks the sender knows or must assume to differ from the receiver's
 * @param tracksReceiver whether the sender has seen every write that the receiver may lack, so that
 *     what the receiver itself fears does not count
 * @param crashedPrimary whether the sender crashed as Primary
 * @param discardsOwn whether a person said that what the sender wrote without the receiver is to be
 *     thrown away
 * @param wantsAll whether a person said that none of the sender's blocks is to be trusted
 * @param policies what the sender would do about a split brain unasked
 */
public record ReplicaReport(
        Role role,
        Epoch epoch,
        DiskState disk,
        long sizeBytes,
        long current,
        long pending,
        List<Long> pendingHistory,
        long bitmapGeneration,
        List<Long> history,
        long dirtyBlocks,
        boolean tracksReceiver,
        boolean crashedPrimary,
        boolean discardsOwn,
        boolean wantsAll,
        SplitBrainPolicies policies) {
    public ReplicaReport {
        pendingHistory = List.copyOf(pendingHistory);
        history = List.copyOf(history);
    }

    /** Whether the peer is in the pending generation, or beyond it. */
    boolean pendingHasBegunAt(ReplicaReport peer) {
        return pending != 0 && (peer.current == pending || peer.history.contains(pending));
    }

    /** Whether the peer is in a generation that only the pending one comes after. */
    private boolean pendingComesAfter(ReplicaReport peer) {
        return pending != 0
                && peer.current != current
                && pendingHistory.contains(peer.current)
                && !history.contains(peer.current);
    }

    /**
     * This report as if the pending generation had begun, when that tells how it stands to the
     * peer.
     */
    ReplicaReport inTheLightOf(ReplicaReport peer) {
        if (!pendingHasBegunAt(peer) && !pendingComesAfter(peer)) {
            return this;
        }
        return new ReplicaReport(
                role,
                epoch,
                disk,
                sizeBytes,
                pending,
                0,
                List.of(),
                bitmapGeneration,
                pendingHistory,
                dirtyBlocks,
                tracksReceiver,
                crashedPrimary,
                discardsOwn,
                wantsAll,
                policies);
    }

    boolean isFresh() {
        return current == Superblock.JUST_CREATED;
    }

    boolean isPrimary() {
        return role == Role.PRIMARY;
    }

    /** Whether a peer could be brought up to date from it. */
    boolean hasUsableData() {
        return disk == DiskState.CONSISTENT
                || disk == DiskState.UP_TO_DATE
                || disk == DiskState.OUTDATED;
    }

    boolean hasDisk() {
        return disk.compareTo(DiskState.INCONSISTENT) >= 0;
    }
}
