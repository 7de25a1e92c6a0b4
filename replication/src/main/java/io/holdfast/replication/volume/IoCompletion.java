package io.holdfast.replication.volume;

/** Told once how a request of a {@link BlockVolume} ended. */
@FunctionalInterface
public interface IoCompletion {
    void done(IoStatus status);
}
