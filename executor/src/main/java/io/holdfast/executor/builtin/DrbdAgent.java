package io.holdfast.executor.builtin;

import io.holdfast.api.message.StorageRequest.VolumeDemote;
import io.holdfast.api.message.StorageRequest.VolumeDown;
import io.holdfast.api.message.StorageRequest.VolumePromote;
import io.holdfast.api.message.StorageRequest.VolumeStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeUp;
import io.holdfast.api.message.VolumeState;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.PromotionAuthority;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentMetadata.Parameter;
import io.holdfast.executor.agent.AgentResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code ocf:linbit:drbd}: a replicated volume, promotable.
 *
 * <pre>
 * task     what is asked of storaged                         of the controller
 * start    VolumeUp
 * monitor  status: Primary 8, Secondary 0, down 7
 * promote  VolumePromote(epoch), after  ...................  acquire an epoch (recorded, granted)
 * demote   VolumeDemote, before  ..........................  release
 * stop     VolumeDown
 * </pre>
 *
 * Start, monitor and notify set the promotion score: {@value #SCORE_PRIMARY} for a Primary, {@value
 * #SCORE_SECONDARY} for a Secondary that is UpToDate, none for a replica that must not be promoted.
 * A Primary so keeps its place whatever a location constraint of ordinary size prefers.
 */
public final class DrbdAgent implements Agent {
    static final int SCORE_PRIMARY = 10_000;
    static final int SCORE_SECONDARY = 1000;

    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a replicated volume",
                    List.of(
                            Parameter.required("drbd_resource", "the volume's resource name"),
                            Parameter.optional(
                                    "drbdconf", "/etc/drbd.conf", "where it is configured")),
                    Map.of(
                            Task.START, Duration.ofSeconds(240),
                            Task.PROMOTE, Duration.ofSeconds(90),
                            Task.DEMOTE, Duration.ofSeconds(90),
                            Task.NOTIFY, Duration.ofSeconds(90),
                            Task.STOP, Duration.ofSeconds(100),
                            Task.MONITOR, Duration.ofSeconds(20)));

    private final StorageDaemon storage;
    private final PromotionAuthority authority;
    private final TransientAttributes attributes;
    private final Map<VolumeId, String> resources = new TreeMap<>();

    DrbdAgent(StorageDaemon storage, PromotionAuthority authority, TransientAttributes attributes) {
        this.storage = storage;
        this.authority = authority;
        this.attributes = attributes;
    }

    /** The resource that stands for a volume here, as far as it was ever called. */
    public synchronized Optional<String> resourceOf(VolumeId volume) {
        return Optional.ofNullable(resources.get(volume));
    }

    /** Sets the score anew when {@code storaged} tells a change by itself. */
    public void volumeChanged(VolumeStatus volume) {
        resourceOf(volume.volume()).ifPresent(resource -> score(resource, volume));
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        VolumeId volume = new VolumeId(call.required("drbd_resource"));
        synchronized (this) {
            resources.put(volume, call.resource());
        }
        return switch (call.task()) {
            case START -> start(call, volume);
            case STOP -> stop(call, volume);
            case PROMOTE -> promote(call, volume);
            case DEMOTE -> demote(call, volume);
            case MONITOR -> monitor(call, volume);
            case NOTIFY -> {
                monitor(call, volume);
                yield AgentResult.OK;
            }
            case VALIDATE_ALL -> AgentResult.OK;
            default -> Unimplemented.answer(call);
        };
    }

    private AgentResult start(AgentCall call, VolumeId volume) throws InterruptedException {
        VolumeStatus status = storage.ask(call, new VolumeUp(volume)).volume();
        score(call.resource(), status);
        return status == null ? notConfigured(volume) : AgentResult.OK;
    }

    private AgentResult stop(AgentCall call, VolumeId volume) {
        score(call.resource(), null);
        // A storaged that does not run has no volume up.
        storage.askIfRunning(call, new VolumeDown(volume));
        return AgentResult.OK;
    }

    private AgentResult promote(AgentCall call, VolumeId volume) throws InterruptedException {
        Optional<Problem> objection = authority.objection(volume);
        if (objection.isPresent()) {
            throw new ProblemException(objection.get());
        }
        Epoch epoch = authority.acquire(volume);
        boolean promoted = false;
        try {
            score(call.resource(), storage.ask(call, new VolumePromote(volume, epoch)).volume());
            promoted = true;
            return AgentResult.OK;
        } finally {
            if (!promoted) {
                authority.release(volume);
            }
        }
    }

    private AgentResult demote(AgentCall call, VolumeId volume) throws InterruptedException {
        Optional<VolumeState> state = storage.askIfRunning(call, new VolumeDemote(volume));
        authority.release(volume);
        score(call.resource(), state.map(VolumeState::volume).orElse(null));
        return state.isPresent() ? AgentResult.OK : AgentResult.NOT_RUNNING;
    }

    private AgentResult monitor(AgentCall call, VolumeId volume) {
        Optional<VolumeState> state = storage.askIfRunning(call, new VolumeStatusQuery(volume));
        VolumeStatus status = state.map(VolumeState::volume).orElse(null);
        score(call.resource(), status);
        if (state.isEmpty()) {
            return AgentResult.NOT_RUNNING;
        }
        if (status == null) {
            return notConfigured(volume);
        }
        if (!status.up()) {
            return AgentResult.NOT_RUNNING;
        }
        return status.role() == VolumeStatus.Role.PRIMARY
                ? AgentResult.RUNNING_PROMOTED
                : AgentResult.OK;
    }

    private void score(String resource, @Nullable VolumeStatus status) {
        attributes.set(TransientAttributes.promotionScoreName(resource), score(status));
    }

    private @Nullable String score(@Nullable VolumeStatus status) {
        if (status == null
                || !status.up()
                || status.disk() != VolumeStatus.Disk.UP_TO_DATE
                || authority.objection(status.volume()).isPresent()) {
            return null;
        }
        return Integer.toString(
                status.role() == VolumeStatus.Role.PRIMARY ? SCORE_PRIMARY : SCORE_SECONDARY);
    }

    private static AgentResult notConfigured(VolumeId volume) {
        return new AgentResult(
                OcfCode.NOT_INSTALLED,
                "no resource " + volume + " in drbd.conf on this node; add it and reload storaged");
    }
}
