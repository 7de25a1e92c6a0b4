package io.holdfast.cli.view;

import io.holdfast.api.message.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line a volume: as {@code drbd-overview} and as {@code /etc/init.d/drbd status}. */
public final class DrbdTables {
    private DrbdTables() {}

    /**
     * As {@code drbd-overview}.
     *
     * @param mounts lines of {@code /proc/mounts}
     */
    public static List<String> overview(List<VolumeStatus> volumes, List<String> mounts) {
        List<String> lines = new ArrayList<>();
        for (VolumeStatus volume : volumes) {
            String number = DrbdProcView.minor(volume) + ":" + volume.volume() + "/0";
            lines.add(
                    volume.up()
                            ? String.format(
                                            Locale.ROOT,
                                            " %-12s %s %s %s %s %s",
                                            number,
                                            connection(volume),
                                            DrbdView.role(volume),
                                            DrbdView.dstate(volume),
                                            volume.protocol(),
                                            mounted(volume, mounts))
                                    .stripTrailing()
                            : String.format(Locale.ROOT, " %-12s Unconfigured . .", number));
        }
        return lines;
    }

    /**
     * As {@code /etc/init.d/drbd status}.
     *
     * @param mounts lines of {@code /proc/mounts}
     */
    public static List<String> initScript(List<VolumeStatus> volumes, List<String> mounts) {
        Columns columns = new Columns();
        columns.row("m:res", "cs", "ro", "ds", "p", "mounted", "fstype");
        for (VolumeStatus volume : volumes) {
            String number = DrbdProcView.minor(volume) + ":" + volume.volume();
            String[] mount = (mounted(volume, mounts) + "  ").split(" ", -1);
            if (volume.up()) {
                columns.row(
                        number,
                        connection(volume),
                        DrbdView.role(volume),
                        DrbdView.dstate(volume),
                        volume.protocol(),
                        mount[0],
                        mount[1]);
            } else {
                columns.row(number, "Unconfigured", "", "", "", "", "");
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("drbd driver loaded OK; device status:");
        lines.addAll(columns.lines(""));
        return lines;
    }

    private static String connection(VolumeStatus volume) {
        return volume.peers().isEmpty()
                ? "StandAlone"
                : String.join(",", volume.peers().stream().map(DrbdProcView::connection).toList());
    }

    /** Where the volume's device is mounted and with which filesystem; else empty. */
    private static String mounted(VolumeStatus volume, List<String> mounts) {
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 2 && fields[0].equals(volume.device())) {
                return fields[1] + " " + fields[2];
            }
        }
        return "";
    }
}
