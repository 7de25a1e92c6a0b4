package io.holdfast.membership.core;

import io.holdfast.base.Invariant;

/**
 * The times membership runs on; corosync.conf may change them (see {@code
 * io.holdfast.membership.codec.CorosyncConf}).
 *
 * @param heartbeatNanos between two heartbeats on a link
 * @param suspicionNanos a link without a heartbeat for so long is down
 * @param renewalNanos between two lease requests
 * @param leaseNanos D of ADR 0002: how long a voter promises
 */
public record Timing(long heartbeatNanos, long suspicionNanos, long renewalNanos, long leaseNanos) {
    private static final long MILLI = 1_000_000;

    /** Heartbeat 100 ms, suspicion 400 ms, renewal 150 ms, lease 600 ms. */
    public static final Timing DEFAULT =
            new Timing(100 * MILLI, 400 * MILLI, 150 * MILLI, 600 * MILLI);

    public Timing {
        Invariant.check(
                heartbeatNanos > 0 && 2 * heartbeatNanos <= suspicionNanos,
                "suspicion after %d ns cannot stand the loss of one heartbeat each %d ns",
                suspicionNanos,
                heartbeatNanos);
        Invariant.check(
                renewalNanos > 0 && 2 * renewalNanos <= leaseNanos,
                "a lease of %d ns cannot stand the loss of one renewal each %d ns",
                leaseNanos,
                renewalNanos);
    }

    /**
     * How long a node may act after it sent the request, by its own clock: two clocks, each up to 1
     * % off, in opposite directions.
     */
    public long usableLeaseNanos() {
        return leaseNanos / 100 * 98;
    }

    /** How long an unanswered proposal waits before it is sent again. */
    long proposalResendNanos() {
        return renewalNanos / 3;
    }

    /** How long a new group view may take to become quorate before it is told as it is. */
    long quorumPatienceNanos() {
        return leaseNanos * 2;
    }
}
