package io.holdfast.vrrp.core;

import io.holdfast.vrrp.core.TransportSettings.UnicastPeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether an advert is for us and may be believed: the receive checks of RFC 3768 7.1 and RFC 9568
 * 7.1 that need to know the configuration. Those of form and checksum are the codec's.
 */
final class AdvertCheck {
    /** RFC 9568 5.1.1.3: an advert that passed a router has less. */
    private static final int UNROUTED_TTL = 255;

    private static final int PASSWORD_BYTES = 8;

    /** Why not, and a sentence for people. */
    record Refusal(Rejection cause, String detail) {}

    private AdvertCheck() {}

    /**
     * Why an advert must be dropped; empty: it counts.
     *
     * @param sameMaster whether the last advert that was believed came from the same router, for
     *     {@code skip_check_adv_addr}
     */
    static Optional<Refusal> refusal(
            InstanceSettings settings,
            Optional<IpAddress> ownAddress,
            Advert advert,
            AdvertSource source,
            boolean sameMaster) {
        return wrongSource(settings, ownAddress, source)
                .or(() -> wrongVersion(settings, advert))
                .or(() -> wrongAuthentication(settings.authentication(), advert))
                .or(() -> wrongInterval(settings, advert))
                .or(() -> wrongAddresses(settings, advert, sameMaster));
    }

    /** The address lists differ, which version 3 only reports (RFC 9568 7.1). */
    static boolean differsInAddresses(InstanceSettings settings, Advert advert) {
        List<IpAddress> own = new java.util.ArrayList<>();
        settings.addresses().forEach(a -> own.add(a.address()));
        return own.size() != advert.addresses().size() || !own.containsAll(advert.addresses());
    }

    private static Optional<Refusal> wrongSource(
            InstanceSettings settings, Optional<IpAddress> ownAddress, AdvertSource source) {
        TransportSettings transport = settings.transport();
        if (ownAddress.isPresent() && ownAddress.get().equals(source.address())) {
            return refuse(Rejection.OWN, "it bears our own address");
        }
        if (!transport.isUnicast()) {
            return source.ttl() == UNROUTED_TTL
                    ? Optional.empty()
                    : refuse(
                            Rejection.TTL,
                            "its TTL is " + source.ttl() + ", not 255: it came through a router");
        }
        Optional<UnicastPeer> peer =
                transport.unicastPeers().stream()
                        .filter(p -> p.address().equals(source.address()))
                        .findFirst();
        if (peer.isEmpty()) {
            return transport.checkUnicastSource()
                    ? refuse(Rejection.SOURCE, "it is not from one of the unicast peers")
                    : Optional.empty();
        }
        return source.ttl() < peer.get().lowestTtl() || source.ttl() > peer.get().highestTtl()
                ? refuse(
                        Rejection.TTL,
                        "its TTL is %d, not %d to %d"
                                .formatted(
                                        source.ttl(),
                                        peer.get().lowestTtl(),
                                        peer.get().highestTtl()))
                : Optional.empty();
    }

    private static Optional<Refusal> wrongVersion(InstanceSettings settings, Advert advert) {
        return advert.version() == settings.version()
                ? Optional.empty()
                : refuse(
                        Rejection.VERSION,
                        "it is of VRRP version %d, this node is configured for %d"
                                .formatted(advert.version().number(), settings.version().number()));
    }

    private static Optional<Refusal> wrongAuthentication(Authentication own, Advert advert) {
        if (advert.version() == VrrpVersion.V3) {
            return Optional.empty(); // version 3 has none
        }
        if (advert.authentication() != own.kind()) {
            return refuse(
                    Rejection.AUTHENTICATION_TYPE,
                    "its auth_type is %s, this node's is %s"
                            .formatted(advert.authentication(), own.kind()));
        }
        if (own.kind() == Authentication.Kind.PASS
                && !Arrays.equals(padded(own.password()), padded(advert.password().orElse("")))) {
            return refuse(Rejection.AUTHENTICATION, "its auth_pass is another one");
        }
        return Optional.empty();
    }

    // Version 3 learns the Master's interval instead.
    private static Optional<Refusal> wrongInterval(InstanceSettings settings, Advert advert) {
        return advert.version() == VrrpVersion.V3
                        || advert.advertIntervalNanos() == settings.advertInterval().toNanos()
                ? Optional.empty()
                : refuse(
                        Rejection.ADVERT_INTERVAL,
                        "its advert_int is %d s, this node's is %d s"
                                .formatted(
                                        advert.advertIntervalNanos() / 1_000_000_000L,
                                        settings.advertInterval().toSeconds()));
    }

    // RFC 3768 7.1: dropped, unless its sender owns the addresses. A Master that gives up is always
    // believed: nothing can be gained from waiting for it.
    private static Optional<Refusal> wrongAddresses(
            InstanceSettings settings, Advert advert, boolean sameMaster) {
        if (advert.version() == VrrpVersion.V3
                || advert.priority() == InstanceSettings.OWNER_PRIORITY
                || advert.priority() == Advert.PRIORITY_STOP
                || (sameMaster && settings.advertRules().skipAddressCheck())
                || !differsInAddresses(settings, advert)) {
            return Optional.empty();
        }
        return refuse(
                Rejection.ADDRESS_LIST,
                "its addresses are %s, this node's are %s"
                        .formatted(
                                advert.addresses(),
                                settings.addresses().stream()
                                        .map(VirtualAddress::address)
                                        .toList()));
    }

    private static byte[] padded(String password) {
        return Arrays.copyOf(password.getBytes(StandardCharsets.ISO_8859_1), PASSWORD_BYTES);
    }

    private static Optional<Refusal> refuse(Rejection cause, String detail) {
        return Optional.of(new Refusal(cause, detail));
    }
}
