package io.holdfast.replication.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Becoming and ceasing to be Primary.
 *
 * <pre>
 *               epoch on own disk, on every connected peer's,
 *               and what an old Primary left different made equal
 *  SECONDARY --> PROMOTING ---------------------------------------> PRIMARY
 *     ^  ^          |                                                |  |
 *     |  +----------+  a higher epoch is heard of                    |  |
 *     |  +-----------------------------------------------------------+  | demote
 *     |                                                                 v
 *     +---------------(users told, flushed everywhere)------------- DEMOTING
 * </pre>
 */
final class RoleChanges {
    /** See the class. */
    enum Phase {
        SECONDARY,
        PROMOTING,
        PRIMARY,
        DEMOTING
    }

    private record Promotion(Epoch epoch, boolean fromPrimary, ControlResult result) {}

    private final VolumeEngine engine;
    private Phase phase = Phase.SECONDARY;

    /** Under which this node acts; that on disk may be ahead of it while promoting. */
    private Epoch actingEpoch = Epoch.NONE;

    private @Nullable Promotion promotion;
    private boolean epochDurable;
    private int awaited;
    private int reconciling;
    private @Nullable ControlResult demotion;
    private boolean flushAsked;
    private boolean demotionPersisting;

    RoleChanges(VolumeEngine engine) {
        this.engine = engine;
    }

    Phase phase() {
        return phase;
    }

    Epoch actingEpoch() {
        return actingEpoch;
    }

    boolean isPromoting() {
        return promotion != null;
    }

    // ---- promotion

    void promote(Epoch epoch, boolean force, ControlResult result) {
        if (phase == Phase.PRIMARY && promotion == null && epoch.equals(actingEpoch)) {
            result.done();
            return;
        }
        if (promotion != null || phase == Phase.DEMOTING) {
            result.refused(busy());
            return;
        }
        Optional<Problem> refusal =
                PromotionRules.refusal(
                        engine.volumeName(), engine.disk(), engine.state.epoch, epoch, force);
        if (refusal.isPresent()) {
            result.refused(refusal.get());
            return;
        }
        boolean fromPrimary = phase == Phase.PRIMARY;
        promotion = new Promotion(epoch, fromPrimary, result);
        epochDurable = false;
        awaited = 0;
        reconciling = 0;
        if (!fromPrimary) {
            phase = Phase.PROMOTING;
            engine.links().forEach(engine::fearUnstableBlocks);
            dropUnfitConnections();
        }
        recordEpoch(epoch);
    }

    private Problem busy() {
        return new Problem(
                "its role cannot be changed",
                engine.volumeName(),
                "another change of its role is under way",
                "try again when that has ended");
    }

    /**
     * Those that compare themselves with what this node was, or that need its data once forced. A
     * peer that takes itself for Primary learns of the epoch, as all do, and is deposed.
     */
    private void dropUnfitConnections() {
        for (PeerLink link : engine.links()) {
            if (link.replication == ReplicationState.ESTABLISHED
                    && link.disk.compareTo(DiskState.CONSISTENT) < 0) {
                link.drop("this replica is promoted and the peer needs its data");
            } else {
                link.restartHandshake();
                link.endPause("this replica is promoted");
            }
        }
    }

    private void recordEpoch(Epoch epoch) {
        DurableState state = engine.state;
        state.epoch = epoch;
        state.primary = true;
        state.crashedPrimary = false;
        if (state.isFresh() || engine.disk().compareTo(DiskState.CONSISTENT) < 0) {
            // Forced: the data gets a generation of its own.
            state.enterGeneration(engine.out.newGeneration());
        }
        engine.setDisk(DiskState.UP_TO_DATE);
        state.persist(() -> epochRecorded(epoch));
    }

    private void epochRecorded(Epoch epoch) {
        Promotion current = promotion;
        if (current == null || !current.epoch().equals(epoch)) {
            return;
        }
        epochDurable = true;
        for (PeerLink link : engine.links()) {
            if (link.isConnected() && link.replication != ReplicationState.OFF) {
                awaited |= 1 << link.index;
                engine.out.send(link.index, new PeerMessage.PromoteEpoch(epoch));
            }
        }
        completeIfDone();
    }

    void epochAccepted(PeerLink link, PeerMessage.EpochAccepted accepted) {
        Promotion current = promotion;
        if (current == null || !current.epoch().equals(accepted.epoch())) {
            return;
        }
        boolean established = link.replication == ReplicationState.ESTABLISHED;
        if (established && !isStillEqual(accepted)) {
            link.drop("it is not in the generation it was in when the two compared");
            return;
        }
        awaited &= ~(1 << link.index);
        if (established && !link.dirty.isEmpty() && !current.fromPrimary()) {
            reconciling |= 1 << link.index;
            link.reconcile();
        }
        completeIfDone();
    }

    /** A Primary that is gone may have led one of the two on without the other. */
    private boolean isStillEqual(PeerMessage.EpochAccepted accepted) {
        return accepted.current() == engine.state.current
                && accepted.disk().compareTo(DiskState.CONSISTENT) >= 0;
    }

    void reconciled(PeerLink link) {
        reconciling &= ~(1 << link.index);
        completeIfDone();
    }

    void lost(PeerLink link) {
        awaited &= ~(1 << link.index);
        reconciled(link);
    }

    private void completeIfDone() {
        Promotion current = promotion;
        if (current == null
                || !epochDurable
                || awaited != 0
                || reconciling != 0
                || engine.requests.owesWrites()) {
            return;
        }
        promotion = null;
        actingEpoch = current.epoch();
        if (!current.fromPrimary()) {
            phase = Phase.PRIMARY;
            for (PeerLink link : engine.links()) {
                link.tracked = link.isInSync();
            }
            engine.standings.becamePrimary();
            engine.broadcastState();
        }
        engine.resumeIfAllowed();
        current.result().done();
    }

    // ---- a peer's promotion

    void peerPromotes(PeerLink link, Epoch epoch) {
        if (epoch.compareTo(engine.state.epoch) < 0) {
            engine.out.send(link.index, new PeerMessage.EpochOver(engine.state.epoch));
            return;
        }
        if (isDeposedBy(epoch)) {
            depose(epoch, "peer " + link.node + " is promoted");
            return;
        }
        engine.dropOtherPrimaries(link, epoch);
        engine.state.epoch = epoch;
        link.acceptEpoch(epoch);
    }

    // ---- demotion

    void demote(ControlResult result) {
        switch (phase) {
            case SECONDARY -> result.done();
            case PROMOTING, DEMOTING -> result.refused(busy());
            case PRIMARY -> {
                if (promotion != null) {
                    result.refused(busy());
                    return;
                }
                phase = Phase.DEMOTING;
                demotion = result;
                flushAsked = false;
                demotionPersisting = false;
                engine.requests.refuseWaiting();
                engine.requests.tellHeld();
                step();
            }
        }
    }

    /** Goes on with a promotion or demotion as far as possible; after every event. */
    void step() {
        if (phase == Phase.PROMOTING) {
            completeIfDone();
        }
        if (phase != Phase.DEMOTING
                || demotionPersisting
                || engine.requests.userCount() > 0
                || engine.flushes.isRunning()) {
            return;
        }
        if (!flushAsked) {
            flushAsked = true;
            engine.flushes.request();
            return;
        }
        if (engine.standings.suspends() && engine.out.mayAct(actingEpoch)) {
            // A replica is lost and not yet on record: it may lack what was acknowledged and not
            // flushed, and nobody else knows.
            return;
        }
        demotionPersisting = true;
        engine.hot.coolDown();
        becomeSecondary();
        engine.state.persist(this::demoted);
    }

    private void becomeSecondary() {
        phase = Phase.SECONDARY;
        engine.state.primary = false;
        engine.standings.noLongerPrimary();
        for (PeerLink link : engine.links()) {
            link.tracked = false;
            if (engine.secondariesLogActivity()) {
                link.stopBeingSource();
            }
        }
        engine.out.stateChanged();
    }

    private void demoted() {
        ControlResult result = demotion;
        demotion = null;
        if (result != null) {
            engine.broadcastState();
            result.done();
        }
    }

    // ---- deposition

    boolean isDeposedBy(Epoch epoch) {
        return phase != Phase.SECONDARY && epoch.compareTo(engine.state.epoch) > 0;
    }

    void epochOver(Epoch known) {
        if (isDeposedBy(known)) {
            depose(known, "a peer refuses the older one");
        }
    }

    /**
     * The cluster has gone on: what was not acknowledged never will be, and the blocks it went to
     * are brought back by a resync.
     */
    void depose(Epoch epoch, String how) {
        Problem problem =
                new Problem(
                        "this node is no longer Primary",
                        engine.volumeName(),
                        "epoch " + epoch + " has begun elsewhere (" + how + ")",
                        "nothing: it connects as Secondary and is resynced");
        engine.out.report(problem);
        Promotion interrupted = promotion;
        promotion = null;
        boolean wasPrimary = phase != Phase.PROMOTING;
        becomeSecondary();
        if (wasPrimary) {
            for (PeerLink link : engine.links()) {
                engine.hot.unstable.addTo(link.dirty, engine.hot.log, engine.geometry);
            }
        }
        if (engine.disk() == DiskState.UP_TO_DATE) {
            engine.setDisk(DiskState.CONSISTENT);
        }
        engine.flushes.abandon();
        engine.requests.disown();
        engine.requests.refuseWaiting();
        engine.requests.tellHeld();
        for (PeerLink link : engine.links()) {
            link.drop("epoch " + epoch + " has begun");
            engine.writeChangedBitmapPages(link);
        }
        engine.state.persist(this::demoted);
        if (interrupted != null) {
            interrupted.result().refused(problem);
        }
    }
}
