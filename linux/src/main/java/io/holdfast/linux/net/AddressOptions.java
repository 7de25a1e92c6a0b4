package io.holdfast.linux.net;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an address is put on an interface.
 *
 * @param label IPv4 only: an alias; must begin with the interface's name, at most 15 bytes
 * @param validSeconds after which the kernel takes the address away by itself, so that nobody need
 *     be alive to do it; empty: never
 * @param detectDuplicates IPv6 only: whether the address is unusable until a second has shown that
 *     nobody else has it. A floating address is lent to one node at a time and cannot wait.
 */
public record AddressOptions(
        Optional<String> label, OptionalLong validSeconds, boolean detectDuplicates) {
    /** Stays until removed, usable at once. */
    public static final AddressOptions PLAIN =
            new AddressOptions(Optional.empty(), OptionalLong.empty(), false);

    public AddressOptions {
        if (validSeconds.isPresent()
                && (validSeconds.getAsLong() < 1 || validSeconds.getAsLong() >= 0xffff_ffffL)) {
            throw new IllegalArgumentException(
                    "an address lives at least 1 s and less than 136 years: " + validSeconds);
        }
    }

    public AddressOptions withLabel(String newLabel) {
        return new AddressOptions(Optional.of(newLabel), validSeconds, detectDuplicates);
    }

    public AddressOptions withValidSeconds(long seconds) {
        return new AddressOptions(label, OptionalLong.of(seconds), detectDuplicates);
    }
}
