package io.holdfast.scheduler.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a primitive is where it is.
 *
 * @param resource its id
 * @param role what it is now, such as {@code Started}
 * @param activeOn where it is now
 * @param failed whether it has failed there
 * @param assignedTo where it will be; null if nowhere
 * @param nextRole what it will be there
 * @param general what holds wherever it is: a target role, a lost quorum, a ticket
 * @param actions what would be done with it, or cannot be
 * @param nodes every node with its score and what it is made of
 * @param relations the constraints that tie it to others
 * @param moves what would bring it elsewhere, a node a line
 */
public record Explanation(
        String resource,
        String role,
        List<String> activeOn,
        boolean failed,
        @Nullable String assignedTo,
        String nextRole,
        List<String> general,
        List<String> actions,
        List<NodeScore> nodes,
        List<String> relations,
        List<String> moves) {

    /**
     * A node, as the calculation saw it.
     *
     * @param verdict whether it was chosen, is possible, or why it is not
     * @param score the sum; null when the node is not considered at all
     * @param parts what the sum is made of, in the order in which it was added up
     * @param failures what failed there, how often, and until when it counts
     */
    public record NodeScore(
            String node,
            String verdict,
            @Nullable String score,
            List<Part> parts,
            List<String> failures) {}

    /**
     * A part of a score.
     *
     * @param source the constraint, setting or event it comes from
     * @param score what it added, such as 50 or -INFINITY
     */
    public record Part(String source, String score) {}
}
