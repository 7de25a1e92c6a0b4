package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.AdvertRules;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Settings as the measured captures of Keepalived 2.2.7 were made with. */
final class Samples {
    static final IpAddress A = IpAddress.literal("10.99.0.1");
    static final IpAddress B = IpAddress.literal("10.99.0.2");
    static final IpAddress A6 = IpAddress.literal("fe80::aff:fe63:1");
    static final IpAddress GROUP = IpAddress.literal("224.0.0.18");
    static final IpAddress GROUP6 = IpAddress.literal("ff02::12");

    private Samples() {}

    static InstanceSettings settings(
            VrrpVersion version, int id, Duration interval, Authentication auth, String... vips) {
        List<VirtualAddress> addresses = Arrays.stream(vips).map(VirtualAddress::literal).toList();
        InstanceSettings plain = InstanceSettings.of("VI_1", "eth0", version, id, 100, addresses);
        return new InstanceSettings(
                plain.name(),
                plain.virtualRouterId(),
                version,
                plain.family(),
                plain.interfaceName(),
                false,
                plain.priority(),
                interval,
                auth,
                addresses,
                List.of(),
                List.of(),
                List.of(),
                plain.preemption(),
                plain.transport(),
                plain.virtualMac(),
                plain.announcements(),
                AdvertRules.DEFAULT,
                plain.tracking(),
                true,
                false,
                plain.flapDamping(),
                false);
    }

    static Authentication pass(String password) {
        return new Authentication(Authentication.Kind.PASS, password);
    }

    static Authentication ah(String password) {
        return new Authentication(Authentication.Kind.AH, password);
    }
}
