package io.holdfast.executor.agent;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One call of an agent.
 *
 * @param resource the instance, without {@code :N} where instances are alike
 * @param timeoutMillis after so long the caller breaks it off
 */
public record AgentCall(
        String resource,
        ResourceAgent agent,
        Task task,
        long intervalMillis,
        long timeoutMillis,
        SortedMap<String, String> parameters,
        SortedMap<String, String> meta) {

    public static AgentCall of(OperationRequest request, long timeoutMillis) {
        return new AgentCall(
                request.resource(),
                request.agent(),
                request.task(),
                request.intervalMillis(),
                timeoutMillis,
                request.parameters(),
                request.meta());
    }

    /** A parameter that is set and not blank. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name))
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }

    /** A parameter the agent cannot do without. */
    public String required(String name) {
        return parameter(name)
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        new Problem(
                                                "parameter " + name + " is missing",
                                                resource,
                                                agent + " needs it",
                                                "set it: params " + name + "=\"…\"")));
    }

    /** As text for logs: parameters may hold secrets and are left out. */
    @Override
    public String toString() {
        return resource + "_" + task.ocfName() + "_" + intervalMillis + "[" + agent + "]";
    }
}
