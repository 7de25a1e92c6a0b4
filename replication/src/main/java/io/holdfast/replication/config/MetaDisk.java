package io.holdfast.replication.config;

import java.nio.file.Path;

/** Where a replica's metadata lies: drbd.conf's {@code meta-disk}. */
public sealed interface MetaDisk {
    /** At the end of the backing file or device, which is then larger than the volume. */
    record Internal() implements MetaDisk {}

    /** In a file or device of its own. */
    record External(Path path) implements MetaDisk {}
}
