package io.holdfast.controller.driver;

import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.VolumeRecord;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who writes the lease page (docs/adr/0002, rule 9): a lease of a term is written only after this
 * node applied that term's state, and no record is confirmed before the page agrees with it.
 */
public final class LeaseKeeper {
    private final NodeId self;
    private final LeasePageWriter page;
    private final SortedMap<VolumeId, Epoch> granted = new TreeMap<>();
    private ClusterState records = ClusterState.empty();
    private Term applied = Term.NONE;
    private Term leased = Term.NONE;
    private long untilNanos;
    private long pageUntilNanos = System.nanoTime();
    private long heldSinceNanos = pageUntilNanos;

    public LeaseKeeper(NodeId self, LeasePageWriter page) {
        this.self = self;
        this.page = page;
    }

    /** Membership's lease thread: a lease of {@code term} runs until {@code until}. */
    public synchronized void leaseExtended(Term term, long until) {
        leased = term;
        untilNanos = until;
        writeLease();
    }

    /**
     * The controller stored {@code state}: before it confirms that to anybody, volumes that the
     * records leave to another node or epoch are no longer granted here.
     */
    public synchronized void recordsChanged(ClusterState state) {
        records = state;
        for (VolumeId volume : new TreeMap<>(granted).keySet()) {
            if (!isRecordedHere(volume, granted.get(volume))) {
                revoke(volume);
            }
        }
    }

    /** The controller: the state of {@code term} holds here, and what others took over is down. */
    public synchronized void stateApplied(Term term) {
        applied = term;
        writeLease();
    }

    /**
     * This node is Primary of {@code volume} under {@code epoch}.
     *
     * @return false when the records say otherwise by now; then nothing is granted
     */
    public synchronized boolean grant(VolumeId volume, Epoch epoch) {
        if (!isRecordedHere(volume, epoch)) {
            return false;
        }
        granted.put(volume, epoch);
        page.grant(volume, epoch);
        return true;
    }

    public synchronized void revoke(VolumeId volume) {
        page.revoke(volume);
        granted.remove(volume);
    }

    /** Whether this node could act all the time from then ({@link System#nanoTime}) until now. */
    public synchronized boolean heldSince(long nanos) {
        return pageUntilNanos - System.nanoTime() > 0 && heldSinceNanos - nanos <= 0;
    }

    /** Every volume this node may act for, and under which epoch. */
    public synchronized SortedMap<VolumeId, Epoch> granted() {
        return new TreeMap<>(granted);
    }

    /** The epoch under which this node may act for {@code volume}. */
    public synchronized Optional<Epoch> granted(VolumeId volume) {
        return Optional.ofNullable(granted.get(volume));
    }

    private boolean isRecordedHere(VolumeId volume, @Nullable Epoch epoch) {
        VolumeRecord record = records.volume(volume);
        return record.holder().equals(Optional.of(self)) && record.epoch().equals(epoch);
    }

    private void writeLease() {
        if (leased.equals(applied) && untilNanos > 0) {
            page.extend(leased, untilNanos);
            long now = System.nanoTime();
            if (pageUntilNanos - now <= 0) {
                heldSinceNanos = now;
            }
            pageUntilNanos = untilNanos;
        }
    }
}
