package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.core.IpAddress;
import java.util.Optional;

/** {@code 10.0.0.0/8}, {@code fe80::/64}, {@code 10.0.0.1}, {@code default}. */
record Prefix(IpAddress address, int length) {
    /** Empty when it is none; a length that is too long is too. */
    static Optional<Prefix> parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().family().addressBits();
        String length = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
            return Optional.empty();
        }
        return Optional.of(new Prefix(address.get(), Integer.parseInt(length)));
    }
}
