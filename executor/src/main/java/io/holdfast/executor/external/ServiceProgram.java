package io.holdfast.executor.external;

import io.holdfast.executor.OcfCode;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A system service: a systemd unit through systemctl, or an LSB init script. Start, stop and status
 * are all that either knows.
 */
final class ServiceProgram implements Agent {
    /** LSB: status of a script that is not running. systemctl is-active answers the same. */
    private static final int LSB_NOT_RUNNING = 3;

    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a service of this system",
                    List.of(),
                    Map.of(
                            Task.START, Duration.ofSeconds(100),
                            Task.STOP, Duration.ofSeconds(100),
                            Task.MONITOR, Duration.ofSeconds(100)));

    private final List<String> start;
    private final List<String> stop;
    private final List<String> status;

    private ServiceProgram(List<String> start, List<String> stop, List<String> status) {
        this.start = start;
        this.stop = stop;
        this.status = status;
    }

    static ServiceProgram systemd(String unit) {
        String named = unit.contains(".") ? unit : unit + ".service";
        return new ServiceProgram(
                List.of("systemctl", "start", named),
                List.of("systemctl", "stop", named),
                List.of("systemctl", "is-active", "--quiet", named));
    }

    static ServiceProgram lsb(String script) {
        return new ServiceProgram(
                List.of(script, "start"), List.of(script, "stop"), List.of(script, "status"));
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        return switch (call.task()) {
            case START -> act(start);
            case STOP -> act(stop);
            case MONITOR -> watch();
            default ->
                    new AgentResult(
                            OcfCode.UNIMPLEMENTED,
                            "a system service cannot " + call.task().ocfName());
        };
    }

    private static AgentResult act(List<String> command) throws InterruptedException {
        AgentProcess ended = process(command);
        return ended.exitCode() == 0
                ? AgentResult.OK
                : AgentResult.failed(
                        String.join(" ", command)
                                + " ended with "
                                + ended.exitCode()
                                + ended.errors().lines().findFirst().map(l -> ": " + l).orElse(""));
    }

    private AgentResult watch() throws InterruptedException {
        int code = process(status).exitCode();
        return code == 0
                ? AgentResult.OK
                : code == LSB_NOT_RUNNING
                        ? AgentResult.NOT_RUNNING
                        : AgentResult.failed(String.join(" ", status) + " ended with " + code);
    }

    private static AgentProcess process(List<String> command) throws InterruptedException {
        try {
            return AgentProcess.run(command, SystemEnvironment.CLEAN);
        } catch (IOException e) {
            throw new io.holdfast.executor.agent.AgentException(
                    OcfCode.NOT_INSTALLED,
                    command.getFirst() + " cannot be run: " + e.getMessage());
        }
    }
}
