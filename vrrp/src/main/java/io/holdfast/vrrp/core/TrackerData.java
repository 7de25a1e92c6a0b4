package io.holdfast.vrrp.core;

/**
 * A look at something tracked.
 *
 * @param value of a file; 0 for other kinds
 * @param lastReason such as {@code exit code 2}
 */
public record TrackerData(
        TrackerKind kind, String name, boolean up, int value, String lastReason) {}
