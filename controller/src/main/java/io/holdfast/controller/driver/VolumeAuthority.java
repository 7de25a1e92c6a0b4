package io.holdfast.controller.driver;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.VolumeRecord;
import io.holdfast.executor.PromotionAuthority;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Gets what is said about volumes into the configuration log, and grants what is recorded. */
public final class VolumeAuthority implements PromotionAuthority {
    /** Longer than any view takes to become quorate; a promotion's own time-out is longer still. */
    private static final long PATIENCE_SECONDS = 15;

    private final NodeId self;
    private final LeaseKeeper leases;
    private final Supplier<Controller> controller;

    public VolumeAuthority(NodeId self, LeaseKeeper leases, Supplier<Controller> controller) {
        this.self = self;
        this.leases = leases;
        this.controller = controller;
    }

    @Override
    public Epoch acquire(VolumeId volume) throws InterruptedException {
        return acquire(volume, false);
    }

    /** Also for a replica that is recorded Outdated: a person knows what will be lost. */
    public Epoch acquireByForce(VolumeId volume) throws InterruptedException {
        return acquire(volume, true);
    }

    private Epoch acquire(VolumeId volume, boolean force) throws InterruptedException {
        CompletableFuture<ChangeOutcome> asked =
                controller.get().change(new Change.PromoteVolume(volume, self, force));
        try {
            Epoch epoch = new Epoch(await(volume, asked).epoch());
            if (!leases.grant(volume, epoch)) {
                throw new ProblemException(overtaken(volume, epoch));
            }
            return epoch;
        } catch (ProblemException | InterruptedException e) {
            // Nobody waits any more: should it be recorded yet, it is given back. Otherwise this
            // node would hold on record what it does not run, and nobody else could promote it.
            var _ = asked.thenAccept(late -> giveBack(volume, late));
            throw e;
        }
    }

    /**
     * Waits for no record: a node that gives up what it ran does so before it takes part in the
     * term (so nothing could be recorded yet), and the coordinator hears of the release before it
     * hears that the operation ended.
     */
    @Override
    public void release(VolumeId volume) {
        Optional<Epoch> epoch = leases.granted(volume).or(() -> recordedHere(volume));
        leases.revoke(volume);
        epoch.ifPresent(held -> giveBack(volume, held));
    }

    @Override
    public boolean isGranted(VolumeId volume) {
        return leases.granted(volume).isPresent();
    }

    private Optional<Epoch> recordedHere(VolumeId volume) {
        VolumeRecord record = controller.get().state().volume(volume);
        return record.holder().filter(self::equals).map(holder -> record.epoch());
    }

    @Override
    public Optional<Problem> objection(VolumeId volume) {
        Epoch since = controller.get().state().volume(volume).outdatedSince().get(self);
        return since == null
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                "the replica of " + volume + " here must not be promoted",
                                volume.name(),
                                "it is recorded Outdated since epoch " + since,
                                "let it resync from a replica that is UpToDate"));
    }

    /** For storaged: the Primary here lost {@code replica} and wants to go on without it. */
    public void recordOutdated(VolumeId volume, Epoch epoch, NodeId replica)
            throws InterruptedException {
        record(volume, new Change.OutdateReplica(volume, self, epoch, replica));
    }

    /** For storaged: {@code replica} is equal again. */
    public void recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica)
            throws InterruptedException {
        record(volume, new Change.ReinstateReplica(volume, self, epoch, replica));
    }

    private static Problem overtaken(VolumeId volume, Epoch epoch) {
        return new Problem(
                "the promotion was overtaken",
                volume.name(),
                "epoch " + epoch + " was recorded, but the view changed before it could be used",
                "nothing: the cluster promotes again if it still should");
    }

    private void giveBack(VolumeId volume, ChangeOutcome late) {
        if (late instanceof ChangeOutcome.Accepted accepted) {
            giveBack(volume, new Epoch(accepted.epoch()));
        }
    }

    private void giveBack(VolumeId volume, Epoch epoch) {
        controller.get().request(new Change.ReleaseVolume(volume, self, epoch));
    }

    private void record(VolumeId volume, Change change) throws InterruptedException {
        await(volume, controller.get().change(change));
    }

    private static ChangeOutcome.Accepted await(
            VolumeId volume, CompletableFuture<ChangeOutcome> asked) throws InterruptedException {
        try {
            return switch (asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                case ChangeOutcome.Accepted accepted -> accepted;
                case ChangeOutcome.Refused refused ->
                        throw new ProblemException(refused.problems().getFirst());
            };
        } catch (TimeoutException e) {
            throw new ProblemException(
                    new Problem(
                            "nothing could be recorded about the volume",
                            volume.name(),
                            "this node has had no quorum for " + PATIENCE_SECONDS + " seconds",
                            "see `holdfast status` for who is missing"),
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change of " + volume + " broke", e.getCause());
        }
    }
}
