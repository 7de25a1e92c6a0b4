package io.holdfast.cli.view;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.cli.Paint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code holdfast status}: what a person wants to know first, first. */
public final class StatusView {
    private static final String INDENT = "  ";

    private final ClusterStatus status;
    private final Paint paint;
    private final List<String> lines = new ArrayList<>();

    private StatusView(ClusterStatus status, Paint paint) {
        this.status = status;
        this.paint = paint;
    }

    public static List<String> lines(ClusterStatus status, Paint paint) {
        StatusView view = new StatusView(status, paint);
        view.cluster();
        view.nodes();
        view.rings();
        view.volumes();
        view.resources();
        view.failures();
        view.warnings();
        return List.copyOf(view.lines);
    }

    private void cluster() {
        ClusterStatus.View view = status.view();
        String quorum =
                view.quorate()
                        ? paint.good("quorate")
                        : paint.bad("NOT QUORATE: nothing is started or promoted here");
        NodeId coordinator = view.coordinator();
        lines.add(
                paint.heading(status.clusterName())
                        + ": "
                        + quorum
                        + ", %d of %d votes (%d needed), term %s, coordinator %s"
                                .formatted(
                                        view.votesPresent(),
                                        view.votesExpected(),
                                        view.quorum(),
                                        view.term(),
                                        coordinator == null ? "none" : coordinator));
        String lease =
                status.leaseRemainingMillis() > 0
                        ? "lease " + status.leaseRemainingMillis() + " ms"
                        : paint.bad("no lease: it may not act");
        lines.add(
                paint.quiet(
                                "as "
                                        + status.node()
                                        + " sees it; "
                                        + "configuration "
                                        + status.configurationVersion()
                                        + "; ")
                        + lease);
    }

    private void nodes() {
        heading("Nodes");
        Columns columns = new Columns();
        for (ClusterStatus.Node node : status.nodes()) {
            columns.row(node.name().name(), nodeState(node));
        }
        ClusterStatus.Witness witness = status.witness();
        if (witness != null) {
            columns.row(
                    witness.name().name(),
                    witness.up()
                            ? paint.good("up") + " (witness)"
                            : paint.bad("DOWN") + " (witness)");
        }
        lines.addAll(columns.lines(INDENT));
    }

    private String nodeState(ClusterStatus.Node node) {
        String state =
                switch (node.state()) {
                    case ONLINE -> node.standby() ? paint.warning("standby") : paint.good("online");
                    case PENDING -> paint.warning("pending");
                    case OFFLINE -> paint.warning("offline");
                    case UNCLEAN -> paint.bad("UNCLEAN (what ran there may still run)");
                };
        return node.maintenance() ? state + paint.warning(" (maintenance)") : state;
    }

    private void rings() {
        if (status.links().isEmpty()) {
            return;
        }
        heading("Rings");
        Columns columns = new Columns();
        for (ClusterStatus.Link link : status.links()) {
            columns.row(
                    "ring " + link.ring(),
                    link.peer().name(),
                    link.peerAddress(),
                    link.up() ? paint.good("up") : paint.bad("DOWN"));
        }
        lines.addAll(columns.lines(INDENT));
    }

    private void volumes() {
        if (status.volumes().isEmpty()) {
            return;
        }
        heading("Volumes");
        Columns columns = new Columns();
        for (VolumeStatus volume : status.volumes()) {
            columns.row(
                    volume.volume().name(),
                    volume.up() ? role(volume.role()) : paint.warning("down"),
                    disk(volume.disk()),
                    "epoch " + volume.epoch(),
                    volume.suspended() ? paint.bad("I/O suspended") : size(volume.sizeBytes()),
                    volume.peers().stream().map(this::peer).collect(Collectors.joining("; ")));
        }
        lines.addAll(columns.lines(INDENT));
        for (VolumeStatus volume : status.volumes()) {
            Problem problem = volume.problem();
            if (problem != null) {
                lines.add(INDENT + paint.bad(problem.message()));
            }
        }
    }

    private String peer(VolumeStatus.Peer peer) {
        String where = peer.node() + " ";
        if (peer.connection() != VolumeStatus.Connection.CONNECTED) {
            return where + paint.bad(peer.connection().shown());
        }
        boolean synchronising = peer.outOfSyncBytes() > 0;
        return where
                + peer.role().shown()
                + " "
                + disk(peer.disk())
                + (synchronising
                        ? paint.warning(
                                " %s %.1f %%"
                                        .formatted(peer.replication().shown(), peer.syncPercent()))
                        : "");
    }

    private String role(VolumeStatus.Role role) {
        return role == VolumeStatus.Role.PRIMARY ? paint.good(role.shown()) : role.shown();
    }

    private String disk(VolumeStatus.Disk disk) {
        return switch (disk) {
            case UP_TO_DATE -> paint.good(disk.shown());
            case DISKLESS, FAILED -> paint.bad(disk.shown());
            case ATTACHING, INCONSISTENT, OUTDATED, UNKNOWN, CONSISTENT ->
                    paint.warning(disk.shown());
        };
    }

    private void resources() {
        heading("Resources");
        if (status.resources().isEmpty()) {
            lines.add(INDENT + "none yet; load some: holdfast crm configure load update FILE");
            return;
        }
        Columns columns = new Columns();
        status.resources().forEach(resource -> resource(columns, resource, ""));
        lines.addAll(columns.lines(INDENT));
    }

    private void resource(Columns columns, ResourceStatus resource, String indent) {
        switch (resource) {
            case ResourceStatus.Primitive primitive -> primitive(columns, primitive, indent);
            case ResourceStatus.Group group -> {
                columns.row(indent + group.id(), paint.quiet("group"));
                group.members().forEach(member -> resource(columns, member, indent + INDENT));
            }
            case ResourceStatus.Clone clone ->
                    columns.row(
                            indent + clone.id(),
                            paint.quiet(clone.promotable() ? "promotable clone" : "clone"),
                            cloneState(clone));
        }
    }

    private String cloneState(ResourceStatus.Clone clone) {
        List<String> parts = new ArrayList<>();
        for (ActiveRole role :
                List.of(ActiveRole.PROMOTED, ActiveRole.UNPROMOTED, ActiveRole.STARTED)) {
            List<NodeId> nodes = ResourceTree.nodesIn(clone, role);
            if (!nodes.isEmpty()) {
                String where = nodes.stream().map(NodeId::name).collect(Collectors.joining(", "));
                parts.add(
                        (role == ActiveRole.PROMOTED ? paint.good(word(role)) : word(role))
                                + ": "
                                + where);
            }
        }
        if (ResourceTree.primitives(clone).anyMatch(ResourceStatus.Primitive::failed)) {
            parts.add(paint.bad("FAILED"));
        }
        return parts.isEmpty() ? paint.warning("Stopped") : String.join("  ", parts);
    }

    private void primitive(Columns columns, ResourceStatus.Primitive primitive, String indent) {
        columns.row(indent + primitive.id(), paint.quiet(primitive.agent()), state(primitive));
    }

    private String state(ResourceStatus.Primitive primitive) {
        StringBuilder text = new StringBuilder();
        String pending = primitive.pending();
        if (primitive.active().isEmpty()) {
            text.append(paint.warning(primitive.disabled() ? "Stopped (disabled)" : "Stopped"));
        } else {
            String where =
                    primitive.active().stream()
                            .map(active -> word(active.role()) + " " + active.node())
                            .collect(Collectors.joining(", "));
            text.append(primitive.active().size() > 1 ? paint.bad(where) : paint.good(where));
        }
        if (primitive.failed()) {
            text.append(' ').append(paint.bad("FAILED"));
        }
        if (primitive.blocked()) {
            text.append(' ').append(paint.bad("(blocked)"));
        }
        if (!primitive.managed()) {
            text.append(' ').append(paint.warning("(unmanaged)"));
        }
        if (pending != null) {
            text.append(' ').append(paint.warning("(" + pending + ")"));
        }
        return text.toString();
    }

    private void failures() {
        if (status.failedOperations().isEmpty()) {
            return;
        }
        heading("Failed operations");
        for (ClusterStatus.FailedOperation failed : status.failedOperations()) {
            String reason = failed.exitReason().isEmpty() ? "" : ": " + failed.exitReason();
            lines.add(
                    INDENT
                            + paint.bad(
                                    "%s %s on %s: %s (%d)"
                                            .formatted(
                                                    failed.resource(),
                                                    failed.operation(),
                                                    failed.node(),
                                                    failed.returnCodeName(),
                                                    failed.returnCode()))
                            + reason);
        }
        lines.add(
                INDENT
                        + paint.quiet(
                                "mended? holdfast crm resource cleanup RESOURCE lets the cluster try"
                                        + " again"));
    }

    private void warnings() {
        if (status.warnings().isEmpty()) {
            return;
        }
        heading("Warnings");
        for (Problem warning : status.warnings()) {
            lines.add(INDENT + paint.warning(warning.object() + ": " + warning.what()));
            lines.add(INDENT + INDENT + warning.why() + ". To mend it: " + warning.remedy() + ".");
        }
    }

    private void heading(String title) {
        lines.add("");
        lines.add(paint.heading(title));
    }

    private static String word(ActiveRole role) {
        return switch (role) {
            case STARTED -> "Started";
            case UNPROMOTED -> "Unpromoted";
            case PROMOTED -> "Promoted";
        };
    }

    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? "%d %s".formatted((long) value, units[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
