package io.holdfast.daemon.storaged;

import io.holdfast.api.control.Progress;
import io.holdfast.api.control.RequestHandler;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Lines;
import io.holdfast.api.message.LunState;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageRequest.VolumeOrder;
import io.holdfast.api.message.StorageRequest.VolumeTextQuery;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.api.message.TargetState;
import io.holdfast.api.message.VolumeState;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.driver.VolumeService;
import java.net.InetAddress;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Answers what storaged is asked on its socket. */
final class StorageRequests implements RequestHandler {
    private final NodeId self;
    private final VolumeService volumes;
    private final Targets targets;
    private final LeasePageReader page;

    /** Reads drbd.conf again; returns what a person should know of it. */
    private final Supplier<List<Problem>> adjust;

    StorageRequests(
            NodeId self,
            VolumeService volumes,
            Targets targets,
            LeasePageReader page,
            Supplier<List<Problem>> adjust) {
        this.self = self;
        this.adjust = adjust;
        this.volumes = volumes;
        this.targets = targets;
        this.page = page;
    }

    @Override
    public Answer handle(Request<?> request, Progress progress) {
        return switch (request) {
            case StorageRequest<?> storage -> answer(storage);
            case ClusterRequest<?> cluster ->
                    throw new ProblemException(
                            new Problem(
                                    "storaged does not know this request",
                                    cluster.getClass().getSimpleName(),
                                    "it is one for clusterd",
                                    "ask clusterd's socket"));
        };
    }

    private Answer answer(StorageRequest<?> request) {
        return switch (request) {
            case StorageRequest.StorageStatusQuery r -> status();
            case StorageRequest.VolumeStatusQuery r -> volume(r.volume());
            case StorageRequest.TargetStatusQuery r -> new TargetState(targets.status(r.iqn()));
            case StorageRequest.LunStatusQuery r ->
                    new LunState(targets.lunStatus(r.iqn(), r.lun()));
            case StorageRequest.VolumeUp r -> {
                volumes.up(r.volume());
                yield volume(r.volume());
            }
            case StorageRequest.VolumeDown r -> {
                volumes.down(r.volume());
                yield Done.QUIETLY;
            }
            case StorageRequest.VolumePromote r -> {
                if (r.force()) {
                    volumes.promoteByForce(r.volume(), r.epoch());
                } else {
                    volumes.promote(r.volume(), r.epoch());
                }
                yield volume(r.volume());
            }
            case StorageRequest.VolumeDemote r -> {
                volumes.demote(r.volume(), false);
                yield volume(r.volume());
            }
            case StorageRequest.VolumeCreateMetadata r -> {
                volumes.createMetadata(r.volume(), r.force());
                yield Done.QUIETLY;
            }
            case StorageRequest.VolumeNewCurrentUuid r -> {
                volumes.newCurrentUuid(r.volume(), r.clearBitmap());
                yield Done.QUIETLY;
            }
            case StorageRequest.VolumeOrder r -> {
                carryOut(r.volume(), r.order());
                yield Done.QUIETLY;
            }
            case StorageRequest.ConfigurationAdjust r -> new Done(adjust.get());
            case StorageRequest.VolumeTextQuery r -> new Lines(text(r.volume(), r.subject()));
            case StorageRequest.TargetAdd r -> {
                targets.add(r);
                yield Done.QUIETLY;
            }
            case StorageRequest.TargetRemove r -> {
                targets.remove(r.iqn());
                yield Done.QUIETLY;
            }
            case StorageRequest.LunAdd r -> {
                targets.addLun(r);
                yield Done.QUIETLY;
            }
            case StorageRequest.LunRemove r -> {
                targets.removeLun(r.iqn(), r.lun());
                yield Done.QUIETLY;
            }
            case StorageRequest.MembersChanged r -> {
                volumes.membersChanged(new TreeSet<>(r.members()));
                yield Done.QUIETLY;
            }
            case StorageRequest.LinkChanged r -> {
                volumes.linkChanged(r.node(), InetAddress.ofLiteral(r.address()), r.up());
                yield Done.QUIETLY;
            }
        };
    }

    private void carryOut(VolumeId volume, VolumeOrder.Order order) {
        switch (order) {
            case CONNECT -> volumes.connect(volume, false);
            case CONNECT_DISCARDING_MY_DATA -> volumes.connect(volume, true);
            case DISCONNECT -> volumes.disconnect(volume);
            case INVALIDATE -> volumes.invalidate(volume);
            case OUTDATE -> volumes.outdate(volume);
            case VERIFY -> volumes.verify(volume);
            case PAUSE_SYNC -> volumes.pauseSync(volume, true);
            case RESUME_SYNC -> volumes.pauseSync(volume, false);
            case ATTACH -> volumes.up(volume);
            case DETACH -> volumes.down(volume);
        }
    }

    private List<String> text(VolumeId volume, VolumeTextQuery.Subject subject) {
        return switch (subject) {
            case CONFIGURATION -> volumes.dump(volume);
            case METADATA -> volumes.dumpMetadata(volume);
            case METADATA_CHECK -> volumes.checkMetadata(volume);
            case SPLIT_BRAIN -> volumes.explainSplitBrain(volume);
        };
    }

    private Answer volume(VolumeId volume) {
        return new VolumeState(
                volumes.volumes().contains(volume) ? VolumeViews.of(volumes.status(volume)) : null);
    }

    private Answer status() {
        long remaining = page.actingUntilNanos() - System.nanoTime();
        return new StorageStatus(
                self,
                Math.max(0, TimeUnit.NANOSECONDS.toMillis(remaining)),
                volumes.status().stream().map(VolumeViews::of).toList(),
                targets.status());
    }
}
