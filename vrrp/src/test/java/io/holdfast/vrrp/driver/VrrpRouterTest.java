package io.holdfast.vrrp.driver;

import static io.holdfast.vrrp.driver.RunningRouter.awaitMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.NetworkNews;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VrrpEvent;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers of ours on one segment, at 50 ms adverts. */
class VrrpRouterTest {
    private static final String VIP = "10.99.0.200";
    private static final String OTHER_VIP = "10.99.0.201";

    private Segment segment;

    @BeforeEach
    void wire() {
        segment = Segment.create();
    }

    @AfterEach
    void unwire() {
        segment.close();
    }

    @Test
    void theHigherPriorityIsMasterAndTheOtherTakesOverWhenItStops() {
        try (RunningRouter b = new RunningRouter(segment.addHost(2), settings(90, VIP))) {
            awaitMillis("b alone becomes Master", 2_000, () -> b.state() == InstanceState.MASTER);
            Segment.Host hostA = segment.addHost(1);
            try (RunningRouter a = new RunningRouter(hostA, settings(100, VIP))) {
                awaitMillis("a preempts", 2_000, () -> a.state() == InstanceState.MASTER);
                awaitMillis("b gives way", 500, () -> b.state() == InstanceState.BACKUP);
                awaitMillis("a has the address", 500, () -> hostA.has(VIP));
            }
            assertThat(hostA.has(VIP)).isFalse();
            awaitMillis("b takes over", 500, () -> b.state() == InstanceState.MASTER);
        }
    }

    @Test
    void aReloadNeverTakesDownAnAddressThatStays() {
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP));
                NetworkNews news = host.network().call(NetworkNews::open)) {
            awaitMillis("Master", 2_000, () -> host.has(VIP));
            router.router().reload(settings(120, VIP, OTHER_VIP));
            awaitMillis("the new address", 500, () -> host.has(OTHER_VIP));
            router.router().reload(settings(120, VIP));
            awaitMillis("the new address is gone", 500, () -> !host.has(OTHER_VIP));
            assertThat(news.take())
                    .noneMatch(
                            change ->
                                    change instanceof NetworkNews.Change.AddressRemoved removed
                                            && removed.address()
                                                    .address()
                                                    .equals(Segment.address(VIP)));
            assertThat(router.router().data().getFirst().effectivePriority()).isEqualTo(120);
            assertThat(router.state()).isEqualTo(InstanceState.MASTER);
        }
        assertThat(host.has(VIP)).isFalse();
    }

    @Test
    void aReloadThatCannotBeDoneChangesNothing() {
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP))) {
            awaitMillis("Master", 2_000, () -> host.has(VIP));
            InstanceSettings elsewhere =
                    InstanceSettings.of(
                            "VI_1",
                            "eth9",
                            VrrpVersion.V3,
                            51,
                            100,
                            List.of(VirtualAddress.literal(VIP + "/24")));
            assertThatThrownBy(() -> router.router().reload(RouterSettings.of(List.of(elsewhere))))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("eth9");
            assertThat(host.has(VIP)).isTrue();
            assertThat(router.state()).isEqualTo(InstanceState.MASTER);
        }
    }

    @Test
    void anInstanceThatBecomesAnotherVirtualRouterBeginsAnew() {
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP))) {
            awaitMillis("Master", 2_000, () -> host.has(VIP));
            InstanceSettings renumbered =
                    new SettingsMaker("VI_1", VrrpVersion.V3, 52, 100, VIP + "/24")
                            .every(Duration.ofMillis(50))
                            .make();
            router.router().reload(RouterSettings.of(List.of(renumbered)));
            awaitMillis("Master again", 2_000, () -> router.state() == InstanceState.MASTER);
            assertThat(router.heard(VrrpEvent.InstanceDeleted.class)).isTrue();
            assertThat(host.has(VIP)).isTrue();
        }
    }

    @Test
    void aFloatingAddressThatSomebodyElseRemovesIsPutBack() {
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP))) {
            awaitMillis("Master", 2_000, () -> host.has(VIP));
            assertThat(host.rtnetlink().removeAddress("eth0", Segment.address(VIP), 24)).isTrue();
            awaitMillis("it is back", 500, () -> host.has(VIP));
            awaitMillis("told", 500, () -> router.heard(VrrpEvent.Trouble.class));
        }
    }

    @Test
    void whatAKilledLifeLeftBehindIsRemovedAtTheStart() {
        Segment.Host host = segment.addHost(1);
        host.rtnetlink().addAddress("eth0", Segment.address(VIP), 24);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP))) {
            assertThat(host.has(VIP)).isFalse();
            assertThat(router.state()).isEqualTo(InstanceState.BACKUP);
        }
    }

    @Test
    void aPulledCableIsAFaultAndAPluggedOneANewBeginning() {
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, settings(100, VIP))) {
            awaitMillis("Master", 2_000, () -> host.has(VIP));
            host.unplug();
            awaitMillis("a fault", 500, () -> router.state() == InstanceState.FAULT);
            assertThat(host.has(VIP)).isFalse();
            host.plug();
            awaitMillis("Master again", 2_000, () -> host.has(VIP));
        }
    }

    @Test
    void anUnknownInterfaceIsRefusedAndNothingIsLeftBehind() {
        Segment.Host host = segment.addHost(1);
        InstanceSettings nowhere =
                InstanceSettings.of(
                        "VI_1",
                        "eth7",
                        VrrpVersion.V3,
                        51,
                        100,
                        List.of(VirtualAddress.literal(VIP + "/24")));
        assertThatThrownBy(() -> new RunningRouter(host, RouterSettings.of(List.of(nowhere))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("this machine has eth0, lo");
    }

    @Test
    void twoHundredAndFiftyFiveInstancesPutAllTheirAddressesUpAndDown() {
        List<InstanceSettings> many = new ArrayList<>();
        for (int id = 1; id <= 255; id++) {
            many.add(
                    new SettingsMaker("VI_" + id, VrrpVersion.V3, id, 100, "10.98.0." + id + "/32")
                            .every(Duration.ofMillis(500))
                            .make());
        }
        Segment.Host host = segment.addHost(1);
        try (RunningRouter router = new RunningRouter(host, RouterSettings.of(many))) {
            long _ =
                    awaitMillis(
                            "all Master",
                            20_000,
                            () ->
                                    router.router().data().stream()
                                            .allMatch(d -> d.state() == InstanceState.MASTER));
            assertThat(floating(host)).isEqualTo(255);
        }
        assertThat(floating(host)).isZero();
    }

    private static long floating(Segment.Host host) {
        return host.rtnetlink().addresses("eth0").stream()
                .filter(a -> a.address().getHostAddress().startsWith("10.98."))
                .count();
    }

    private static RouterSettings settings(int priority, String... addresses) {
        String[] withPrefix = new String[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            withPrefix[i] = addresses[i] + "/24";
        }
        return RouterSettings.of(
                List.of(
                        new SettingsMaker("VI_1", VrrpVersion.V3, 51, priority, withPrefix)
                                .every(Duration.ofMillis(50))
                                .make()));
    }
}
