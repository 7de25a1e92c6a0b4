package io.holdfast.controller.simulation;

import static io.holdfast.controller.simulation.SimulatedMembership.MILLI;

import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.ControllerCore;
import io.holdfast.controller.core.ControllerEvent;
import io.holdfast.controller.core.ControllerMessage;
import io.holdfast.controller.core.Effect;
import io.holdfast.controller.core.NodeAttributes;
import io.holdfast.controller.core.NodeReport;
import io.holdfast.controller.core.OperationReport;
import io.holdfast.controller.core.VolumeRecord;
import io.holdfast.membership.ClusterView;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node: a {@link ControllerCore}, what its driver does with the effects, its disk, its lease
 * page, its executor and its replica. Disk, voter and page outlive a crash as they do in life.
 */
final class SimulatedController {
    private final ControllerSimulation.Cluster cluster;
    private final Simulation simulation;
    private final SimulatedNode node;

    // On disk.
    private ClusterState disk = ClusterState.empty();
    private Term accepted = Term.NONE;
    private LogPosition voterPosition = LogPosition.NONE;

    // The lease page.
    private Term leased = Term.NONE;
    private Term applied = Term.NONE;
    private long leasedUntil;
    private long pageUntil;
    private @Nullable Epoch granted;

    // A process's own.
    private ControllerCore core;
    private SimulatedExecutor executor;
    private SimulatedReplica replica;
    private SortedMap<Long, Consumer<ChangeOutcome>> asked = new TreeMap<>();
    private long lastRequest;
    private Term told = Term.NONE;

    SimulatedController(ControllerSimulation.Cluster cluster, SimulatedNode node) {
        this.cluster = cluster;
        this.simulation = cluster.simulation();
        this.node = node;
        this.replica = new SimulatedReplica(cluster, this);
        this.core = new ControllerCore(node.id(), cluster.votes(), disk, _ -> false);
        this.executor = new SimulatedExecutor(cluster, this);
    }

    void boot() {
        cluster.membership().left(id());
        // The page is begun anew: the process before had the lease, not this one.
        granted = null;
        applied = Term.NONE;
        pageUntil = 0;
        told = Term.NONE;
        asked = new TreeMap<>();
        core = new ControllerCore(id(), cluster.votes(), disk, _ -> false);
        executor = new SimulatedExecutor(cluster, this);
        replica.processBegan();
    }

    NodeId id() {
        return node.id();
    }

    long life() {
        return node.incarnation();
    }

    boolean isUp() {
        return node.isAlive() && !node.isPaused();
    }

    /** Membership has told this process, or is about to, that it is in the view of this term. */
    void isTold(Term term) {
        told = term;
    }

    boolean isIn(Term term) {
        return told.equals(term);
    }

    boolean hears(NodeId other) {
        return other.equals(id()) || !cluster.isCut(id(), other);
    }

    /** Runs in this process, some time later. */
    void later(long leastNanos, long mostNanos, Runnable action) {
        node.after(simulation.randomNanos(leastNanos, Math.max(mostNanos, leastNanos + 1)), action);
    }

    ControllerCore core() {
        return core;
    }

    SimulatedReplica replica() {
        return replica;
    }

    // --- the lease -----------------------------------------------------------------------------

    void leaseExtended(Term term, long untilNanos) {
        if (accepted.equals(term)) {
            leased = term;
            leasedUntil = untilNanos;
            writeLease();
        }
    }

    private void writeLease() {
        if (leased.equals(applied) && applied.compareTo(Term.NONE) > 0) {
            pageUntil = leasedUntil;
            long until = pageUntil;
            simulation.after(
                    Math.max(0, until - simulation.nowNanos()),
                    () -> {
                        if (pageUntil == until) {
                            executor.leaseEnded();
                        }
                    });
        }
    }

    boolean isLeased() {
        return simulation.nowNanos() < pageUntil;
    }

    /** Whether writes may be acknowledged here now. */
    boolean mayAct() {
        return isLeased() && granted != null;
    }

    Optional<Epoch> granted() {
        return Optional.ofNullable(granted);
    }

    boolean hasAddressUp() {
        return executor.isActive(ControllerSimulation.ADDRESS) && isLeased();
    }

    boolean isPromoted() {
        return executor.isPromoted(ControllerSimulation.VOLUME_RESOURCE);
    }

    boolean grant(Epoch epoch) {
        VolumeRecord record = disk.volume(ControllerSimulation.VOLUME);
        boolean recorded =
                record.holder().equals(Optional.of(id())) && record.epoch().equals(epoch);
        if (recorded) {
            simulation.note(id() + " is granted epoch " + epoch);
            granted = epoch;
            replica.promoted(epoch);
        }
        return recorded;
    }

    void revoke() {
        granted = null;
        replica.demoted();
    }

    // --- voter ---------------------------------------------------------------------------------

    /** This node's voter accepts the term; from now on nothing of an older one counts. */
    LogPosition accept(Term term) {
        accepted = term;
        return voterPosition;
    }

    private void reached(Term term, LogPosition position) {
        later(
                50_000,
                3 * MILLI,
                () -> {
                    if (position.compareTo(voterPosition) > 0) {
                        voterPosition = position;
                    }
                    if (accepted.equals(term)) {
                        handle(new ControllerEvent.StateStored(position));
                    }
                });
    }

    private void anchor(Term term, LogPosition position) {
        later(
                300_000,
                5 * MILLI,
                () -> {
                    if (cluster.membership().keepsAtWitness(id(), term, position)) {
                        handle(new ControllerEvent.PositionAnchored(position));
                    } else {
                        later(
                                250 * MILLI,
                                250 * MILLI,
                                () -> handle(new ControllerEvent.AnchoringFailed(position)));
                    }
                });
    }

    // --- events --------------------------------------------------------------------------------

    void viewChanged(ClusterView view) {
        if (isUp()) {
            handle(new ControllerEvent.ViewChanged(view));
        }
    }

    void received(NodeId from, ControllerMessage message) {
        handle(new ControllerEvent.MessageReceived(from, message));
    }

    void operationEnded(OperationReport report) {
        handle(new ControllerEvent.OperationEnded(report));
    }

    void attributesChanged(NodeAttributes attributes) {
        handle(new ControllerEvent.AttributesChanged(attributes));
    }

    void surrendered() {
        handle(new ControllerEvent.Surrendered());
    }

    /** Asks for a change; {@code then} hears the outcome, if one ever comes. */
    void ask(Change change, Consumer<ChangeOutcome> then) {
        asked.put(++lastRequest, then);
        handle(new ControllerEvent.ChangeAsked(lastRequest, change));
    }

    private void handle(ControllerEvent event) {
        List<Effect> effects = core.handle(event, 1_000_000 + simulation.nowNanos() / MILLI);
        Term reportFor = null;
        for (Effect effect : effects) {
            // Any step may be the last: what was stored is stored, what was to be sent is not.
            if (cluster.mayCrashBetweenEffects() && simulation.chance(0.0005)) {
                cluster.crashForAWhile(node);
            }
            if (!node.isAlive()) {
                return;
            }
            if (effect instanceof Effect.PrepareReport prepare) {
                reportFor = prepare.term();
            } else {
                carryOut(effect);
            }
        }
        if (reportFor != null) {
            handle(new ControllerEvent.ReportPrepared(reportFor, report()));
        }
    }

    private NodeReport report() {
        SortedMap<io.holdfast.base.VolumeId, Epoch> grants = new TreeMap<>();
        granted().ifPresent(epoch -> grants.put(ControllerSimulation.VOLUME, epoch));
        return new NodeReport(executor.history(), executor.attributes(), grants);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send e -> cluster.send(id(), e.to(), e.message(), false);
            case Effect.Broadcast e -> cluster.broadcast(id(), e.message());
            case Effect.StoreEntry e -> {
                stored(disk.replay(e.position(), e.entry()));
                reached(e.term(), e.position());
            }
            case Effect.StoreState e -> {
                stored(e.state());
                reached(e.term(), e.state().position());
            }
            case Effect.AnchorAtWitness e -> anchor(e.term(), e.position());
            case Effect.Surrender _ -> executor.surrender();
            case Effect.ApplyState e -> {
                applied = e.term();
                writeLease();
            }
            case Effect.PrepareReport e -> throw new IllegalStateException(e.toString());
            case Effect.Perform e -> executor.perform(e.order());
            case Effect.AnswerChange e -> {
                Consumer<ChangeOutcome> waiting = asked.remove(e.requestId());
                if (waiting != null) {
                    waiting.accept(e.outcome());
                }
            }
            case Effect.ShowCib _ -> {}
            case Effect.KeepInput _ -> {}
            case Effect.Tell e -> simulation.note(id() + " tells " + e.kind() + ": " + e.text());
            case Effect.Warn e -> simulation.note(id() + " warns: " + e.problem().message());
        }
    }

    /** As LeaseKeeper: before anything is confirmed the page agrees with the records. */
    private void stored(ClusterState state) {
        disk = state;
        cluster.rules().stored(id(), state);
        VolumeRecord record = state.volume(ControllerSimulation.VOLUME);
        boolean mine = record.holder().equals(Optional.of(id())) && record.epoch().equals(granted);
        if (granted != null && !mine) {
            revoke();
        }
        executor.recordsChanged(record.outdatedSince().containsKey(id()));
    }
}
