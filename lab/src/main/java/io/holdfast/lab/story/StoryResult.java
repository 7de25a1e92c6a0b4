package io.holdfast.lab.story;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.holdfast.lab.story.StepResult.Replicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole story, as {@code demo --json} writes it.
 *
 * @param steps those that were played, in order
 * @param replicasEqual whether the replicas were equal byte for byte at the end
 * @param secondsToStart from the first process to the first acknowledged write
 * @param secondsInAll until the end of the last step
 * @param readBackBy who else read the disk at the end, and what came of it
 * @param failure what ended the story early; null when it was told to the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoryResult(
        List<StepResult> steps,
        boolean replicasEqual,
        long ackedWrites,
        long lostWrites,
        double secondsToStart,
        double secondsInAll,
        List<String> readBackBy,
        @Nullable String failure) {
    public StoryResult {
        steps = List.copyOf(steps);
        readBackBy = List.copyOf(readBackBy);
    }

    /** What else was seen in a step. */
    public record Seen(
            StepName step, Replicas replicas, List<String> facts, List<String> failures) {}

    /** What a step's own JSON does not hold, step by step. */
    @JsonProperty
    public List<Seen> seen() {
        return steps.stream()
                .map(s -> new Seen(s.name(), s.replicas(), s.facts(), s.failures()))
                .toList();
    }

    /** Whether everything was as it should be. */
    public boolean passed() {
        return failure == null
                && replicasEqual
                && lostWrites == 0
                && steps.stream().allMatch(StepResult::passed);
    }
}
