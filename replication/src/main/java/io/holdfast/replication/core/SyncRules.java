package io.holdfast.replication.core;

import java.util.List;

/**
 * Decides from two reports who is brought up to date from whom. Both sides evaluate it and come to
 * mirrored decisions.
 *
 * <pre>
 * rule  own and peer's generations                     decision
 *  1    sizes differ                                   refuse
 *  2    one has no disk                                connected, nothing to sync
 *  3    both fresh                                     connected, nothing to sync
 *  4    one fresh                                      full sync from the other
 *  5    same current, one Inconsistent                 bitmap sync from the other
 *  6    same current, one Primary                      bitmap sync from it, if blocks may differ
 *  7    same current, one crashed as Primary           bitmap sync from the other
 *  8    same current, blocks may differ                wait until one is Primary
 *  9    same current                                   nothing
 * 10    peer's current = our bitmap generation         bitmap sync from us (and the reverse)
 * 11    peer's current in our history,                 bitmap sync from us when our bitmap reaches
 *                                                      back to it, else full (and the reverse)
 * 12    bitmap generations or histories meet           split brain ({@link SplitBrainRules}); or full
 *                                                      sync to the one that is Inconsistent, or
 *                                                      nothing if both are
 * 13    else                                           unrelated data
 * </pre>
 *
 * Why rule 7 goes against the crashed Primary: every write that was acknowledged is on the other
 * replica, and what the crashed one's disk had not flushed may be gone there. A source must have
 * usable data (not Inconsistent), a target must not be Primary.
 *
 * <p>Of more than two replicas only the Primary is ever a source: a target that got old blocks from
 * one peer and new writes from another could end with the old ones.
 */
public final class SyncRules {
    private SyncRules() {}

    /**
     * What the maker of the first report does.
     *
     * @param onlyFromPrimary whether there are more than two replicas
     */
    public static SyncDecision decide(
            ReplicaReport ownReport, ReplicaReport peerReport, boolean onlyFromPrimary) {
        ReplicaReport own = ownReport.inTheLightOf(peerReport);
        ReplicaReport peer = peerReport.inTheLightOf(ownReport);
        boolean mustWait = onlyFromPrimary && !own.isPrimary() && !peer.isPrimary();
        SyncDecision decision = byGenerations(own, peer, mustWait);
        if (decision == SyncDecision.SPLIT_BRAIN) {
            decision = SplitBrainRules.decide(own, peer);
        }
        if (decision.isTarget() && own.wantsAll()) {
            decision = SyncDecision.TARGET_FULL;
        }
        if (decision.isSource() && peer.wantsAll()) {
            decision = SyncDecision.SOURCE_FULL;
        }
        if (decision.isSource() && (!own.hasUsableData() || peer.isPrimary())) {
            return unfit(own);
        }
        if (decision.isTarget() && (!peer.hasUsableData() || own.isPrimary())) {
            return unfit(peer);
        }
        if (mustWait && decision.isSource()) {
            return SyncDecision.AHEAD_UNTIL_PRIMARY;
        }
        if (mustWait && decision.isTarget()) {
            return SyncDecision.BEHIND_UNTIL_PRIMARY;
        }
        return decision;
    }

    private static SyncDecision unfit(ReplicaReport source) {
        return source.hasUsableData()
                ? SyncDecision.PRIMARY_WOULD_BE_TARGET
                : SyncDecision.NO_USABLE_DATA;
    }

    private static SyncDecision byGenerations(
            ReplicaReport own, ReplicaReport peer, boolean mustWait) {
        if (!own.hasDisk() || !peer.hasDisk()) {
            return SyncDecision.DISKLESS;
        }
        if (own.sizeBytes() != peer.sizeBytes()) {
            return SyncDecision.SIZES_DIFFER;
        }
        if (own.isFresh() || peer.isFresh()) {
            return freshly(own, peer);
        }
        if (own.current() == peer.current()) {
            return sameGeneration(own, peer, mustWait);
        }
        if (isAhead(own, peer) && isAhead(peer, own)) {
            return SyncDecision.SPLIT_BRAIN;
        }
        if (isAhead(own, peer)) {
            return bitmapReachesBack(own, peer)
                    ? SyncDecision.SOURCE_BY_BITMAP
                    : SyncDecision.SOURCE_FULL;
        }
        if (isAhead(peer, own)) {
            return bitmapReachesBack(peer, own)
                    ? SyncDecision.TARGET_BY_BITMAP
                    : SyncDecision.TARGET_FULL;
        }
        return haveCommonAncestor(own, peer) ? apart(own, peer) : SyncDecision.UNRELATED_DATA;
    }

    private static SyncDecision freshly(ReplicaReport own, ReplicaReport peer) {
        if (own.isFresh() && peer.isFresh()) {
            return SyncDecision.BOTH_FRESH;
        }
        return own.isFresh() ? SyncDecision.TARGET_FULL : SyncDecision.SOURCE_FULL;
    }

    private static SyncDecision sameGeneration(
            ReplicaReport own, ReplicaReport peer, boolean mustWait) {
        boolean ownInconsistent = own.disk() == DiskState.INCONSISTENT;
        boolean peerInconsistent = peer.disk() == DiskState.INCONSISTENT;
        if (ownInconsistent && peerInconsistent) {
            return SyncDecision.NO_USABLE_DATA;
        }
        if (ownInconsistent || peerInconsistent) {
            return ownInconsistent ? SyncDecision.TARGET_BY_BITMAP : SyncDecision.SOURCE_BY_BITMAP;
        }
        if (!mayDiffer(own, peer)) {
            return SyncDecision.NO_SYNC;
        }
        if (own.isPrimary() != peer.isPrimary()) {
            return own.isPrimary() ? SyncDecision.SOURCE_BY_BITMAP : SyncDecision.TARGET_BY_BITMAP;
        }
        if (own.crashedPrimary() != peer.crashedPrimary() && !mustWait) {
            return own.crashedPrimary()
                    ? SyncDecision.TARGET_BY_BITMAP
                    : SyncDecision.SOURCE_BY_BITMAP;
        }
        return SyncDecision.WAIT_FOR_PRIMARY;
    }

    private static boolean mayDiffer(ReplicaReport own, ReplicaReport peer) {
        return (own.dirtyBlocks() > 0 && !peer.tracksReceiver())
                || (peer.dirtyBlocks() > 0 && !own.tracksReceiver());
    }

    /** A replica in the middle of a full sync from a third one has nothing that could be lost. */
    private static SyncDecision apart(ReplicaReport own, ReplicaReport peer) {
        boolean ownInconsistent = own.disk() == DiskState.INCONSISTENT;
        boolean peerInconsistent = peer.disk() == DiskState.INCONSISTENT;
        if (ownInconsistent && peerInconsistent) {
            return SyncDecision.NO_USABLE_DATA;
        }
        if (!ownInconsistent && !peerInconsistent) {
            return SyncDecision.SPLIT_BRAIN;
        }
        return ownInconsistent ? SyncDecision.TARGET_FULL : SyncDecision.SOURCE_FULL;
    }

    /** One in the middle of a sync is ahead of nobody: its generation only says whose sync. */
    private static boolean isAhead(ReplicaReport one, ReplicaReport other) {
        return one.disk() != DiskState.INCONSISTENT
                && (one.bitmapGeneration() == other.current()
                        || one.history().contains(other.current()));
    }

    /**
     * Whether what {@code ahead} has tracked since its bitmap generation covers what {@code behind}
     * lacks since its own current generation, which is the same or a later one.
     */
    private static boolean bitmapReachesBack(ReplicaReport ahead, ReplicaReport behind) {
        if (ahead.bitmapGeneration() == behind.current()) {
            return true;
        }
        List<Long> history = ahead.history();
        int since = history.indexOf(ahead.bitmapGeneration());
        return since >= 0 && history.indexOf(behind.current()) <= since;
    }

    private static boolean haveCommonAncestor(ReplicaReport own, ReplicaReport peer) {
        return (own.bitmapGeneration() != 0 && own.bitmapGeneration() == peer.bitmapGeneration())
                || own.history().contains(peer.current())
                || peer.history().contains(own.current())
                || own.history().contains(peer.bitmapGeneration())
                || peer.history().contains(own.bitmapGeneration())
                || own.history().stream().anyMatch(peer.history()::contains);
    }
}
