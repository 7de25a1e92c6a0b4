package io.holdfast.replication.driver;

import io.holdfast.base.NodeId;
import io.holdfast.replication.codec.LoadedMetadata;
import io.holdfast.replication.codec.MetadataLayout;
import io.holdfast.replication.core.Superblock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A replica's metadata in words, like {@code drbdadm dump-md}. */
final class MetadataText {
    static final String WARNING = "# warning: ";

    private MetadataText() {}

    static List<String> of(LoadedMetadata metadata, MetadataLayout layout, List<NodeId> peers) {
        Superblock superblock = metadata.superblock();
        List<String> lines = new ArrayList<>();
        lines.add("# Holdfast metadata, format version " + MetadataLayout.FORMAT_VERSION);
        metadata.warnings().forEach(warning -> lines.add(WARNING + warning.message()));
        lines.add("volume               " + superblock.volume());
        lines.add("node                 " + superblock.self());
        lines.add("metadata-id          " + hex(superblock.metadataId()));
        lines.add("size-bytes           " + superblock.sizeBytes());
        lines.add("metadata-at-byte     " + layout.offsetBytes());
        lines.add("metadata-bytes       " + layout.sizeBytes());
        lines.add("written-times        " + metadata.superblockSequence());
        lines.add("epoch                " + superblock.epoch());
        lines.add("disk                 " + superblock.disk().shown());
        lines.add("flags                " + flags(superblock));
        lines.add("current-generation   " + hex(superblock.current()));
        lines.add("history              " + hex(superblock.history()));
        if (superblock.pending() != 0) {
            lines.add("pending-generation   " + hex(superblock.pending()));
            lines.add("pending-history      " + hex(superblock.pendingHistory()));
        }
        lines.add("activity-log         " + Arrays.toString(metadata.hotExtents()));
        for (int slot = 0; slot < peers.size(); slot++) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "peer %-15s bitmap-generation %s, %d blocks out of sync",
                            superblock.peers().get(slot).node(),
                            hex(superblock.peers().get(slot).bitmapGeneration()),
                            metadata.bitmaps().get(slot).count()));
        }
        return lines;
    }

    private static String flags(Superblock superblock) {
        List<String> flags = new ArrayList<>();
        flags.add(superblock.clean() ? "clean" : "in-use-or-crashed");
        if (superblock.primary()) {
            flags.add("primary");
        }
        if (superblock.crashedPrimary()) {
            flags.add("crashed-primary");
        }
        if (superblock.wantsAll()) {
            flags.add("full-sync");
        }
        return String.join(" ", flags);
    }

    private static String hex(long number) {
        return String.format(Locale.ROOT, "%016X", number);
    }

    private static String hex(List<Long> numbers) {
        return numbers.isEmpty()
                ? "none"
                : numbers.stream().map(MetadataText::hex).collect(Collectors.joining(" "));
    }
}
