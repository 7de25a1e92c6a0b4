package io.holdfast.daemon.storaged;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.ActingRight;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The right to act, read from the lease page; records are asked of clusterd over its socket. */
final class PagedRight implements ActingRight {
    private final LeasePageReader page;
    private final ControlClient clusterd;
    private final Map<VolumeId, LeasePageReader.VolumeGrant> grants = new ConcurrentHashMap<>();

    /** The end of the last record of each volume. */
    private final Map<VolumeId, CompletableFuture<?>> lastRecord = new ConcurrentHashMap<>();

    PagedRight(LeasePageReader page, ControlClient clusterd) {
        this.page = page;
        this.clusterd = clusterd;
    }

    @Override
    public long actingUntilNanos(VolumeId volume, Epoch epoch) {
        LeasePageReader.VolumeGrant grant = grants.get(volume);
        if (grant == null) {
            grant = grants.computeIfAbsent(volume, page::volume);
        }
        return grant.untilNanos(epoch);
    }

    @Override
    public CompletionStage<Void> recordOutdated(VolumeId volume, Epoch epoch, NodeId replica) {
        return record(volume, new ClusterRequest.VolumeRecordOutdated(volume, epoch, replica));
    }

    @Override
    public CompletionStage<Void> recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica) {
        return record(volume, new ClusterRequest.VolumeRecordUpToDate(volume, epoch, replica));
    }

    /**
     * One record of a volume after the other: "up to date" that overtook the "Outdated" after it
     * would have a replica promoted that lacks writes. The records of other volumes do not wait.
     */
    private CompletionStage<Void> record(
            VolumeId volume, ClusterRequest<? extends Answer> request) {
        CompletableFuture<Void> recorded = new CompletableFuture<>();
        lastRecord.compute(
                volume,
                (_, before) -> {
                    if (before == null) {
                        ask(request, recorded);
                    } else {
                        var _ = before.whenComplete((_, _) -> ask(request, recorded));
                    }
                    return recorded;
                });
        return recorded;
    }

    /** On a thread of its own: clusterd answers when a quorum has it on disk. */
    private void ask(ClusterRequest<? extends Answer> request, CompletableFuture<Void> recorded) {
        Thread.ofVirtual()
                .name("record")
                .start(
                        () -> {
                            try {
                                clusterd.ask(request);
                                recorded.complete(null);
                            } catch (RuntimeException e) {
                                // Whatever it is: an answer that never comes suspends the volume.
                                recorded.completeExceptionally(e);
                            }
                        });
    }
}
