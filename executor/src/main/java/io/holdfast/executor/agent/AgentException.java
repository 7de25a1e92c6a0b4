package io.holdfast.executor.agent;

import io.holdfast.executor.OcfCode;

/** An agent's answer, from a place where going on makes no sense. */
public final class AgentException extends RuntimeException {
    private final int code;

    public AgentException(int code, String reason) {
        super(reason);
        this.code = code;
    }

    /** The configuration of the resource is wrong; trying again elsewhere would not help. */
    public static AgentException notConfigured(String reason) {
        return new AgentException(OcfCode.NOT_CONFIGURED, reason);
    }

    public AgentResult result() {
        return new AgentResult(code, String.valueOf(getMessage()));
    }
}
