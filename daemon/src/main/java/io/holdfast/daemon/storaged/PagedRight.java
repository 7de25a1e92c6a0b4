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
        return ask(new ClusterRequest.VolumeRecordOutdated(volume, epoch, replica));
    }

    @Override
    public CompletionStage<Void> recordUpToDate(VolumeId volume, Epoch epoch, NodeId replica) {
        return ask(new ClusterRequest.VolumeRecordUpToDate(volume, epoch, replica));
    }

    /** On a thread of its own: clusterd answers when a quorum has it on disk. */
    private CompletionStage<Void> ask(ClusterRequest<? extends Answer> request) {
        CompletableFuture<Void> recorded = new CompletableFuture<>();
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
        return recorded;
    }
}
