package io.holdfast.replication.driver;

/** Told when a volume's role, disk state, connections or suspension changed. Must not block. */
@FunctionalInterface
public interface VolumeListener {
    void volumeChanged(VolumeStatus status);
}
