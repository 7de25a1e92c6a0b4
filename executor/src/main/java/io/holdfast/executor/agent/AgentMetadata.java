package io.holdfast.executor.agent;

import io.holdfast.executor.Task;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an agent says of itself: OCF meta-data.
 *
 * @param description one line
 * @param tasks what it can do, and how long each should be given
 */
public record AgentMetadata(
        String description, List<Parameter> parameters, Map<Task, Duration> tasks) {

    /** What Pacemaker gives an operation nobody set a time-out for. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

    public AgentMetadata {
        parameters = List.copyOf(parameters);
        tasks = new EnumMap<>(tasks);
    }

    /** The agent's own advice, or Pacemaker's default. */
    public Duration timeout(Task task) {
        return tasks.getOrDefault(task, DEFAULT_TIMEOUT);
    }

    /** One parameter; {@code defaultValue} empty when it has none. */
    public record Parameter(
            String name,
            boolean required,
            boolean secret,
            String defaultValue,
            String description) {
        public static Parameter required(String name, String description) {
            return new Parameter(name, true, false, "", description);
        }

        public static Parameter optional(String name, String defaultValue, String description) {
            return new Parameter(name, false, false, defaultValue, description);
        }

        public static Parameter secret(String name, String description) {
            return new Parameter(name, false, true, "", description);
        }
    }
}
