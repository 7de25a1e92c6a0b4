package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.IpAddress;

/** The Internet checksum (RFC 1071), with and without a pseudo-header (RFC 8200 8.1). */
final class Checksum {
    static final int PROTOCOL_VRRP = 112;

    private Checksum() {}

    /** Over these bytes alone; 0 when they hold their own right checksum. */
    static int of(byte[] bytes, int from, int to) {
        return fold(sum(bytes, from, to));
    }

    /** Over a pseudo-header and these bytes. */
    static int withPseudoHeader(
            IpAddress source, IpAddress destination, int protocol, byte[] bytes, int from, int to) {
        long sum = sum(bytes, from, to);
        byte[] one = source.bytes();
        byte[] other = destination.bytes();
        sum += sum(one, 0, one.length) + sum(other, 0, other.length);
        // IPv4: zero, protocol, 16 bits of length. IPv6: 32 bits of each. The sum is the same.
        sum += protocol + (to - from);
        return fold(sum);
    }

    /** Whether a version 3 advert's checksum is right, by either of the two rules for IPv4. */
    static boolean isRightV3(
            IpAddress source, IpAddress destination, byte[] bytes, int from, int to) {
        return withPseudoHeader(source, destination, PROTOCOL_VRRP, bytes, from, to) == 0
                || (source.family() == AddressFamily.IPV4 && of(bytes, from, to) == 0);
    }

    private static long sum(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i += 2) {
            int high = bytes[i] & 0xff;
            int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
            sum += high << 8 | low;
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}
