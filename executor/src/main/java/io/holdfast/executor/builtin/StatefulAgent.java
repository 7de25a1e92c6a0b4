package io.holdfast.executor.builtin;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.executor.OcfCode;
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
import org.jspecify.annotations.Nullable;

/**
 * {@code ocf:pacemaker:Stateful}: a promotable resource that is nothing but a file with its role.
 */
final class StatefulAgent implements Agent {
    private static final String PROMOTED = "promoted";
    private static final String UNPROMOTED = "unpromoted";
    private static final String SCORE_PROMOTED = "10";
    private static final String SCORE_UNPROMOTED = "5";

    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a promotable resource that does nothing",
                    List.of(Parameter.optional("state", "", "the file that stands for it")),
                    Map.of(
                            Task.START, Duration.ofSeconds(20),
                            Task.STOP, Duration.ofSeconds(20),
                            Task.PROMOTE, Duration.ofSeconds(10),
                            Task.DEMOTE, Duration.ofSeconds(10),
                            Task.MONITOR, Duration.ofSeconds(20)));

    private final HoldfastPaths paths;
    private final TransientAttributes attributes;

    StatefulAgent(HoldfastPaths paths, TransientAttributes attributes) {
        this.paths = paths;
        this.attributes = attributes;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) {
        StateFile state = StateFile.of(paths, call);
        return switch (call.task()) {
            case START, DEMOTE -> become(call, state, UNPROMOTED, SCORE_UNPROMOTED);
            case PROMOTE -> become(call, state, PROMOTED, SCORE_PROMOTED);
            case STOP -> {
                state.delete();
                score(call, null);
                yield AgentResult.OK;
            }
            case MONITOR -> monitor(state);
            case NOTIFY, RELOAD, RELOAD_AGENT, VALIDATE_ALL -> AgentResult.OK;
            default -> Unimplemented.answer(call);
        };
    }

    private static AgentResult monitor(StateFile state) {
        if (!state.exists()) {
            return AgentResult.NOT_RUNNING;
        }
        return switch (state.read()) {
            case PROMOTED -> AgentResult.RUNNING_PROMOTED;
            case UNPROMOTED -> AgentResult.OK;
            default -> new AgentResult(OcfCode.ERROR, state + " holds no role");
        };
    }

    private AgentResult become(AgentCall call, StateFile state, String role, String score) {
        state.write(role);
        score(call, score);
        return AgentResult.OK;
    }

    private void score(AgentCall call, @Nullable String score) {
        attributes.set(TransientAttributes.promotionScoreName(call.resource()), score);
    }
}
