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
    long current;

    /** See {@link Superblock#pending}. */
    long pending;

    private final List<Long> history;

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
        this.current = loaded.current();
        this.pending = loaded.pending();
        this.history = new ArrayList<>(loaded.history());
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
        return List.copyOf(history);
    }

    boolean isFresh() {
        return current == Superblock.JUST_CREATED;
    }

    /** Goes to another generation; the present one becomes history. */
    void enterGeneration(long generation) {
        if (generation == current) {
            return;
        }
        long before = current;
        boolean wasFresh = isFresh();
        current = generation;
        if (!wasFresh) {
            remember(0, before);
        }
        if (pending != 0) {
            // Others may have begun it.
            remember(0, pending);
            pending = 0;
        }
    }

    /** Takes over a source's generation and all that came before it. */
    void adoptGeneration(long generation, List<Long> itsHistory) {
        long before = current;
        boolean wasFresh = isFresh();
        List<Long> own = history();
        current = generation;
        pending = 0;
        history.clear();
        itsHistory.forEach(g -> remember(history.size(), g));
        if (!wasFresh && before != generation) {
            remember(history.size(), before);
        }
        own.forEach(g -> remember(history.size(), g));
    }

    private void remember(int at, long generation) {
        if (generation == current || history.contains(generation)) {
            return;
        }
        history.add(at, generation);
        if (history.size() > Superblock.MAX_HISTORY) {
            history.removeLast();
        }
    }

    /** Writes what is set now; {@code then} runs when it, and all written before, is on disk. */
    void persist(Runnable then) {
        continuations.addLast(then);
        out.writeSuperblock(snapshot());
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
                current,
                pending,
                history,
                peers);
    }
}
