package io.holdfast.lab.scenario;

import io.holdfast.lab.check.Checks;
import io.holdfast.lab.story.StepResult;
import java.util.Locale;

/** Turns a story's step into a check. */
final class StepChecks {
    private StepChecks() {}

    /** What was seen; fails with what should have been otherwise. */
    static String passed(StepResult step) {
        Checks.require(step.passed(), String.join("; ", step.failures()));
        Checks.require(step.lostWrites() == 0, step.lostWrites() + " acknowledged writes lost");
        return String.format(
                Locale.ROOT,
                "longest gap %d ms, %d writes acknowledged, 0 lost; %s",
                step.gapMillis(),
                step.ackedWrites(),
                String.join("; ", step.facts()));
    }
}
