package io.holdfast.lab.view;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.lab.cluster.ClusterPicture;
import io.holdfast.lab.cluster.ClusterPlan;
import io.holdfast.lab.view.Paint.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The cluster as lines of text; a function of what is known and nothing else. */
final class PictureText {
    private static final int NAME_COLUMNS = 16;
    private static final int CELL_COLUMNS = 32;
    private static final int BAR_CELLS = 10;

    private final Paint paint;

    PictureText(Paint paint) {
        this.paint = paint;
    }

    /**
     * The lines.
     *
     * @param pictures by node, of those that answer
     * @param hostsOn names of the hosts that have power
     */
    List<String> lines(
            ClusterPlan plan, Map<String, ClusterPicture> pictures, Set<String> hostsOn) {
        List<String> lines = new ArrayList<>();
        Optional<ClusterPicture> leading = leading(pictures);
        lines.add(nodes(plan, pictures, hostsOn, leading));
        lines.add(view(leading));
        lines.add(rings(leading));
        for (ClusterPlan.Volume volume : plan.volumes()) {
            lines.add(volume(plan, volume, pictures));
        }
        for (ClusterPlan.Volume volume : plan.volumes()) {
            lines.add(group(volume, leading));
        }
        return lines;
    }

    /** Whose word counts: a quorate node's, else anybody's. */
    private static Optional<ClusterPicture> leading(Map<String, ClusterPicture> unordered) {
        Map<String, ClusterPicture> pictures = new TreeMap<>(unordered);
        return pictures.values().stream()
                .filter(p -> p.status().view().quorate())
                .findFirst()
                .or(() -> pictures.values().stream().findFirst());
    }

    private String nodes(
            ClusterPlan plan,
            Map<String, ClusterPicture> pictures,
            Set<String> hostsOn,
            Optional<ClusterPicture> leading) {
        StringBuilder line = new StringBuilder(label("nodes"));
        for (ClusterPlan.Machine server : plan.servers()) {
            line.append(cell(node(server.name(), pictures, hostsOn, leading)));
        }
        return line.append(witness(leading)).toString();
    }

    private String node(
            String name,
            Map<String, ClusterPicture> pictures,
            Set<String> hostsOn,
            Optional<ClusterPicture> leading) {
        String strong = paint.paint(Tone.STRONG, name);
        if (!hostsOn.contains(name)) {
            return strong + " " + paint.paint(Tone.BAD, "no power");
        }
        if (!pictures.containsKey(name)) {
            return strong + " " + paint.paint(Tone.WARNING, "starting");
        }
        boolean member = leading.filter(p -> p.members().contains(name)).isPresent();
        boolean standby =
                leading.stream()
                        .flatMap(p -> p.status().nodes().stream())
                        .anyMatch(n -> n.name().name().equals(name) && n.standby());
        if (!member) {
            return strong + " " + paint.paint(Tone.BAD, "cut off");
        }
        return strong
                + " "
                + (standby
                        ? paint.paint(Tone.WARNING, "standby")
                        : paint.paint(Tone.GOOD, "online"));
    }

    private String witness(Optional<ClusterPicture> leading) {
        ClusterStatus.Witness witness = leading.map(p -> p.status().witness()).orElse(null);
        if (witness == null) {
            return "";
        }
        return paint.paint(Tone.STRONG, "witness")
                + " "
                + (witness.up() ? paint.paint(Tone.GOOD, "up") : paint.paint(Tone.BAD, "down"));
    }

    private String view(Optional<ClusterPicture> leading) {
        if (leading.isEmpty()) {
            return label("view") + paint.paint(Tone.WARNING, "nobody answers");
        }
        ClusterStatus.View view = leading.get().status().view();
        String quorum =
                view.quorate()
                        ? paint.paint(Tone.GOOD, "quorate")
                        : paint.paint(Tone.BAD, "without quorum");
        return label("view")
                + String.join(", ", leading.get().members())
                + paint.paint(Tone.FAINT, "   term ")
                + view.term().number()
                + paint.paint(Tone.FAINT, "   votes ")
                + view.votesPresent()
                + " of "
                + view.votesExpected()
                + "   "
                + quorum;
    }

    private String rings(Optional<ClusterPicture> leading) {
        StringBuilder line = new StringBuilder(label("rings"));
        for (ClusterStatus.Link link : leading.map(p -> p.status().links()).orElse(List.of())) {
            String text = link.ring() + " to " + link.peer().name() + " ";
            line.append(
                    paint.paint(Tone.FAINT, text)
                            + (link.up()
                                    ? paint.paint(Tone.GOOD, "up")
                                    : paint.paint(Tone.BAD, "down"))
                            + "   ");
        }
        return line.toString();
    }

    private String volume(
            ClusterPlan plan, ClusterPlan.Volume volume, Map<String, ClusterPicture> pictures) {
        StringBuilder line = new StringBuilder(label(volume.name()));
        for (ClusterPlan.Machine server : plan.servers()) {
            Optional<VolumeStatus> status =
                    Optional.ofNullable(pictures.get(server.name()))
                            .flatMap(p -> p.volume(volume.name()));
            line.append(cell(status.map(this::replica).orElse(paint.paint(Tone.FAINT, "-"))));
        }
        return line.toString();
    }

    private String replica(VolumeStatus status) {
        Tone role = status.role() == VolumeStatus.Role.PRIMARY ? Tone.STRONG : Tone.NORMAL;
        Tone disk =
                switch (status.disk()) {
                    case UP_TO_DATE -> Tone.GOOD;
                    case FAILED, DISKLESS -> Tone.BAD;
                    default -> Tone.WARNING;
                };
        String text =
                paint.paint(role, status.role().shown())
                        + " "
                        + paint.paint(disk, status.disk().shown());
        if (status.suspended()) {
            text += " " + paint.paint(Tone.WARNING, "suspended");
        }
        return text + syncing(status);
    }

    private String syncing(VolumeStatus status) {
        return status.peers().stream()
                .filter(
                        p ->
                                p.replication() == VolumeStatus.Replication.SYNC_TARGET
                                        || p.replication() == VolumeStatus.Replication.SYNC_SOURCE)
                .findFirst()
                .map(p -> " " + bar(p.syncPercent()))
                .orElse("");
    }

    private String bar(double percent) {
        int full = (int) Math.round(percent / 100 * BAR_CELLS);
        return paint.paint(
                Tone.WARNING,
                "█".repeat(full)
                        + "░".repeat(BAR_CELLS - full)
                        + String.format(Locale.ROOT, " %.0f %%", percent));
    }

    private String group(ClusterPlan.Volume volume, Optional<ClusterPicture> leading) {
        Optional<String> node = leading.flatMap(p -> p.nodeOfGroup(volume.groupResource()));
        return label(volume.groupResource())
                + node.map(n -> paint.paint(Tone.STRONG, n))
                        .orElse(paint.paint(Tone.WARNING, "stopped"))
                + paint.paint(
                        Tone.FAINT,
                        "   " + volume.floating().getHostAddress() + "   " + volume.targetName());
    }

    private String label(String text) {
        return " " + pad(paint.paint(Tone.FAINT, text), NAME_COLUMNS);
    }

    private static String cell(String text) {
        return pad(text, CELL_COLUMNS);
    }

    static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(1, columns - Paint.visibleLength(text)));
    }
}
