package io.holdfast.cli.view;

import io.holdfast.api.message.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code corosync-cfgtool -s} and {@code corosync-quorumtool -s}; nodes go by name here. */
public final class CorosyncView {
    private CorosyncView() {}

    /** The state of each ring. */
    public static List<String> rings(ClusterStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("Local node ID " + status.node() + ", transport holdfast");
        SortedMap<Integer, List<ClusterStatus.Link>> byRing = new TreeMap<>();
        for (ClusterStatus.Link link : status.links()) {
            byRing.computeIfAbsent(link.ring(), _ -> new ArrayList<>()).add(link);
        }
        byRing.forEach((ring, links) -> lines.addAll(ring(status, ring, links)));
        return lines;
    }

    private static List<String> ring(
            ClusterStatus status, int ring, List<ClusterStatus.Link> links) {
        List<String> lines = new ArrayList<>();
        lines.add("LINK ID " + ring + " udp");
        String local = links.getFirst().localAddress();
        if (local != null && !local.isEmpty()) {
            lines.add("\taddr\t= " + local);
        }
        lines.add("\tstatus:");
        lines.add("\t\tnodeid: " + status.node() + ":\tlocalhost");
        for (ClusterStatus.Link link : links) {
            lines.add(
                    "\t\tnodeid: "
                            + link.peer()
                            + ":\t"
                            + (link.up() ? "connected" : "disconnected"));
        }
        return lines;
    }

    /** Votes and quorum. */
    public static List<String> quorum(ClusterStatus status) {
        ClusterStatus.View view = status.view();
        List<String> lines = new ArrayList<>();
        lines.add("Quorum information");
        lines.add("------------------");
        lines.add("Quorum provider:  holdfast");
        lines.add("Nodes:            " + view.members().size());
        lines.add("Node ID:          " + status.node());
        lines.add("Ring ID:          " + view.term());
        lines.add("Quorate:          " + (view.quorate() ? "Yes" : "No"));
        lines.add("");
        lines.add("Votequorum information");
        lines.add("----------------------");
        lines.add("Expected votes:   " + view.votesExpected());
        lines.add("Highest expected: " + view.votesExpected());
        lines.add("Total votes:      " + view.votesPresent());
        lines.add(
                "Quorum:           " + view.quorum() + (view.quorate() ? "" : " Activity blocked"));
        lines.add(
                "Flags:            "
                        + (view.quorate() ? "Quorate " : "")
                        + (status.witness() == null ? "" : "Qdevice "));
        lines.add("");
        lines.add("Membership information");
        lines.add("----------------------");
        lines.add("    Nodeid      Votes Name");
        for (ClusterStatus.Node node : status.nodes()) {
            if (view.members().contains(node.name())) {
                lines.add(
                        member(node.name().name(), node.votes())
                                + (node.name().equals(status.node()) ? " (local)" : ""));
            }
        }
        ClusterStatus.Witness witness = status.witness();
        if (witness != null) {
            lines.add(member(witness.name().name(), witness.up() ? 1 : 0) + " (Qdevice)");
        }
        return lines;
    }

    private static String member(String name, int votes) {
        return "%10s %10d %s".formatted(name, votes, name);
    }
}
