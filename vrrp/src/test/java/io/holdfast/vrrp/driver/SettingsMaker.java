package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.FlapDamping;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.Preemption;
import io.holdfast.vrrp.core.Tracking;
import io.holdfast.vrrp.core.TransportSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualMacSettings;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Instances for tests, one aspect after the other. */
final class SettingsMaker {
    private InstanceSettings s;

    SettingsMaker(String name, VrrpVersion version, int id, int priority, String... addresses) {
        s =
                InstanceSettings.of(
                        name,
                        "eth0",
                        version,
                        id,
                        priority,
                        java.util.Arrays.stream(addresses).map(VirtualAddress::literal).toList());
    }

    SettingsMaker every(Duration interval) {
        return change(
                interval,
                s.authentication(),
                s.transport(),
                s.preemption(),
                s.tracking(),
                s.virtualMac());
    }

    SettingsMaker authentication(Authentication.Kind kind, String password) {
        return change(
                s.advertInterval(),
                new Authentication(kind, password),
                s.transport(),
                s.preemption(),
                s.tracking(),
                s.virtualMac());
    }

    SettingsMaker transport(TransportSettings transport) {
        return change(
                s.advertInterval(),
                s.authentication(),
                transport,
                s.preemption(),
                s.tracking(),
                s.virtualMac());
    }

    SettingsMaker preemption(Preemption preemption) {
        return change(
                s.advertInterval(),
                s.authentication(),
                s.transport(),
                preemption,
                s.tracking(),
                s.virtualMac());
    }

    SettingsMaker tracking(Tracking tracking) {
        return change(
                s.advertInterval(),
                s.authentication(),
                s.transport(),
                s.preemption(),
                tracking,
                s.virtualMac());
    }

    SettingsMaker virtualMac(String interfaceName) {
        return change(
                s.advertInterval(),
                s.authentication(),
                s.transport(),
                s.preemption(),
                s.tracking(),
                Optional.of(new VirtualMacSettings(interfaceName, Optional.empty(), false, false)));
    }

    InstanceSettings make() {
        return s;
    }

    private SettingsMaker change(
            Duration interval,
            Authentication authentication,
            TransportSettings transport,
            Preemption preemption,
            Tracking tracking,
            Optional<VirtualMacSettings> virtualMac) {
        s =
                new InstanceSettings(
                        s.name(),
                        s.virtualRouterId(),
                        s.version(),
                        s.family(),
                        s.interfaceName(),
                        false,
                        s.priority(),
                        interval,
                        authentication,
                        s.addresses(),
                        List.of(),
                        List.of(),
                        List.of(),
                        preemption,
                        transport,
                        virtualMac,
                        s.announcements(),
                        s.advertRules(),
                        tracking,
                        true,
                        false,
                        FlapDamping.DEFAULT,
                        false);
        return this;
    }
}
