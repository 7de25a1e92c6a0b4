package io.holdfast.scheduler.explain;

import java.util.List;
import java.util.Locale;

/** An explanation in plain words. */
public final class ExplanationText {
    private final StringBuilder text = new StringBuilder();

    private ExplanationText() {}

    public static String of(Explanation explanation) {
        ExplanationText of = new ExplanationText();
        of.now(explanation);
        of.next(explanation);
        explanation.general().forEach(line -> of.line(1, line));
        explanation.actions().forEach(line -> of.line(1, line));
        of.line(0, "Nodes:");
        explanation.nodes().forEach(of::node);
        of.section("Colocated:", explanation.relations());
        of.section("What would move it:", explanation.moves());
        return of.text.append('\n').toString();
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }

    private void section(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line(0, title);
            lines.forEach(line -> line(1, line));
        }
    }

    private void now(Explanation explanation) {
        String nodes = String.join(", ", explanation.activeOn());
        line(
                0,
                explanation.resource()
                        + " is "
                        + (nodes.isEmpty()
                                ? "not running."
                                : lower(explanation.role())
                                        + " on "
                                        + nodes
                                        + (explanation.failed()
                                                ? ", and has failed there."
                                                : ".")));
    }

    private void next(Explanation explanation) {
        line(
                0,
                explanation.assignedTo() == null
                        ? "No node may run it."
                        : "It belongs on "
                                + explanation.assignedTo()
                                + ", as "
                                + lower(explanation.nextRole())
                                + ".");
    }

    private static String lower(String role) {
        return role.toLowerCase(Locale.ROOT);
    }

    private void node(Explanation.NodeScore node) {
        line(
                1,
                node.node()
                        + ": "
                        + node.verdict()
                        + (node.score() == null ? "" : ", score " + node.score()));
        for (Explanation.Part part : node.parts()) {
            boolean positive = !part.score().startsWith("-");
            line(2, (positive ? "+" : "") + part.score() + "  " + part.source());
        }
        node.failures().forEach(line -> line(2, line));
    }
}
