package io.holdfast.cib;

/**
 * How new a CIB is: {@code admin_epoch.epoch.num_updates}, compared in that order. The first is
 * raised by the administrator alone, the second by each change of configuration, the third by each
 * change of status.
 */
public record CibVersion(long adminEpoch, long epoch, long numUpdates)
        implements Comparable<CibVersion> {
    public static final CibVersion ZERO = new CibVersion(0, 0, 0);

    @Override
    public int compareTo(CibVersion other) {
        int byAdmin = Long.compare(adminEpoch, other.adminEpoch);
        int byEpoch = Long.compare(epoch, other.epoch);
        return byAdmin != 0
                ? byAdmin
                : byEpoch != 0 ? byEpoch : Long.compare(numUpdates, other.numUpdates);
    }

    /** After a change of the configuration: next epoch, updates from zero. */
    public CibVersion nextEpoch() {
        return new CibVersion(adminEpoch, epoch + 1, 0);
    }

    /** After a change of the status alone. */
    public CibVersion nextUpdate() {
        return new CibVersion(adminEpoch, epoch, numUpdates + 1);
    }

    @Override
    public String toString() {
        return adminEpoch + "." + epoch + "." + numUpdates;
    }
}
