package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The superblock while the volume is up: changed in memory, then {@linkplain #persist persisted};
 * what must not happen before it is on disk is the continuation.
 */
final class DurableState {
    private final VolumeId volume;
    private final long metadataId;
    private final long sizeBytes;
    private final NodeId[] nodes;
    private final int self;
    private final VolumeEffects out;
    private final Deque<Runnable> continuations = new ArrayDeque<>();

    Epoch epoch;
    DiskState disk;
    boolean primary;
    boolean crashedPrimary;
    boolean clean;
    boolean wantsAll;
    long current;

    /** See {@link Superblock#pending}. */
    long pending;

    private List<Long> pendingHistory;

    private List<Long> history;

    /** By index of the peer; see {@link Superblock.Peer}. */
    final long[] bitmapGeneration;

    DurableState(Superblock loaded, NodeId[] nodes, int self, VolumeEffects out) {
        this.volume = loaded.volume();
        this.metadataId = loaded.metadataId();
        this.sizeBytes = loaded.sizeBytes();
        this.nodes = nodes;
        this.self = self;
        this.out = out;
        this.epoch = loaded.epoch();
        this.disk = loaded.disk();
        this.primary = loaded.primary();
        this.crashedPrimary = loaded.crashedPrimary();
        this.clean = loaded.clean();
        this.wantsAll = loaded.wantsAll();
        this.current = loaded.current();
        this.pending = loaded.pending();
        this.pendingHistory = loaded.pendingHistory();
        this.history = loaded.history();
        this.bitmapGeneration = new long[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            for (Superblock.Peer peer : loaded.peers()) {
                if (peer.node().equals(nodes[i])) {
                    bitmapGeneration[i] = peer.bitmapGeneration();
                }
            }
        }
    }

    List<Long> history() {
        return history;
    }

    boolean isFresh() {
        return current == Superblock.JUST_CREATED;
    }

    List<Long> pendingHistory() {
        return pendingHistory;
    }

    void expectGeneration(long generation, List<Long> itsHistory) {
        pending = generation;
        pendingHistory = List.copyOf(itsHistory);
    }

    /** The generation that was pending has begun. */
    void enterPendingGeneration() {
        adoptGeneration(pending, pendingHistory);
    }

    /** What {@link #history} will be in the next generation. */
    List<Long> historyOfNext() {
        List<Long> next = new ArrayList<>();
        if (pending != 0) {
            // Others may have begun it.
            next.add(pending);
            next.addAll(pendingHistory);
        }
        if (!isFresh()) {
            next.add(current);
        }
        next.addAll(history);
        return next.stream().distinct().limit(Superblock.MAX_HISTORY).toList();
    }

    /** Goes to another generation; the present one, and a pending one, become history. */
    void enterGeneration(long generation) {
        if (generation != current) {
            adoptGeneration(generation, historyOfNext());
        }
    }

    /**
     * Takes over a source's generation and all that came before it. Own generations that it does
     * not know are forgotten: what was written in them is no longer here.
     */
    void adoptGeneration(long generation, List<Long> itsHistory) {
        current = generation;
        pending = 0;
        pendingHistory = List.of();
        history = itsHistory.stream().filter(g -> g != generation).toList();
    }

    /** Writes what is set now; {@code then} runs when it, and all written before, is on disk. */
    void persist(Runnable then) {
        continuations.addLast(then);
        out.writeSuperblock(snapshot());
    }

    /** Runs {@code then} when what is set now is on disk: at once when it is. */
    void whenDurable(Runnable then) {
        if (continuations.isEmpty()) {
            then.run();
            return;
        }
        Runnable last = continuations.removeLast();
        continuations.addLast(
                () -> {
                    last.run();
                    then.run();
                });
    }

    void written() {
        continuations.removeFirst().run();
    }

    Superblock snapshot() {
        List<Superblock.Peer> peers = new ArrayList<>();
        for (int i = 0; i < nodes.length; i++) {
            if (i != self) {
                peers.add(new Superblock.Peer(nodes[i], bitmapGeneration[i]));
            }
        }
        return new Superblock(
                volume,
                metadataId,
                nodes[self],
                sizeBytes,
                epoch,
                disk,
                primary,
                crashedPrimary,
                clean,
                wantsAll,
                current,
                pending,
                pendingHistory,
                history,
                peers);
    }
}
