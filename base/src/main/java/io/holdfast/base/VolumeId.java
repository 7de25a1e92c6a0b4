package io.holdfast.base;

/** A replicated volume by its resource name (DRBD's resource); unique in its cluster. */
public record VolumeId(String name) implements Comparable<VolumeId> {
    public VolumeId {
        Names.requireSafe("volume", name);
    }

    @Override
    public int compareTo(VolumeId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
