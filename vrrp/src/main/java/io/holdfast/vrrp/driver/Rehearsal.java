package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.codec.AdvertDecoder;
import io.holdfast.vrrp.codec.AdvertEncoder;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.Advert;
import io.holdfast.vrrp.core.AdvertSource;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.RouterEffect;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRouters;
import java.util.List;
import java.util.Optional;

/**
 * Walks through a takeover once without touching the world: a Backup that has never been Master
 * would otherwise load the classes for it when it becomes one, and with adverts of 10 ms that takes
 * as long as the takeover itself.
 */
final class Rehearsal {
    private static final long AN_HOUR_NANOS = 3_600_000_000_000L;
    private static final int ROUNDS = 3;
    private static final int TTL = 255;

    private Rehearsal() {}

    /** With one instance of each family. */
    static void play(RouterSettings settings) {
        for (AddressFamily family : AddressFamily.values()) {
            settings.instances().stream()
                    .filter(i -> i.family() == family && !i.addresses().isEmpty())
                    .findFirst()
                    .ifPresent(Rehearsal::play);
        }
    }

    private static void play(InstanceSettings instance) {
        RouterSettings alone = RouterSettings.of(List.of(instance));
        for (int round = 0; round < ROUNDS; round++) {
            VirtualRouters core = new VirtualRouters(alone, 0, 0);
            List<RouterEffect> _ = core.interfaceChanged(instance.interfaceName(), true, "", 0);
            List<RouterEffect> _ =
                    core.primaryAddressChanged(instance.name(), Optional.of(source(instance)), 0);
            List<RouterEffect> _ = core.start(0);
            for (RouterEffect effect : core.timePassed(AN_HOUR_NANOS)) {
                if (effect instanceof RouterEffect.SendAdvert send) {
                    speak(send);
                }
            }
            List<RouterEffect> _ =
                    core.advertReceived(
                            instance.name(),
                            higher(instance),
                            new AdvertSource(instance.addresses().getFirst().address(), TTL),
                            AN_HOUR_NANOS);
        }
    }

    private static void speak(RouterEffect.SendAdvert send) {
        InstanceSettings instance = send.instance();
        IpAddress source = source(instance);
        IpAddress group = instance.transport().multicastGroup();
        if (instance.family() == AddressFamily.IPV4) {
            byte[] packet =
                    AdvertEncoder.packetV4(instance, send.priority(), source, group, 1, TTL, 1);
            var _ = AdvertDecoder.decodeV4(packet, id -> Optional.of(instance.authentication()));
        } else {
            byte[] message = AdvertEncoder.message(instance, send.priority(), source, group);
            var _ = AdvertDecoder.decodeV6(message, source, group, TTL);
        }
    }

    private static Advert higher(InstanceSettings instance) {
        return new Advert(
                instance.version(),
                instance.virtualRouterId(),
                InstanceSettings.OWNER_PRIORITY,
                instance.advertInterval().toNanos(),
                instance.addresses().stream().map(VirtualAddress::address).toList(),
                Authentication.Kind.NONE,
                Optional.empty(),
                0);
    }

    private static IpAddress source(InstanceSettings instance) {
        return instance.family() == AddressFamily.IPV4
                ? IpAddress.literal("192.0.2.1")
                : IpAddress.literal("fe80::1");
    }
}
