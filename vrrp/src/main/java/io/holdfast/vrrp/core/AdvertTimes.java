package io.holdfast.vrrp.core;

/** The timers of RFC 3768 6.1 and RFC 9568 6.1, computed to the nanosecond. */
final class AdvertTimes {
    private static final long SECOND = 1_000_000_000L;

    private AdvertTimes() {}

    /** So that the Backup of highest priority is the first whose timer ends. */
    static long skewNanos(VrrpVersion version, int priority, long advertIntervalNanos) {
        long unit = version == VrrpVersion.V2 ? SECOND : advertIntervalNanos;
        return (256 - priority) * unit / 256;
    }

    /** How long silence makes a Master dead. */
    static long masterDownNanos(
            VrrpVersion version, int priority, long advertIntervalNanos, int adverts) {
        return adverts * advertIntervalNanos + skewNanos(version, priority, advertIntervalNanos);
    }
}
