package io.holdfast.executor.builtin;

import io.holdfast.executor.OcfCode;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentResult;

/** The answer to a task that an agent does not have. */
final class Unimplemented {
    private Unimplemented() {}

    static AgentResult answer(AgentCall call) {
        return new AgentResult(
                OcfCode.UNIMPLEMENTED, call.agent() + " cannot " + call.task().ocfName());
    }
}
