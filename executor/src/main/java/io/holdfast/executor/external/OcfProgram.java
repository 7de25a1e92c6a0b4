package io.holdfast.executor.external;

import io.holdfast.executor.OcfCode;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An OCF resource agent that is a program: OCF resource agent API 1.1. */
final class OcfProgram implements Agent {
    private static final String REASON_PREFIX = "ocf-exit-reason:";
    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a program of this node",
                    List.of(),
                    Map.of(Task.MONITOR, Duration.ofSeconds(20)));

    private final Path ocfRoot;
    private final Path program;

    OcfProgram(Path ocfRoot, Path program) {
        this.ocfRoot = ocfRoot;
        this.program = program;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        try {
            AgentProcess ended =
                    AgentProcess.run(
                            List.of(program.toString(), call.task().ocfName()), environment(call));
            return new AgentResult(code(ended.exitCode()), reason(ended));
        } catch (IOException e) {
            return new AgentResult(
                    OcfCode.INSUFFICIENT_PRIVILEGES, program + " cannot be run: " + e.getMessage());
        }
    }

    private Map<String, String> environment(AgentCall call) {
        Map<String, String> environment = new TreeMap<>(SystemEnvironment.CLEAN);
        environment.put("OCF_ROOT", ocfRoot.toString());
        environment.put("OCF_RA_VERSION_MAJOR", "1");
        environment.put("OCF_RA_VERSION_MINOR", "1");
        environment.put("OCF_RESOURCE_INSTANCE", call.resource());
        environment.put("OCF_RESOURCE_PROVIDER", call.agent().provider());
        environment.put("OCF_RESOURCE_TYPE", call.agent().type());
        environment.put("HA_RSCTMP", "/run/resource-agents");
        call.parameters().forEach((name, value) -> environment.put("OCF_RESKEY_" + name, value));
        // Shell variables have no dashes: CRM_meta_master-max is read as CRM_meta_master_max.
        call.meta()
                .forEach(
                        (name, value) ->
                                environment.put("OCF_RESKEY_" + name.replace('-', '_'), value));
        String checkLevel = call.parameters().get("OCF_CHECK_LEVEL");
        if (checkLevel != null) {
            environment.put("OCF_CHECK_LEVEL", checkLevel);
        }
        return environment;
    }

    /** What is no OCF code (a crash, a shell's 127) is an error. */
    private static int code(int exitCode) {
        boolean known =
                (exitCode >= OcfCode.OK && exitCode <= OcfCode.FAILED_PROMOTED)
                        || exitCode == OcfCode.DEGRADED
                        || exitCode == OcfCode.DEGRADED_PROMOTED;
        return known ? exitCode : OcfCode.ERROR;
    }

    /** The last reason it gave; without one, for a failure, its last line of errors. */
    private static String reason(AgentProcess ended) {
        String lastLine = "";
        String lastReason = "";
        for (String line : ended.errors().lines().toList()) {
            if (line.startsWith(REASON_PREFIX)) {
                lastReason = line.substring(REASON_PREFIX.length()).strip();
            } else if (!line.isBlank()) {
                lastLine = line.strip();
            }
        }
        if (!lastReason.isEmpty()) {
            return bounded(lastReason);
        }
        int code = ended.exitCode();
        boolean expected =
                code == OcfCode.OK
                        || code == OcfCode.NOT_RUNNING
                        || code == OcfCode.RUNNING_PROMOTED;
        return expected ? "" : bounded(lastLine.isEmpty() ? "exit code " + code : lastLine);
    }

    private static String bounded(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500) + "…";
    }
}
