package io.holdfast.replication.core;

import java.util.ArrayList;
import java.util.List;

/**
 * What the cluster has on record about each peer while this node is Primary, and what therefore may
 * be acknowledged. This is where ADR 0002 rule 13 is kept: whoever is not recorded as Outdated has
 * every write that was acknowledged.
 *
 * <pre>
 *            connection lost            recorded, generation begun
 *  IN_SYNC ------------------> OUTDATING -------------------------> OUTDATED
 *     ^                          ^   |                                  |
 *     |                          |   | recorded, but back in sync       | resync ended
 *     | recorded UpToDate        |   v                                  |
 *     +---------------------- RESTORING <-------------------------------+
 *                                |   ^
 *                                +---+ lost again: OUTDATING
 * </pre>
 *
 * While any peer is OUTDATING, or a generation is beginning, nothing is acknowledged and no write
 * starts. A generation begins when a peer is left behind that may have the present one; it is on
 * the disks of all replicas in sync before the first write without that peer is acknowledged.
 */
final class ReplicaStandings {
    /** How one peer stands. */
    enum Standing {
        /** This node is not Primary. */
        NONE,
        IN_SYNC,
        OUTDATING,
        OUTDATED,
        RESTORING
    }

    private enum Recording {
        NOTHING,
        OUTDATED,
        UP_TO_DATE
    }

    private static final long RETRY_NANOS = 200_000_000;

    private final VolumeEngine engine;
    private final Standing[] standings;
    private final Recording[] recordings;
    private final long[] retryAtNanos;
    private final boolean[] retrying;
    private boolean settled;
    private boolean generationBeginning;

    /** Beginning, and not yet entered here. */
    private boolean generationPending;

    private boolean generationSpoiled;
    private long generation;
    private int generationAwaited;

    ReplicaStandings(VolumeEngine engine, int nodes) {
        this.engine = engine;
        standings = new Standing[nodes];
        recordings = new Recording[nodes];
        retryAtNanos = new long[nodes];
        retrying = new boolean[nodes];
        java.util.Arrays.fill(standings, Standing.NONE);
        java.util.Arrays.fill(recordings, Recording.NOTHING);
    }

    Standing of(PeerLink link) {
        return standings[link.index];
    }

    /** Whether nothing may be acknowledged. */
    boolean suspends() {
        return generationBeginning || isAnyoneOutdating();
    }

    private boolean isAnyoneOutdating() {
        for (Standing standing : standings) {
            if (standing == Standing.OUTDATING) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether nobody can be promoted any more who lacks what reads may find here: after a promotion
     * the disk may hold writes that nobody acknowledged, and a replica that is neither in sync nor
     * recorded may yet take over without them.
     */
    boolean haveSettled() {
        return settled;
    }

    void settle() {
        settled |= !suspends();
    }

    /** Peers, bit by index, that are not known to have everything. */
    int missing() {
        int missing = 0;
        for (PeerLink link : engine.links()) {
            Standing standing = standings[link.index];
            if (standing != Standing.IN_SYNC && standing != Standing.RESTORING) {
                missing |= 1 << link.index;
            }
        }
        return missing;
    }

    // ---- changes

    void becamePrimary() {
        settled = false;
        for (PeerLink link : engine.links()) {
            standings[link.index] = link.isInSync() ? Standing.RESTORING : Standing.OUTDATING;
            record(link);
        }
        beginGenerationIfNeeded();
    }

    void noLongerPrimary() {
        for (PeerLink link : engine.links()) {
            standings[link.index] = Standing.NONE;
        }
        generationBeginning = false;
        generationPending = false;
        generationAwaited = 0;
    }

    void lost(PeerLink link) {
        Standing standing = standings[link.index];
        if (standing == Standing.IN_SYNC || standing == Standing.RESTORING) {
            standings[link.index] = Standing.OUTDATING;
            record(link);
        }
        if (generationPending && link.offeredGeneration == generation) {
            generationSpoiled = true;
            generationAwaited &= ~(1 << link.index);
            enterGenerationIfAccepted();
        }
        beginGenerationIfNeeded();
    }

    /** The peer is connected and lacks nothing. */
    void inSync(PeerLink link) {
        if (generationPending && link.offeredGeneration != generation) {
            // It is equal in a generation that others are about to leave, and would stay behind.
            link.drop("a generation begins that it was not told of");
            return;
        }
        if (standings[link.index] == Standing.OUTDATED) {
            standings[link.index] = Standing.RESTORING;
            record(link);
        }
    }

    private void record(PeerLink link) {
        int i = link.index;
        if (recordings[i] != Recording.NOTHING) {
            return; // one at a time, so that the cluster learns them in order
        }
        if (standings[i] == Standing.OUTDATING) {
            recordings[i] = Recording.OUTDATED;
            engine.out.recordOutdated(i, engine.epoch());
        } else if (standings[i] == Standing.RESTORING) {
            recordings[i] = Recording.UP_TO_DATE;
            engine.out.recordUpToDate(i, engine.epoch());
        }
    }

    /** The cluster has answered; {@code done} is false when it refused or could not. */
    void recorded(PeerLink link, boolean done) {
        int i = link.index;
        Recording recording = recordings[i];
        recordings[i] = Recording.NOTHING;
        if (standings[i] == Standing.NONE) {
            return;
        }
        if (!done) {
            retrying[i] = true;
            retryAtNanos[i] = engine.nowNanos() + RETRY_NANOS;
        } else if (recording == Recording.OUTDATED && standings[i] == Standing.OUTDATING) {
            outdatedRecorded(link);
        } else if (recording == Recording.UP_TO_DATE && standings[i] == Standing.RESTORING) {
            standings[i] = Standing.IN_SYNC;
            engine.announceInSync(link);
        } else {
            record(link);
        }
    }

    private void outdatedRecorded(PeerLink link) {
        if (link.isInSync()) {
            standings[link.index] = Standing.RESTORING;
            record(link);
            engine.resumeIfAllowed();
            return;
        }
        standings[link.index] = Standing.OUTDATED;
        DurableState state = engine.state;
        if (state.bitmapGeneration[link.index] == 0) {
            state.bitmapGeneration[link.index] = link.confirmedGeneration;
        }
        beginGenerationIfNeeded();
        engine.resumeIfAllowed();
    }

    void tick(long nowNanos) {
        for (PeerLink link : engine.links()) {
            if (retrying[link.index] && nowNanos - retryAtNanos[link.index] >= 0) {
                retrying[link.index] = false;
                record(link);
            }
        }
    }

    // ---- generations: pending on all replicas in sync, then begun here, then there

    private void beginGenerationIfNeeded() {
        // While somebody might yet be promoted in our place, we may not be in a generation that it
        // never heard of.
        boolean needed = isSomeoneLeftInThisGeneration() || engine.state.pending != 0;
        if (generationBeginning
                || isAnyoneOutdating()
                || !engine.isPrimaryOrDemoting()
                || !needed) {
            return;
        }
        generationBeginning = true;
        generationPending = true;
        generationSpoiled = false;
        generationAwaited = 0;
        generation = engine.out.newGeneration();
        PeerMessage.NewGeneration message =
                new PeerMessage.NewGeneration(
                        generation, engine.state.historyOfNext(), leftBehind());
        for (PeerLink link : engine.links()) {
            if (link.isInSync() && standings[link.index] != Standing.OUTDATED) {
                link.offeredGeneration = generation;
                generationAwaited |= 1 << link.index;
                engine.out.send(link.index, message);
            }
        }
        enterGenerationIfAccepted();
    }

    /**
     * Those that were in sync until now. What others lack that were left behind earlier, replicas
     * in sync may not have seen.
     */
    private List<PeerMessage.NewGeneration.Missing> leftBehind() {
        List<PeerMessage.NewGeneration.Missing> missing = new ArrayList<>();
        for (PeerLink link : engine.links()) {
            if (standings[link.index] == Standing.OUTDATED
                    && engine.state.bitmapGeneration[link.index] == engine.state.current) {
                missing.add(new PeerMessage.NewGeneration.Missing(link.node, engine.state.current));
            }
        }
        return missing;
    }

    /**
     * Whether a peer that is left behind has, or may have, the present generation: it confirmed it,
     * or it was offered it and its answer was never heard. Were we to go on in that generation, a
     * later comparison would take the two for equal.
     */
    private boolean isSomeoneLeftInThisGeneration() {
        for (PeerLink link : engine.links()) {
            if (standings[link.index] == Standing.OUTDATED
                    && link.offeredGeneration == engine.state.current) {
                return true;
            }
        }
        return false;
    }

    void generationAccepted(PeerLink link, long accepted) {
        if (generationPending && accepted == generation) {
            generationAwaited &= ~(1 << link.index);
            enterGenerationIfAccepted();
        }
    }

    private void enterGenerationIfAccepted() {
        if (!generationPending || generationAwaited != 0) {
            return;
        }
        generationPending = false;
        if (generationSpoiled) {
            // A replica that was lost may have it as pending, and would be taken for equal.
            generationBeginning = false;
            beginGenerationIfNeeded();
            engine.resumeIfAllowed();
            return;
        }
        long entered = generation;
        engine.state.enterGeneration(entered);
        engine.state.persist(
                () -> {
                    if (generationBeginning && generation == entered) {
                        generationBegun();
                    }
                });
    }

    private void generationBegun() {
        generationBeginning = false;
        for (PeerLink link : engine.links()) {
            if (link.isInSync() && link.offeredGeneration == generation) {
                link.confirmedGeneration = generation;
                engine.out.send(link.index, new PeerMessage.GenerationBegun(generation));
            } else if (link.isInSync()) {
                link.drop("a generation began before it was compared");
            }
        }
        beginGenerationIfNeeded();
        engine.resumeIfAllowed();
    }
}
