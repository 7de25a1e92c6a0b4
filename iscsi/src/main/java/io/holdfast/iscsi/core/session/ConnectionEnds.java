package io.holdfast.iscsi.core.session;

/**
 * The two ends of a TCP connection, addresses as literals: enough to tell a client, after a
 * failover, that its connection is gone.
 */
public record ConnectionEnds(
        String portalAddress, int portalPort, String clientAddress, int clientPort) {}
