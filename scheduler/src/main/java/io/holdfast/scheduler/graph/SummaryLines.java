package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.graph.TransitionSummary.Change;
import io.holdfast.scheduler.graph.TransitionSummary.NodeChange;
import io.holdfast.scheduler.graph.TransitionSummary.ResourceChange;

/** Writes changes as the tools do, in columns that widen as lines need it. */
final class SummaryLines {
    private int nameWidth = 5;
    private int detailWidth = 5;

    String line(Change change) {
        return switch (change) {
            case NodeChange node -> node.line();
            case ResourceChange resource -> line(resource);
        };
    }

    private String line(ResourceChange change) {
        String id = change.resource().id;
        String details = details(change);
        if (id.length() > nameWidth) {
            nameWidth = id.length() + 2;
        }
        detailWidth = Math.max(detailWidth, details.length());
        StringBuilder line = new StringBuilder(change.what());
        pad(line, 8);
        line.append("   ");
        int begin = line.length();
        line.append(id);
        pad(line, begin + nameWidth);
        line.append("   ( ");
        line.append(" ".repeat(detailWidth - details.length()));
        line.append(details).append(" )");
        String reason = reason(change);
        if (!reason.isEmpty()) {
            line.append("  ").append(reason);
        }
        return line.toString();
    }

    private static String reason(ResourceChange change) {
        String reason = change.reason() == null ? "" : "due to " + change.reason();
        if (!change.blocked()) {
            return reason;
        }
        return reason.isEmpty() ? "blocked" : reason + " (blocked)";
    }

    private static void pad(StringBuilder text, int width) {
        while (text.length() < width) {
            text.append(' ');
        }
    }

    private static String details(ResourceChange change) {
        String role = change.role().text();
        String roles = role + " -> " + change.nextRole().text() + " ";
        if (change.origin() == null) {
            return (change.withRole() ? roles : "") + change.destination();
        }
        if (change.destination() == null || (change.sameRole() && change.sameHost())) {
            return (change.withRole() ? role + " " : "") + change.origin();
        }
        if (change.sameRole()) {
            String nodes = change.origin() + " -> " + change.destination();
            return nodes + (change.withRole() ? " " + role : "");
        }
        if (change.sameHost()) {
            return roles + change.origin();
        }
        return role
                + " "
                + change.origin()
                + " -> "
                + change.nextRole().text()
                + " "
                + change.destination();
    }
}
