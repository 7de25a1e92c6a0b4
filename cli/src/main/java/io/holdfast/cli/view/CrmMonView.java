package io.holdfast.cli.view;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ClusterStatus.NodeState;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.base.NodeId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** {@code crm_mon -1}: the text that Pacemaker's users read, and their scripts. */
public final class CrmMonView {
    private static final DateTimeFormatter C_TIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);

    private final ClusterStatus status;
    private final ZonedDateTime now;
    private final List<String> lines = new ArrayList<>();

    private CrmMonView(ClusterStatus status, ZonedDateTime now) {
        this.status = status;
        this.now = now;
    }

    /** As of {@code now}, whose zone is used for all times. */
    public static List<String> lines(ClusterStatus status, ZonedDateTime now) {
        CrmMonView view = new CrmMonView(status, now);
        view.summary();
        view.nodes();
        view.resources();
        view.failures();
        return List.copyOf(view.lines);
    }

    private void summary() {
        NodeId coordinator = status.view().coordinator();
        lines.add("Cluster Summary:");
        lines.add("  * Stack: holdfast");
        lines.add(
                "  * Current DC: "
                        + (coordinator == null ? "NONE" : coordinator.name())
                        + " - partition "
                        + (status.view().quorate() ? "with quorum" : "WITHOUT quorum"));
        lines.add("  * Last updated: " + C_TIME.format(now));
        ClusterStatus.LastChange change = status.lastChange();
        if (change != null) {
            lines.add(
                    "  * Last change:  "
                            + time(change.epochMillis(), now.getZone())
                            + " by "
                            + change.by()
                            + " on "
                            + change.node());
        }
        lines.add("  * " + count(status.nodes().size(), "node") + " configured");
        long instances = status.resources().stream().flatMap(ResourceTree::primitives).count();
        lines.add("  * " + count(instances, "resource instance") + " configured");
    }

    private void nodes() {
        lines.add("");
        lines.add("Node List:");
        for (ClusterStatus.Node node : status.nodes()) {
            singular(node);
        }
        together("Online", node -> node.state() == NodeState.ONLINE && isPlain(node));
        together("OFFLINE", node -> node.state() == NodeState.OFFLINE && isPlain(node));
    }

    /** Nodes with something to say have a line of their own. */
    private void singular(ClusterStatus.Node node) {
        String state =
                switch (node.state()) {
                    case UNCLEAN -> "UNCLEAN (offline)";
                    case PENDING -> "pending";
                    case ONLINE ->
                            node.standby() ? "standby" : node.maintenance() ? "maintenance" : "";
                    case OFFLINE -> node.standby() ? "OFFLINE (standby)" : "";
                };
        if (!state.isEmpty()) {
            lines.add("  * Node " + node.name() + ": " + state);
        }
    }

    private static boolean isPlain(ClusterStatus.Node node) {
        return !node.standby() && (!node.maintenance() || node.state() != NodeState.ONLINE);
    }

    private void together(String title, Predicate<ClusterStatus.Node> which) {
        List<NodeId> names =
                status.nodes().stream().filter(which).map(ClusterStatus.Node::name).toList();
        if (!names.isEmpty()) {
            lines.add("  * " + title + ": " + bracketed(names));
        }
    }

    private void resources() {
        lines.add("");
        lines.add("Full List of Resources:");
        if (status.resources().isEmpty()) {
            lines.add("  * No resources");
        }
        status.resources().forEach(resource -> resource(resource, "  * "));
    }

    private void resource(ResourceStatus resource, String bullet) {
        switch (resource) {
            case ResourceStatus.Primitive primitive -> lines.add(bullet + primitive(primitive));
            case ResourceStatus.Group group -> {
                lines.add(bullet + "Resource Group: " + group.id() + ":");
                group.members().forEach(member -> resource(member, "  " + bullet));
            }
            case ResourceStatus.Clone clone -> {
                lines.add(
                        bullet
                                + "Clone Set: "
                                + clone.id()
                                + " ["
                                + clone.template()
                                + "]"
                                + (clone.promotable() ? " (promotable)" : "")
                                + (clone.managed() ? "" : " (unmanaged)")
                                + ":");
                instances(clone, "  " + bullet);
            }
        }
    }

    private void instances(ResourceStatus.Clone clone, String bullet) {
        for (ResourceStatus instance : clone.instances()) {
            ResourceTree.primitives(instance)
                    .filter(primitive -> primitive.failed() || primitive.pending() != null)
                    .forEach(primitive -> lines.add(bullet + primitive(primitive)));
        }
        roleLine(clone, ActiveRole.PROMOTED, "Promoted", bullet);
        roleLine(clone, ActiveRole.UNPROMOTED, "Unpromoted", bullet);
        roleLine(clone, ActiveRole.STARTED, "Started", bullet);
        List<NodeId> without =
                status.nodes().stream()
                        .map(ClusterStatus.Node::name)
                        .filter(node -> !isActiveOn(clone, node))
                        .toList();
        if (!without.isEmpty()) {
            lines.add(bullet + "Stopped: " + bracketed(without));
        }
    }

    private void roleLine(
            ResourceStatus.Clone clone, ActiveRole role, String title, String bullet) {
        List<NodeId> nodes = ResourceTree.nodesIn(clone, role);
        if (!nodes.isEmpty()) {
            lines.add(bullet + title + ": " + bracketed(nodes));
        }
    }

    private static boolean isActiveOn(ResourceStatus.Clone clone, NodeId node) {
        return ResourceTree.primitives(clone)
                .flatMap(primitive -> primitive.active().stream())
                .anyMatch(active -> active.node().equals(node));
    }

    private static String primitive(ResourceStatus.Primitive primitive) {
        StringBuilder text =
                new StringBuilder(primitive.id())
                        .append("\t(")
                        .append(primitive.agent())
                        .append("):\t ");
        String role =
                primitive.active().isEmpty()
                        ? "Stopped"
                        : switch (primitive.active().getFirst().role()) {
                            case STARTED -> "Started";
                            case UNPROMOTED -> "Unpromoted";
                            case PROMOTED -> "Promoted";
                        };
        text.append(primitive.failed() ? "FAILED" : role);
        String pending = primitive.pending();
        if (pending != null) {
            text.replace(
                    text.length() - (primitive.failed() ? 6 : role.length()),
                    text.length(),
                    pending);
        }
        if (primitive.active().size() == 1) {
            text.append(' ').append(primitive.active().getFirst().node());
        } else if (primitive.active().size() > 1) {
            text.append(' ')
                    .append(
                            bracketed(
                                    primitive.active().stream()
                                            .map(ResourceStatus.Active::node)
                                            .toList()));
        }
        List<String> flags = new ArrayList<>();
        if (primitive.disabled()) {
            flags.add("disabled");
        }
        if (primitive.blocked()) {
            flags.add("blocked");
        }
        if (!primitive.managed()) {
            flags.add("unmanaged");
        }
        if (!flags.isEmpty()) {
            text.append(" (").append(String.join(", ", flags)).append(')');
        }
        return text.toString();
    }

    private void failures() {
        if (status.failedOperations().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Failed Resource Actions:");
        for (ClusterStatus.FailedOperation failed : status.failedOperations()) {
            lines.add(
                    "  * %s %s on %s '%s' (%d): call=%d, status='%s', exitreason='%s', last-rc-change='%s', exec=%dms"
                            .formatted(
                                    failed.resource(),
                                    failed.intervalMillis() > 0
                                            ? failed.intervalMillis()
                                                    + "ms-interval "
                                                    + failed.operation()
                                            : failed.operation(),
                                    failed.node(),
                                    failed.returnCodeName(),
                                    failed.returnCode(),
                                    failed.callId(),
                                    failed.status(),
                                    failed.exitReason(),
                                    time(failed.finishedEpochMillis(), now.getZone()),
                                    failed.executionMillis()));
        }
    }

    private static String bracketed(List<NodeId> names) {
        StringBuilder text = new StringBuilder("[ ");
        names.forEach(name -> text.append(name).append(' '));
        return text.append(']').toString();
    }

    private static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String time(long epochMillis, ZoneId zone) {
        return C_TIME.format(Instant.ofEpochMilli(epochMillis).atZone(zone));
    }
}
