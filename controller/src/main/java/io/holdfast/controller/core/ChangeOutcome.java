package io.holdfast.controller.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Problem;
import java.util.List;

/** How a {@link Change} ended, for whoever asked. */
public sealed interface ChangeOutcome {
    /**
     * It is on the disks of a quorum.
     *
     * @param epoch the new epoch of a promotion, else 0
     * @param warnings what works but is unsafe
     */
    record Accepted(LogPosition position, long epoch, List<Problem> warnings)
            implements ChangeOutcome {}

    /** Nothing was changed; {@code problems} says why, all of them. */
    record Refused(List<Problem> problems) implements ChangeOutcome {}
}
