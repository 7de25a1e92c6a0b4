package io.holdfast.replication.config;

import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All volumes of a node's {@code drbd.conf}.
 *
 * @param volumes in the order of the file
 * @param warnings settings that were not understood or are not safe
 */
public record ReplicationConfig(List<VolumeConfig> volumes, List<Problem> warnings) {
    public static final ReplicationConfig EMPTY = new ReplicationConfig(List.of(), List.of());

    public ReplicationConfig {
        volumes = List.copyOf(volumes);
        warnings = List.copyOf(warnings);
    }

    public Optional<VolumeConfig> volume(VolumeId id) {
        return volumes.stream().filter(v -> v.id().equals(id)).findFirst();
    }

    /** The same with every absolute path of a disk or metadata file taken to lie under a root. */
    public ReplicationConfig under(Path root) {
        return new ReplicationConfig(volumes.stream().map(v -> v.under(root)).toList(), warnings);
    }
}
