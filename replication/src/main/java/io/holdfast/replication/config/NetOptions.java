package io.holdfast.replication.config;

import io.holdfast.replication.core.Protocol;

/**
 * drbd.conf's {@code net} section, as far as it is obeyed.
 *
 * @param pingIntervalMillis how long a connection may be quiet before we say something
 * @param pingTimeoutMillis how long a peer may be quiet before its connection is given up; longer
 *     than the interval
 * @param connectIntervalMillis between attempts to connect
 */
public record NetOptions(
        Protocol protocol,
        int pingIntervalMillis,
        int pingTimeoutMillis,
        int connectIntervalMillis) {
    public static final NetOptions DEFAULT = new NetOptions(Protocol.C, 200, 1_000, 250);

    /**
     * How long a peer may be quiet when the cluster, too, hears nothing over the path: two signs
     * that do not depend on each other need less patience than one.
     */
    public int suspectTimeoutMillis() {
        return Math.min(pingTimeoutMillis, 2 * pingIntervalMillis);
    }

    public NetOptions withProtocol(Protocol other) {
        return new NetOptions(other, pingIntervalMillis, pingTimeoutMillis, connectIntervalMillis);
    }
}
