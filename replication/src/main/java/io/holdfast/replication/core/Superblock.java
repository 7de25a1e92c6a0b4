package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import java.util.List;

/**
 * What a replica remembers about itself, written as one piece.
 *
 * @param metadataId drawn when the metadata was made; binds bitmap and activity log pages to it, so
 *     that pages of older metadata in the same place are never taken for its own
 * @param disk INCONSISTENT, OUTDATED, CONSISTENT or UP_TO_DATE
 * @param primary whether it was Primary; found true when attaching: it crashed as one
 * @param crashedPrimary it crashed as Primary and was not made equal to another replica since
 * @param clean whether it was detached in order: the activity log is then empty and no bitmap page
 *     can be torn
 * @param wantsAll a person said that none of its blocks is to be trusted; until a full sync begins
 * @param current the data generation; {@link #JUST_CREATED} before there was any
 * @param pending a generation that a Primary is about to begin: this replica will be in it as soon
 *     as any other one is; 0 when there is none
 * @param pendingHistory what its history will be then, newest first
 * @param history earlier generations, newest first, at most {@link #MAX_HISTORY}
 * @param peers in the order of the configuration (by node), this node left out
 */
public record Superblock(
        VolumeId volume,
        long metadataId,
        NodeId self,
        long sizeBytes,
        Epoch epoch,
        DiskState disk,
        boolean primary,
        boolean crashedPrimary,
        boolean clean,
        boolean wantsAll,
        long current,
        long pending,
        List<Long> pendingHistory,
        List<Long> history,
        List<Peer> peers) {
    /** The generation of metadata that was just made; DRBD's value. */
    public static final long JUST_CREATED = 4;

    public static final int MAX_HISTORY = 16;

    public Superblock {
        pendingHistory = List.copyOf(pendingHistory);
        history = List.copyOf(history);
        peers = List.copyOf(peers);
    }

    /**
     * What is remembered about a peer.
     *
     * @param bitmapGeneration the generation since which its bitmap tells what it lacks; 0 when it
     *     lacks nothing as far as generations go
     */
    public record Peer(NodeId node, long bitmapGeneration) {}

    /** That of a replica that never held data. */
    public static Superblock fresh(
            VolumeId volume, long metadataId, NodeId self, long sizeBytes, List<NodeId> peers) {
        return new Superblock(
                volume,
                metadataId,
                self,
                sizeBytes,
                Epoch.NONE,
                DiskState.INCONSISTENT,
                false,
                false,
                true,
                false,
                JUST_CREATED,
                0,
                List.of(),
                List.of(),
                peers.stream().sorted().map(p -> new Peer(p, 0)).toList());
    }
}
