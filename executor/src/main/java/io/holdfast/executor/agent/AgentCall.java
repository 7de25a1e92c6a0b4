package io.holdfast.executor.agent;

import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.util.List;
import java.util.Locale;
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

    private static final List<String> TRUE = List.of("1", "true", "yes", "on", "y", "ja");

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
                                AgentException.notConfigured(
                                        "parameter "
                                                + name
                                                + " is missing; set it: params "
                                                + name
                                                + "=…"));
    }

    /** A parameter that is a whole number in a range. */
    public Optional<Integer> number(String name, int least, int most) {
        return parameter(name).map(text -> numberOf(name, text, least, most));
    }

    /** A parameter with the OCF's words for yes and no. */
    public boolean flag(String name, boolean otherwise) {
        return parameter(name)
                .map(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .orElse(otherwise);
    }

    private static int numberOf(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw AgentException.notConfigured(
                "parameter "
                        + name
                        + "="
                        + text
                        + " is not a number from "
                        + least
                        + " to "
                        + most);
    }

    /** As text for logs: parameters may hold secrets and are left out. */
    @Override
    public String toString() {
        return resource + "_" + task.ocfName() + "_" + intervalMillis + "[" + agent + "]";
    }
}
