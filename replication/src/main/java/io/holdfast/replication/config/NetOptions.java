package io.holdfast.replication.config;

import io.holdfast.replication.core.Protocol;
import io.holdfast.replication.core.SplitBrainPolicies;

/**
 * drbd.conf's {@code net} section, as far as it is obeyed.
 *
 * @param pingIntervalMillis how long a connection may be quiet before we say something
 * @param pingTimeoutMillis how long a peer may be quiet before its connection is given up; longer
 *     than the interval
 * @param connectIntervalMillis between attempts to connect
 * @param afterSplitBrain what is done unasked when replicas were written without each other
 * @param checksumResync whether a resync compares digests and sends only what differs
 */
public record NetOptions(
        Protocol protocol,
        int pingIntervalMillis,
        int pingTimeoutMillis,
        int connectIntervalMillis,
        SplitBrainPolicies afterSplitBrain,
        boolean checksumResync) {
    private static final int LEAST_SUSPECT_MILLIS = 400;
    public static final NetOptions DEFAULT = new NetOptions(Protocol.C, 200, 1_000, 250);

    public NetOptions(
            Protocol protocol,
            int pingIntervalMillis,
            int pingTimeoutMillis,
            int connectIntervalMillis) {
        this(
                protocol,
                pingIntervalMillis,
                pingTimeoutMillis,
                connectIntervalMillis,
                SplitBrainPolicies.ASK,
                false);
    }

    /**
     * How long a peer may be quiet when the cluster, too, hears nothing over the path: two signs
     * that do not depend on each other need less patience than one.
     */
    public int suspectTimeoutMillis() {
        return Math.min(pingTimeoutMillis, Math.max(LEAST_SUSPECT_MILLIS, 2 * pingIntervalMillis));
    }

    public NetOptions withProtocol(Protocol other) {
        return new NetOptions(
                other,
                pingIntervalMillis,
                pingTimeoutMillis,
                connectIntervalMillis,
                afterSplitBrain,
                checksumResync);
    }
}
