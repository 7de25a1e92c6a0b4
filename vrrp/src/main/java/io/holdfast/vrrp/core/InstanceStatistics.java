package io.holdfast.vrrp.core;

/** Counters of an instance since its start, with Keepalived's names in mind. */
public record InstanceStatistics(
        long advertsReceived,
        long advertsSent,
        long becameMaster,
        long releasedMaster,
        long packetLengthErrors,
        long advertIntervalErrors,
        long ipTtlErrors,
        long invalidTypeReceived,
        long addressListErrors,
        long invalidAuthenticationType,
        long authenticationTypeMismatches,
        long authenticationFailures,
        long checksumErrors,
        long versionErrors,
        long virtualRouterIdErrors,
        long priorityZeroReceived,
        long priorityZeroSent) {
    public static final InstanceStatistics ZERO =
            new InstanceStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
