package io.holdfast.iscsi.multipath;

import java.util.List;
import java.util.Locale;

/** The view of {@code multipath -ll}: a map, its groups, its paths. */
public final class MultipathText {
    private static final String[] UNITS = {"K", "M", "G", "T", "P"};

    private MultipathText() {}

    /**
     * One map.
     *
     * @param number of the map among all, for its dm-N
     */
    public static String of(String alias, int number, MultipathDisk disk) {
        UnitName unit = disk.unit();
        return of(alias, number, unit, disk.settings(), disk.paths());
    }

    static String of(
            String alias,
            int number,
            UnitName unit,
            MapSettings settings,
            List<List<MultipathDisk.PathStatus>> groups) {
        StringBuilder out = new StringBuilder();
        String features = settings.noPathRetry() == MapSettings.FAIL ? "0" : "1 queue_if_no_path";
        out.append(alias).append(" (").append(unit.wwid()).append(") dm-").append(number);
        out.append(' ').append(unit.vendor()).append(',').append(unit.product()).append('\n');
        out.append("size=").append(size(unit.sizeBytes()));
        out.append(" features='").append(features).append("' hwhandler='0' wp=rw\n");
        for (int group = 0; group < groups.size(); group++) {
            boolean last = group == groups.size() - 1;
            group(out, groups.get(group), settings, last);
        }
        return out.toString();
    }

    private static void group(
            StringBuilder out,
            List<MultipathDisk.PathStatus> paths,
            MapSettings settings,
            boolean last) {
        boolean active = paths.stream().anyMatch(MultipathDisk.PathStatus::inActiveGroup);
        boolean works = paths.stream().anyMatch(MultipathDisk.PathStatus::usable);
        String idle = works ? "enabled" : "failed";
        out.append(last ? "`-+- " : "|-+- ").append("policy='");
        out.append(settings.selector().text()).append("' prio=").append(works ? 1 : 0);
        out.append(" status=").append(active && works ? "active" : idle).append('\n');
        for (int i = 0; i < paths.size(); i++) {
            MultipathDisk.PathStatus path = paths.get(i);
            out.append(last ? "  " : "| ").append(i == paths.size() - 1 ? "`- " : "|- ");
            out.append(i).append(":0:0:").append(path.lun()).append(' ').append(path.portal());
            out.append(path.usable() ? " active ready running\n" : " failed faulty running\n");
        }
    }

    /** As multipath-tools writes sizes: 10G, 1.5T. */
    static String size(long bytes) {
        double size = bytes / 1024.0;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.1f", size);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + UNITS[unit];
    }
}
