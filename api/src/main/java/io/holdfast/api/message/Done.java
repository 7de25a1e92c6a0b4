package io.holdfast.api.message;

import io.holdfast.base.Problem;
import java.util.List;

/**
 * It is done, and what it means is true by now.
 *
 * @param warnings what the asker should know although it worked
 */
public record Done(List<Problem> warnings) implements Answer {
    /** Done, and nothing to say about it. */
    public static final Done QUIETLY = new Done(List.of());

    public Done {
        warnings = List.copyOf(warnings);
    }
}
