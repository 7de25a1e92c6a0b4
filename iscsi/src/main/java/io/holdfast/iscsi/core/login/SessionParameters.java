package io.holdfast.iscsi.core.login;

/**
 * The settled operational keys of a session, RFC 7143 chapter 13. Lengths are bytes, times seconds.
 *
 * @param maxReceive MaxRecvDataSegmentLength that this side declared
 * @param maxTransmit the longest data segment this side may send
 */
public record SessionParameters(
        boolean headerDigest,
        boolean dataDigest,
        boolean initialR2T,
        boolean immediateData,
        int maxReceive,
        int maxTransmit,
        int maxBurstLength,
        int firstBurstLength,
        int maxOutstandingR2T,
        int defaultTime2Wait,
        int defaultTime2Retain) {
    /** MaxRecvDataSegmentLength of a side that declared none, RFC 7143 13.12. */
    public static final int DEFAULT_SEGMENT_BYTES = 8192;

    /** What holds when no key was exchanged at all. */
    public static SessionParameters protocolDefaults() {
        return new SessionParameters(
                false,
                false,
                true,
                true,
                DEFAULT_SEGMENT_BYTES,
                DEFAULT_SEGMENT_BYTES,
                262_144,
                65_536,
                1,
                2,
                20);
    }
}
