package io.holdfast.vrrp.core;

import java.util.List;
import java.util.Optional;

/**
 * A VRRP advertisement whose form, checksum and AH integrity value are right; whether it is to be
 * believed is for {@link VrrpInstance} to say.
 *
 * @param priority 0 (the Master gives up) to 255 (it owns the addresses)
 * @param advertIntervalNanos of the sender
 * @param authentication what it carried
 * @param ahSequence with {@link Authentication.Kind#AH}; 0 otherwise
 */
public record Advert(
        VrrpVersion version,
        int virtualRouterId,
        int priority,
        long advertIntervalNanos,
        List<IpAddress> addresses,
        Authentication.Kind authentication,
        Optional<String> password,
        long ahSequence) {
    /** The Master gives up. */
    public static final int PRIORITY_STOP = 0;

    public Advert {
        addresses = List.copyOf(addresses);
    }

    @Override
    public String toString() {
        return "VRRPv" + version.number() + " id " + virtualRouterId + " priority " + priority;
    }
}
