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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code ocf:linbit:drbd}: a replicated volume, promotable.
 *
 * <pre>
 * task     what is asked of storaged                         of the controller
 * start    VolumeUp
 * monitor  status: Primary 8 (9 if not granted), Secondary 0, down 7
 * promote  VolumePromote(epoch), after  ...................  acquire an epoch (recorded, granted)
 * demote   VolumeDemote, before  ..........................  release
 * stop     VolumeDown, before  ............................  release
 * </pre>
 *
 * Every operation sets the promotion score: {@value #SCORE_PRIMARY} for a Primary, {@value
 * #SCORE_SECONDARY} for a Secondary that is UpToDate, {@value #SCORE_CONSISTENT} for one that is
 * Consistent, none for a replica that must not be promoted. A Primary so keeps its place whatever a
 * location constraint of ordinary size prefers.
 */
public final class DrbdAgent implements Agent {
    static final int SCORE_PRIMARY = 10_000;
    static final int SCORE_SECONDARY = 1000;

    /**
     * A Consistent replica met no peer yet, but the cluster knows of nothing newer. Little less
     * than UpToDate, so that who was met first does not outweigh a location constraint.
     */
    static final int SCORE_CONSISTENT = 995;

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
                            Task.STOP, Duration.ofSeconds(100),
                            Task.MONITOR, Duration.ofSeconds(20)));

    private final StorageDaemon storage;
    private final PromotionAuthority authority;
    private final TransientAttributes attributes;
    private final Map<VolumeId, String> resources = new TreeMap<>();

    // What the last operation of a volume told of its state.
    private final Map<VolumeId, Integer> toldCodes = new ConcurrentHashMap<>();
    private volatile Consumer<String> recheck = resource -> {};

    DrbdAgent(StorageDaemon storage, PromotionAuthority authority, TransientAttributes attributes) {
        this.storage = storage;
        this.authority = authority;
        this.attributes = attributes;
    }

    /** The resource that stands for a volume here, as far as it was ever called. */
    public synchronized Optional<String> resourceOf(VolumeId volume) {
        return Optional.ofNullable(resources.get(volume));
    }

    /** Has a resource's monitors run when {@code storaged} tells what they have not seen. */
    void recheckThrough(Consumer<String> newRecheck) {
        recheck = newRecheck;
    }

    /**
     * Sets the score anew, and has monitors look, when {@code storaged} tells a change by itself.
     */
    public void volumeChanged(VolumeStatus volume) {
        Optional<String> resource = resourceOf(volume.volume());
        if (resource.isEmpty()) {
            return;
        }
        score(resource.get(), volume);
        Integer told = toldCodes.get(volume.volume());
        if (told != null && told != answer(volume).code()) {
            recheck.accept(resource.get());
        }
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
            case START -> telling(volume, start(call, volume), OcfCode.OK);
            case STOP -> telling(volume, stop(call, volume), OcfCode.NOT_RUNNING);
            case PROMOTE -> telling(volume, promote(call, volume), OcfCode.RUNNING_PROMOTED);
            case DEMOTE -> telling(volume, demote(call, volume), OcfCode.OK);
            case MONITOR -> {
                AgentResult seen = monitor(call, volume);
                yield telling(volume, seen, seen.code());
            }
            case VALIDATE_ALL -> AgentResult.OK;
            default -> Unimplemented.answer(call);
        };
    }

    /** Notes what the cluster believes of the volume after an operation that went well. */
    private AgentResult telling(VolumeId volume, AgentResult result, int code) {
        if (result.code() == OcfCode.OK || result.code() == code) {
            toldCodes.put(volume, code);
        }
        return result;
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
        // A Primary whose storaged died is stopped without having been demoted.
        authority.release(volume);
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

    private AgentResult demote(AgentCall call, VolumeId volume) {
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
        return answer(status);
    }

    /**
     * A Primary that is not granted acknowledges nothing: {@code clusterd} was restarted, or the
     * cluster went on. Were it called promoted, nobody would ever promote it again.
     */
    private AgentResult answer(VolumeStatus status) {
        if (!status.up()) {
            return AgentResult.NOT_RUNNING;
        }
        if (status.role() != VolumeStatus.Role.PRIMARY) {
            return AgentResult.OK;
        }
        if (status.disk() == VolumeStatus.Disk.FAILED) {
            return new AgentResult(
                    OcfCode.FAILED_PROMOTED,
                    "it is Primary, but its disk failed or it has stopped");
        }
        return authority.isGranted(status.volume())
                ? AgentResult.RUNNING_PROMOTED
                : new AgentResult(
                        OcfCode.FAILED_PROMOTED,
                        "it is Primary, but the lease page does not grant it to this node");
    }

    private void score(String resource, @Nullable VolumeStatus status) {
        attributes.set(TransientAttributes.promotionScoreName(resource), score(status));
    }

    private @Nullable String score(@Nullable VolumeStatus status) {
        if (status == null || !status.up() || authority.objection(status.volume()).isPresent()) {
            return null;
        }
        return switch (status.disk()) {
            case UP_TO_DATE ->
                    Integer.toString(
                            status.role() == VolumeStatus.Role.PRIMARY
                                    ? SCORE_PRIMARY
                                    : SCORE_SECONDARY);
            case CONSISTENT -> Integer.toString(SCORE_CONSISTENT);
            case DISKLESS, ATTACHING, FAILED, INCONSISTENT, OUTDATED, UNKNOWN -> null;
        };
    }

    private static AgentResult notConfigured(VolumeId volume) {
        return new AgentResult(
                OcfCode.NOT_INSTALLED,
                "no resource " + volume + " in drbd.conf on this node; add it and reload storaged");
    }
}
