package io.holdfast.vrrp.driver;

import static io.holdfast.vrrp.driver.RunningRouter.awaitMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.TransportSettings;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Beside the real Keepalived, on one segment: each way of speaking VRRP twice, once with Keepalived
 * and once with us as the higher priority, all in one pair of processes.
 */
class KeepalivedPairTest {
    /** One way of speaking VRRP; both sides of the configuration. */
    private enum Way {
        V2_PLAIN(VrrpVersion.V2, false, "", ""),
        V2_PASS(VrrpVersion.V2, false, "PASS", ""),
        V2_AH(VrrpVersion.V2, false, "AH", ""),
        V3(VrrpVersion.V3, false, "", ""),
        V3_IPV6(VrrpVersion.V3, true, "", ""),
        V2_PASS_UNICAST(VrrpVersion.V2, false, "PASS", "unicast"),
        V2_AH_UNICAST(VrrpVersion.V2, false, "AH", "unicast"),
        V3_UNICAST(VrrpVersion.V3, false, "", "unicast"),
        V3_IPV6_UNICAST(VrrpVersion.V3, true, "", "unicast");

        private final VrrpVersion version;
        private final boolean ipv6;
        private final String authentication;
        private final boolean unicast;

        Way(VrrpVersion version, boolean ipv6, String authentication, String unicast) {
            this.version = version;
            this.ipv6 = ipv6;
            this.authentication = authentication;
            this.unicast = !unicast.isEmpty();
        }

        private int id(boolean oursHigher) {
            return 10 + ordinal() * 2 + (oursHigher ? 1 : 0);
        }

        private String name(boolean oursHigher) {
            return name() + (oursHigher ? "_H" : "_K");
        }

        private String vip(boolean oursHigher) {
            return ipv6
                    ? "fe80::" + Integer.toHexString(0x200 + id(oursHigher)) + "/64"
                    : "10.99.0." + (200 + id(oursHigher)) + "/24";
        }

        private String address(int host) {
            return ipv6 ? "fe80::99:" + host : "10.99.0." + host;
        }

        private InstanceSettings ours(boolean oursHigher) {
            SettingsMaker maker =
                    new SettingsMaker(
                            name(oursHigher),
                            version,
                            id(oursHigher),
                            oursHigher ? 150 : 90,
                            vip(oursHigher));
            maker.every(interval());
            if (!authentication.isEmpty()) {
                maker.authentication(Authentication.Kind.valueOf(authentication), "1111");
            }
            if (unicast) {
                maker.transport(
                        TransportSettings.unicast(
                                IpAddress.literal(address(2)),
                                List.of(IpAddress.literal(address(1)))));
            }
            return maker.make();
        }

        private Duration interval() {
            return version == VrrpVersion.V2 ? Duration.ofSeconds(1) : Duration.ofMillis(200);
        }

        private String theirs(boolean oursHigher) {
            StringBuilder text = new StringBuilder("vrrp_instance ").append(name(oursHigher));
            text.append(" {\n  interface eth0\n  state BACKUP\n  version ")
                    .append(version.number())
                    .append("\n  virtual_router_id ")
                    .append(id(oursHigher))
                    .append("\n  priority 100\n  advert_int ")
                    .append(version == VrrpVersion.V2 ? "1" : "0.2")
                    .append('\n');
            if (!authentication.isEmpty()) {
                text.append("  authentication {\n    auth_type ")
                        .append(authentication)
                        .append("\n    auth_pass 1111\n  }\n");
            }
            if (unicast) {
                text.append("  unicast_src_ip ")
                        .append(address(1))
                        .append("\n  unicast_peer {\n    ")
                        .append(address(2))
                        .append("\n  }\n");
            }
            return text.append("  virtual_ipaddress {\n    ")
                    .append(vip(oursHigher))
                    .append("\n  }\n}\n")
                    .toString();
        }
    }

    private Segment segment;
    private Segment.Host keepalivedHost;
    private Segment.Host ourHost;

    @BeforeEach
    void wire() {
        segment = Segment.create();
        keepalivedHost = segment.addHost(1);
        ourHost = segment.addHost(2);
    }

    @AfterEach
    void unwire() {
        segment.close();
    }

    @Test
    void everyWayOfSpeakingIsAgreedOnThroughStartCrashReturnAndStop() {
        try (Keepalived first = Keepalived.start(keepalivedHost, allTheirs());
                RunningRouter ours = new RunningRouter(ourHost, allOurs())) {
            awaitMillis("all agree", 9_000, () -> agreed(ours));
            assertThat(ours.router().data()).allMatch(d -> d.rivals().isEmpty());

            first.kill();
            awaitMillis("we are Master of all", 4_500, () -> allMaster(ours));
            assertThat(first.log()).doesNotContain("two or more").doesNotContain("invalid");

            try (Keepalived second = Keepalived.start(keepalivedHost, allTheirs())) {
                awaitMillis("Keepalived preempts its half", 9_000, () -> agreed(ours));
                second.stop();
                awaitMillis("we take over from one that stops", 2_000, () -> allMaster(ours));
            }
        }
        assertThat(Way.values())
                .allSatisfy(
                        way ->
                                assertThat(
                                                ourHost.has(
                                                        way.vip(true)
                                                                .substring(
                                                                        0,
                                                                        way.vip(true)
                                                                                .indexOf('/'))))
                                        .isFalse());
    }

    private static RouterSettings allOurs() {
        List<InstanceSettings> all = new ArrayList<>();
        for (Way way : Way.values()) {
            all.add(way.ours(false));
            all.add(way.ours(true));
        }
        return RouterSettings.of(all);
    }

    private static String allTheirs() {
        return java.util.Arrays.stream(Way.values())
                .map(way -> way.theirs(false) + way.theirs(true))
                .collect(Collectors.joining());
    }

    /** Each instance's Master is the one of higher priority, and only that has the address. */
    private boolean agreed(RunningRouter ours) {
        List<String> wrong = new ArrayList<>();
        for (InstanceData data : ours.router().data()) {
            boolean oursHigher = data.settings().priority() > 100;
            String vip = data.settings().addresses().getFirst().address().toString();
            boolean right =
                    data.state() == (oursHigher ? InstanceState.MASTER : InstanceState.BACKUP)
                            && ourHost.has(vip) == oursHigher
                            && keepalivedHost.has(vip) != oursHigher;
            if (!right) {
                wrong.add(data.settings().name() + " " + data.state());
            }
        }
        lastWrong = wrong;
        return wrong.isEmpty();
    }

    private List<String> lastWrong = List.of();

    private static boolean allMaster(RunningRouter ours) {
        return ours.router().data().stream().allMatch(d -> d.state() == InstanceState.MASTER);
    }
}
