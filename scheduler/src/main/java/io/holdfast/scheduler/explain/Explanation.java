package io.holdfast.scheduler.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a primitive is where it is.
 *
 * @param resource its id
 * @param activeOn where it is now
 * @param assignedTo where it will be; null if nowhere
 * @param nextRole what it will be there
 * @param general what holds wherever it is: a target role, a lost quorum, a missing ticket
 * @param nodes every node with its score and what speaks for and against it
 * @param wouldMove what would bring it elsewhere
 */
public record Explanation(
        String resource,
        List<String> activeOn,
        @Nullable String assignedTo,
        String nextRole,
        List<String> general,
        List<NodeReasons> nodes,
        String wouldMove) {

    /**
     * What speaks for and against a node.
     *
     * @param score the sum as the calculation left it, such as 150 or -INFINITY
     * @param usable whether the node can run resources at all
     */
    public record NodeReasons(String node, String score, boolean usable, List<Reason> reasons) {}

    /**
     * One reason.
     *
     * @param source the constraint, rule or failure it comes from
     * @param score what it counts; empty when it does not count but decides
     */
    public record Reason(String source, String score) {}

    /** In plain words. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(resource)
                .append(activeOn.isEmpty() ? " runs nowhere" : " runs on " + each(activeOn))
                .append(
                        assignedTo == null
                                ? " and is to run nowhere.\n"
                                : " and is to be " + nextRole + " on " + assignedTo + ".\n");
        for (String line : general) {
            text.append("  ").append(line).append('\n');
        }
        for (NodeReasons node : nodes) {
            text.append("  ").append(node.node()).append(": ");
            text.append(node.usable() ? "score " + node.score() : "cannot run resources");
            text.append('\n');
            for (Reason reason : node.reasons()) {
                text.append("    ").append(reason.source());
                text.append(reason.score().isEmpty() ? "" : ": " + reason.score()).append('\n');
            }
        }
        return text.append("  ").append(wouldMove).append('\n').toString();
    }

    private static String each(List<String> names) {
        return String.join(" and ", names);
    }
}
