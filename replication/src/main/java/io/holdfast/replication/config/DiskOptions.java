package io.holdfast.replication.config;

/**
 * drbd.conf's {@code disk} section, as far as it is obeyed.
 *
 * @param activityLogExtents how many extents of 4 MiB may be hot at once; all of them are resynced
 *     after a crash of the Primary
 * @param resyncMinBytesPerSecond what resync gets even while clients are busy
 */
public record DiskOptions(int activityLogExtents, long resyncMinBytesPerSecond) {
    public static final DiskOptions DEFAULT = new DiskOptions(512, 4L << 20);
}
