package io.holdfast.vrrp.driver;

import static io.holdfast.vrrp.driver.RunningRouter.awaitMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two routers of ours on one segment, at 50 ms adverts. */
class VrrpRouterTest {
    private static final String VIP = "10.99.0.200";

    @Test
    void theHigherPriorityIsMasterAndTheOtherTakesOverWhenItStops() {
        try (Segment segment = Segment.create();
                RunningRouter b = new RunningRouter(segment.addHost(2), settings(90))) {
            awaitMillis("b alone becomes Master", 2_000, () -> b.state() == InstanceState.MASTER);
            Segment.Host hostA = segment.addHost(1);
            try (RunningRouter a = new RunningRouter(hostA, settings(100))) {
                awaitMillis("a preempts", 2_000, () -> a.state() == InstanceState.MASTER);
                awaitMillis("b gives way", 500, () -> b.state() == InstanceState.BACKUP);
                awaitMillis("a has the address", 500, () -> hostA.has(VIP));
            }
            assertThat(hostA.has(VIP)).isFalse();
            awaitMillis("b takes over", 500, () -> b.state() == InstanceState.MASTER);
        }
    }

    static RouterSettings settings(int priority) {
        InstanceSettings plain =
                InstanceSettings.of(
                        "VI_1",
                        "eth0",
                        VrrpVersion.V3,
                        51,
                        priority,
                        List.of(VirtualAddress.literal(VIP + "/24")));
        return RouterSettings.of(List.of(with(plain, Duration.ofMillis(50))));
    }

    static InstanceSettings with(InstanceSettings s, Duration interval) {
        return new InstanceSettings(
                s.name(),
                s.virtualRouterId(),
                s.version(),
                s.family(),
                s.interfaceName(),
                s.startAsMaster(),
                s.priority(),
                interval,
                s.authentication(),
                s.addresses(),
                s.excludedAddresses(),
                s.routes(),
                s.rules(),
                s.preemption(),
                s.transport(),
                s.virtualMac(),
                s.announcements(),
                s.advertRules(),
                s.tracking(),
                s.trackPrimary(),
                s.promoteSecondaries(),
                s.flapDamping(),
                s.needsLease());
    }
}
