package io.holdfast.lab.story;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What a step showed. Its JSON has the four fields that programs rely on; {@link StoryResult} has
 * the rest beside them.
 *
 * @param gapMillis the longest time without an acknowledged write, as the client saw it; rounded up
 * @param ackedWrites acknowledged during the step
 * @param lostWrites of all acknowledged so far, those not read back intact after the step
 * @param replicas whether the replicas were compared after the step, and how that ended
 * @param facts what else was seen, a sentence each
 * @param failures what should have been otherwise; empty when all is well
 */
public record StepResult(
        StepName name,
        long gapMillis,
        long ackedWrites,
        long lostWrites,
        @JsonIgnore Replicas replicas,
        @JsonIgnore List<String> facts,
        @JsonIgnore List<String> failures) {
    /** How a comparison of the replicas' files ended. */
    public enum Replicas {
        EQUAL,
        DIFFERENT,
        /** One of them is off, as it should be after this step. */
        NOT_COMPARED
    }

    public StepResult {
        facts = List.copyOf(facts);
        failures = List.copyOf(failures);
    }

    public boolean passed() {
        return failures.isEmpty();
    }
}
