package io.holdfast.executor.builtin;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentMetadata.Parameter;
import io.holdfast.executor.agent.AgentResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code ocf:pacemaker:Dummy} and {@code ocf:heartbeat:Dummy}: a resource that is nothing but a
 * file, to try a cluster with. Take the file away, and it has failed.
 */
final class DummyAgent implements Agent {
    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a resource that does nothing",
                    List.of(
                            Parameter.optional("state", "", "the file that stands for it"),
                            Parameter.optional("op_sleep", "0", "seconds each operation takes"),
                            Parameter.optional("fake", "dummy", "changed to see a reload")),
                    Map.of(
                            Task.START, Duration.ofSeconds(20),
                            Task.STOP, Duration.ofSeconds(20),
                            Task.MONITOR, Duration.ofSeconds(20)));

    private final HoldfastPaths paths;

    DummyAgent(HoldfastPaths paths) {
        this.paths = paths;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        StateFile state = StateFile.of(paths, call);
        Thread.sleep(Duration.ofSeconds(call.number("op_sleep", 0, 86_400).orElse(0)));
        return switch (call.task()) {
            case START -> {
                state.write("started");
                yield AgentResult.OK;
            }
            case STOP -> {
                state.delete();
                yield AgentResult.OK;
            }
            case MONITOR -> state.exists() ? AgentResult.OK : AgentResult.NOT_RUNNING;
            case MIGRATE_TO -> {
                state.delete();
                yield AgentResult.OK;
            }
            case MIGRATE_FROM -> {
                state.write("started");
                yield AgentResult.OK;
            }
            case RELOAD, RELOAD_AGENT, VALIDATE_ALL -> AgentResult.OK;
            default -> Unimplemented.answer(call);
        };
    }
}
