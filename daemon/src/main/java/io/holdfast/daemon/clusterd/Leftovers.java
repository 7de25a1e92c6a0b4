package io.holdfast.daemon.clusterd;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.DaemonUnreachableException;
import io.holdfast.api.control.DaemonUnreachableException.Reach;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.api.message.TargetStatus;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.ProblemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an earlier clusterd left running in storaged. Its rights ended with it (the lease page was
 * begun anew), and others may have taken over meanwhile: targets that answer beside theirs, and a
 * Primary that acknowledges nothing, are in the way of everybody.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** A storaged that is slower is left as it is; monitors find what it still runs. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Leftovers() {}

    static void giveUp(ControlClient storaged) {
        try {
            StorageStatus status = storaged.ask(new StorageRequest.StorageStatusQuery(), PATIENCE);
            for (TargetStatus target : status.targets()) {
                giveUp(storaged, new StorageRequest.TargetRemove(target.iqn()));
            }
            for (VolumeStatus volume : status.volumes()) {
                if (volume.role() == VolumeStatus.Role.PRIMARY) {
                    giveUp(storaged, new StorageRequest.VolumeDemote(volume.volume()));
                }
            }
        } catch (DaemonUnreachableException e) {
            if (e.reach() != Reach.ABSENT) {
                LOG.warn("what storaged still runs was not given up: {}", e.getMessage());
            }
        }
    }

    private static void giveUp(ControlClient storaged, StorageRequest<? extends Answer> request) {
        try {
            storaged.ask(request, PATIENCE);
            LOG.info("an earlier clusterd left it running: {}", request);
        } catch (ProblemException e) {
            LOG.warn("{} failed: {}", request, e.getMessage());
        }
    }
}
