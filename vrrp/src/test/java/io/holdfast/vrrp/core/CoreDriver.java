package io.holdfast.vrrp.core;

import io.holdfast.vrrp.core.RouterEffect.Tell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Feeds the core and keeps what it wanted done; time is a number. */
final class CoreDriver {
    static final long MILLI = 1_000_000L;
    static final IpAddress OWN = IpAddress.literal("10.0.0.5");
    static final IpAddress LOWER = IpAddress.literal("10.0.0.1");
    static final IpAddress HIGHER = IpAddress.literal("10.0.0.9");

    private final VirtualRouters core;
    private final List<RouterEffect> effects = new ArrayList<>();
    private long nowNanos;

    CoreDriver(RouterSettings settings) {
        core = new VirtualRouters(settings, 1_000, 0);
        for (InstanceSettings instance : settings.instances()) {
            take(core.interfaceChanged(instance.interfaceName(), true, "carrier", 0));
            take(core.primaryAddressChanged(instance.name(), Optional.of(OWN), 0));
        }
    }

    static CoreDriver started(InstanceSettings... instances) {
        CoreDriver driver = new CoreDriver(RouterSettings.of(List.of(instances)));
        driver.start();
        return driver;
    }

    VirtualRouters core() {
        return core;
    }

    void start() {
        take(core.start(nowNanos));
    }

    /** Time passes; each timer on the way rings at its instant. */
    void pass(long millis) {
        long until = nowNanos + millis * MILLI;
        while (core.dueAtNanos().orElse(Long.MAX_VALUE) <= until) {
            nowNanos = Math.max(nowNanos, core.dueAtNanos().getAsLong());
            take(core.timePassed(nowNanos));
        }
        nowNanos = until;
    }

    /** The process stands still, and then its timers are late. */
    void standStill(long millis) {
        nowNanos += millis * MILLI;
        take(core.timePassed(nowNanos));
    }

    void hear(String instance, int priority, IpAddress from) {
        hear(instance, advert(instance, priority), from);
    }

    void hear(String instance, Advert advert, IpAddress from) {
        take(core.advertReceived(instance, advert, new AdvertSource(from, 255), nowNanos));
    }

    /** As another router with the same settings sends it. */
    Advert advert(String instance, int priority) {
        InstanceSettings s = core.settings(instance);
        return new Advert(
                s.version(),
                s.virtualRouterId(),
                priority,
                s.advertInterval().toNanos(),
                s.addresses().stream().map(VirtualAddress::address).toList(),
                s.authentication().kind(),
                s.authentication().kind() == Authentication.Kind.PASS
                        ? Optional.of(s.authentication().password())
                        : Optional.empty(),
                0);
    }

    void take(List<RouterEffect> wanted) {
        effects.addAll(wanted);
    }

    long now() {
        return nowNanos;
    }

    InstanceState state(String instance) {
        return core.state(instance);
    }

    InstanceData data(String instance) {
        return core.data(nowNanos, 0).stream()
                .filter(d -> d.settings().name().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    /** What was wanted since the last call, without what was told. */
    List<String> deeds() {
        List<String> deeds =
                effects.stream().filter(e -> !(e instanceof Tell)).map(CoreDriver::word).toList();
        effects.removeIf(e -> !(e instanceof Tell));
        return deeds;
    }

    /** What was told since the last call. */
    List<VrrpEvent> told() {
        List<VrrpEvent> told =
                effects.stream()
                        .filter(Tell.class::isInstance)
                        .map(e -> ((Tell) e).event())
                        .toList();
        effects.removeIf(Tell.class::isInstance);
        return told;
    }

    private static String word(RouterEffect effect) {
        return switch (effect) {
            case RouterEffect.SendAdvert send -> "advert " + send.priority();
            case RouterEffect.PutUp ignored -> "up";
            case RouterEffect.TakeDown ignored -> "down";
            case RouterEffect.Exchange ignored -> "exchange";
            case RouterEffect.Announce announce -> "announce " + announce.times();
            case Tell ignored -> "tell";
        };
    }

    // --- settings ---

    static InstanceSettings v2(String name, int priority) {
        return InstanceSettings.of(
                name,
                "eth0",
                VrrpVersion.V2,
                51,
                priority,
                List.of(VirtualAddress.literal("10.0.0.100/24")));
    }

    static InstanceSettings v3(String name, int priority, int intervalMillis) {
        InstanceSettings s =
                InstanceSettings.of(
                        name,
                        "eth0",
                        VrrpVersion.V3,
                        51,
                        priority,
                        List.of(VirtualAddress.literal("10.0.0.100/24")));
        return change(
                s,
                Duration.ofMillis(intervalMillis),
                s.preemption(),
                s.tracking(),
                s.flapDamping(),
                s.authentication());
    }

    static InstanceSettings preempting(InstanceSettings s, Preemption preemption) {
        return change(
                s,
                s.advertInterval(),
                preemption,
                s.tracking(),
                s.flapDamping(),
                s.authentication());
    }

    static InstanceSettings tracking(InstanceSettings s, Tracking tracking) {
        return change(
                s,
                s.advertInterval(),
                s.preemption(),
                tracking,
                s.flapDamping(),
                s.authentication());
    }

    static InstanceSettings authenticated(InstanceSettings s, Authentication authentication) {
        return change(
                s,
                s.advertInterval(),
                s.preemption(),
                s.tracking(),
                s.flapDamping(),
                authentication);
    }

    private static InstanceSettings change(
            InstanceSettings s,
            Duration interval,
            Preemption preemption,
            Tracking tracking,
            FlapDamping damping,
            Authentication authentication) {
        return new InstanceSettings(
                s.name(),
                s.virtualRouterId(),
                s.version(),
                s.family(),
                s.interfaceName(),
                s.startAsMaster(),
                s.priority(),
                interval,
                authentication,
                s.addresses(),
                s.excludedAddresses(),
                s.routes(),
                s.rules(),
                preemption,
                s.transport(),
                s.virtualMac(),
                s.announcements(),
                s.advertRules(),
                tracking,
                s.trackPrimary(),
                s.promoteSecondaries(),
                damping,
                s.needsLease());
    }
}
