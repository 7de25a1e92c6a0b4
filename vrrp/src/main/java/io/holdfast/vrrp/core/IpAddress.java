package io.holdfast.vrrp.core;

import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address: its 4 or 16 bytes in wire order, as a value. Ordered as RFC 9568 6.4.3
 * compares primary addresses: as unsigned numbers, the first byte being the highest.
 *
 * @param high the first eight bytes of an IPv6 address; 0 for IPv4
 * @param low the last eight bytes of an IPv6 address; the four bytes of an IPv4 address
 */
public record IpAddress(AddressFamily family, long high, long low)
        implements Comparable<IpAddress> {
    private static final int GROUPS = 8;

    public IpAddress {
        if (family == AddressFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("more than 32 bits in an IPv4 address");
        }
    }

    /** From 4 or 16 bytes; anything else is an IllegalArgumentException. */
    public static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> new IpAddress(AddressFamily.IPV4, 0, number(bytes, 0, 4));
            case 16 -> new IpAddress(AddressFamily.IPV6, number(bytes, 0, 8), number(bytes, 8, 16));
            default -> throw new IllegalArgumentException(bytes.length + " bytes");
        };
    }

    /** Reads a literal; names are never looked up. Empty when it is not an address. */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
    }

    /** Reads a literal that is known to be one; anything else is an IllegalArgumentException. */
    public static IpAddress literal(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
    }

    public byte[] bytes() {
        byte[] bytes = new byte[family.addressBytes()];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            long half = fromEnd < 8 ? low : high;
            bytes[i] = (byte) (half >>> (8 * (fromEnd % 8)));
        }
        return bytes;
    }

    /** fe80::/10. */
    public boolean isLinkLocal() {
        return family == AddressFamily.IPV6 && high >>> 54 == 0xfe80L >>> 6;
    }

    public boolean isMulticast() {
        return family == AddressFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** Whether this address and another lie in one network of that prefix length. */
    public boolean sharesPrefix(IpAddress other, int prefixLength) {
        if (family != other.family) {
            return false;
        }
        if (family == AddressFamily.IPV4) {
            return prefixLength == 0 || (low ^ other.low) >>> (32 - prefixLength) == 0;
        }
        long highBits = Math.min(prefixLength, 64);
        long lowBits = prefixLength - highBits;
        return (highBits == 0 || (high ^ other.high) >>> (64 - highBits) == 0)
                && (lowBits == 0 || (low ^ other.low) >>> (64 - lowBits) == 0);
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** As RFC 5952 writes it: {@code 10.0.0.1}, {@code fe80::1}. */
    @Override
    public String toString() {
        return family == AddressFamily.IPV4 ? textV4() : textV6();
    }

    private String textV4() {
        return (low >>> 24)
                + "."
                + (low >>> 16 & 0xff)
                + "."
                + (low >>> 8 & 0xff)
                + "."
                + (low & 0xff);
    }

    private String textV6() {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (16 * (3 - i % 4))) & 0xffff;
        }
        int start = -1;
        int length = 1; // RFC 5952 4.2.2: one group of zeros alone is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static Optional<IpAddress> parseV4(String text) {
        byte[] bytes = bytesV4(text);
        return bytes.length == 4 ? Optional.of(of(bytes)) : Optional.empty();
    }

    /** No bytes when it is not an address. */
    private static byte[] bytesV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return new byte[0];
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 3);
            if (value < 0 || value > 255) {
                return new byte[0];
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        byte[] before = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] after = gap < 0 ? new byte[0] : groups(text.substring(gap + 2));
        if (before.length + after.length > (gap < 0 ? 16 : 14)
                || (gap < 0 && before.length != 16)
                || (gap > 0 && before.length == 0)
                || (gap >= 0 && gap + 2 < text.length() && after.length == 0)) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOf(before, 16);
        System.arraycopy(after, 0, bytes, 16 - after.length, after.length);
        return Optional.of(of(bytes));
    }

    /** No bytes when it is empty, or not a row of groups. */
    private static byte[] groups(String text) {
        String[] parts = text.split(":", -1);
        if (text.isEmpty() || parts.length > GROUPS) {
            return new byte[0];
        }
        byte[] bytes = new byte[2 * GROUPS];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && parts[i].indexOf('.') >= 0) {
                byte[] v4 = bytesV4(parts[i]);
                if (v4.length != 4 || length > 12) {
                    return new byte[0];
                }
                System.arraycopy(v4, 0, bytes, length, 4);
                length += 4;
            } else {
                int value = number(parts[i], 16, 4);
                if (value < 0) {
                    return new byte[0];
                }
                bytes[length++] = (byte) (value >> 8);
                bytes[length++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** −1 when it is not a number of that many digits at most. */
    private static int number(String digits, int radix, int mostDigits) {
        if (digits.isEmpty() || digits.length() > mostDigits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static long number(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }
}
