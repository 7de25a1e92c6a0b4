package io.holdfast.replication.driver;

import io.holdfast.base.VolumeId;
import io.holdfast.replication.core.VolumeEngine.SplitBrainView;
import io.holdfast.replication.core.VolumeGeometry;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A split brain told to the person who must choose. */
final class SplitBrainText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());
    private static final int RANGES_SHOWN = 20;

    private SplitBrainText() {}

    static List<String> of(VolumeId volume, List<SplitBrainView> splits) {
        List<String> lines = new ArrayList<>();
        if (splits.isEmpty()) {
            lines.add(volume + ": no split brain is known of");
            return lines;
        }
        for (SplitBrainView split : splits) {
            lines.add(volume + ": split brain with " + split.node());
            lines.add(side("this node", split.current(), split.changedBlocks()));
            lines.add(side(split.node().name(), split.peerCurrent(), split.peerChangedBlocks()));
            ranges(split, lines);
            lines.add("  Nothing is thrown away before you choose. To keep the other side's data:");
            lines.add("    here:          drbdadm secondary " + volume);
            lines.add("    here:          drbdadm connect --discard-my-data " + volume);
            lines.add("    on " + padded(split.node().name()) + "drbdadm connect " + volume);
            lines.add("  To keep this side's data, do the same the other way round.");
        }
        return lines;
    }

    private static String side(String who, long generation, long blocks) {
        return String.format(
                Locale.ROOT,
                "  %-14s alone since %s (generation %016x), %d KiB written or in doubt",
                who + ":",
                TIME.format(Generations.begunAt(generation)),
                generation,
                blocks * VolumeGeometry.BLOCK_BYTES / 1024);
    }

    private static void ranges(SplitBrainView split, List<String> lines) {
        List<Long> ranges = split.ranges();
        if (ranges.isEmpty()) {
            return;
        }
        lines.add("  Bytes that this node changed alone (the other node shows its own):");
        int shown = Math.min(ranges.size() / 2, RANGES_SHOWN);
        for (int i = 0; i < shown; i++) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "    %d - %d",
                            ranges.get(2 * i) * VolumeGeometry.BLOCK_BYTES,
                            ranges.get(2 * i + 1) * VolumeGeometry.BLOCK_BYTES - 1));
        }
        if (ranges.size() / 2 > shown) {
            lines.add("    and more");
        }
    }

    private static String padded(String node) {
        return String.format(Locale.ROOT, "%-12s", node + ":");
    }
}
