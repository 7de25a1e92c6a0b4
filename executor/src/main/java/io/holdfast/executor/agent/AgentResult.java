package io.holdfast.executor.agent;

import io.holdfast.executor.OcfCode;

/**
 * What an agent answered.
 *
 * @param code an {@link OcfCode}; programs may answer others too
 * @param reason a sentence for people, empty when there is nothing to say
 */
public record AgentResult(int code, String reason) {
    public static final AgentResult OK = new AgentResult(OcfCode.OK, "");
    public static final AgentResult NOT_RUNNING = new AgentResult(OcfCode.NOT_RUNNING, "");
    public static final AgentResult RUNNING_PROMOTED =
            new AgentResult(OcfCode.RUNNING_PROMOTED, "");

    public static AgentResult failed(String reason) {
        return new AgentResult(OcfCode.ERROR, reason);
    }
}
