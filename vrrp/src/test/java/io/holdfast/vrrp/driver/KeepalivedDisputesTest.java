package io.holdfast.vrrp.driver;

import static io.holdfast.vrrp.driver.RunningRouter.awaitMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.Tracking;
import io.holdfast.vrrp.core.VrrpEvent;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where two routers want the same, or do not agree: with the real Keepalived on the other side. */
class KeepalivedDisputesTest {
    private static final Duration FIFTH = Duration.ofMillis(200);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String OUR_MAC = "02000a630002";
    private static final String THEIR_MAC = "02000a630001";

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
    void aHealedSplitEndsWithOneMasterWhoAnnouncesItsAddresses() {
        RouterSettings ours =
                RouterSettings.of(
                        List.of(
                                v3("we_win", 11, 150, FIFTH),
                                v3("they_win", 12, 90, FIFTH),
                                v3("tie", 13, 100, FIFTH)));
        String theirs =
                theirs("we_win", 3, 11, 100, "0.2", "")
                        + theirs("they_win", 3, 12, 100, "0.2", "")
                        + theirs("tie", 3, 13, 100, "0.2", "");
        try (Keepalived keepalived = Keepalived.start(keepalivedHost, theirs);
                RunningRouter router = new RunningRouter(ourHost, ours);
                Sniffer sniffer = new Sniffer(segment, Sniffer.ARP)) {
            awaitMillis("they agree", 3_000, () -> state(router, 0) == InstanceState.MASTER);
            ourHost.cut();
            awaitMillis("we are Master of all", 3_000, () -> allMaster(router));
            awaitMillis(
                    "so are they",
                    3_000,
                    () -> List.of("211", "212", "213").stream().allMatch(this::theyHave));
            long healed = System.nanoTime();
            ourHost.heal();
            awaitMillis(
                    "one of us each",
                    3_000,
                    () ->
                            state(router, 1) == InstanceState.BACKUP
                                    && !theyHave("211")
                                    && !theyHave("213"));
            assertThat(state(router, 0)).isEqualTo(InstanceState.MASTER);
            assertThat(state(router, 2))
                    .as("10.99.0.2 is the greater address")
                    .isEqualTo(InstanceState.MASTER);
            awaitMillis(
                    "we announce what we won",
                    6_000,
                    () ->
                            sniffer.announcements("0a6300d3", OUR_MAC, healed).findAny().isPresent()
                                    && sniffer.announcements("0a6300d5", OUR_MAC, healed)
                                            .findAny()
                                            .isPresent());
            awaitMillis(
                    "Keepalived, told by our farewell, announces what it won",
                    3_000,
                    () ->
                            sniffer.announcements("0a6300d4", THEIR_MAC, healed)
                                    .findAny()
                                    .isPresent());
            assertThat(keepalived.log()).contains("Received advert from 10.99.0.2");
        }
    }

    /**
     * Now and then Keepalived hardly sends for some of its instances once both sides are Master,
     * and then nothing is there to be named (not explained yet); so not in every run.
     */
    @Test
    @Tag("nightly")
    void mastersWhoCannotAgreeAreNamedAndASlowerMasterIsLearntFrom() {
        RouterSettings ours =
                RouterSettings.of(
                        List.of(
                                v2("password", 21, "2222", SECOND),
                                v2("interval", 22, "", Duration.ofSeconds(2)),
                                v3("version", 23, 90, SECOND),
                                new SettingsMaker(
                                                "addresses",
                                                VrrpVersion.V2,
                                                24,
                                                90,
                                                "10.99.0.224/24",
                                                "10.99.0.240/24")
                                        .make(),
                                v3("slower", 25, 90, FIFTH),
                                v2("header", 26, "", SECOND)));
        String pass = "  authentication {\n    auth_type PASS\n    auth_pass 1111\n  }\n";
        String theirs =
                theirs("password", 2, 21, 100, "1", pass)
                        + theirs("interval", 2, 22, 100, "1", "")
                        + theirs("version", 2, 23, 100, "1", "")
                        + theirs("addresses", 2, 24, 100, "1", "")
                        + theirs("slower", 3, 25, 100, "1", "")
                        + theirs("header", 2, 26, 100, "1", pass.replace("PASS", "AH"));
        try (Keepalived keepalived = Keepalived.start(keepalivedHost, theirs);
                RunningRouter router = new RunningRouter(ourHost, ours)) {
            awaitMillis(
                    "each disagreement is named",
                    11_000,
                    () ->
                            router.events().stream()
                                            .filter(VrrpEvent.DisagreeingMaster.class::isInstance)
                                            .map(e -> ((VrrpEvent.DisagreeingMaster) e).instance())
                                            .distinct()
                                            .count()
                                    == 5);
            assertThat(state(router, 4)).isEqualTo(InstanceState.BACKUP);
            assertThat(router.router().data().get(4).advertIntervalNanos())
                    .isEqualTo(SECOND.toNanos());
            assertThat(keepalived.log()).contains("(password)");
        }
    }

    @Test
    void aFailingScriptHandsOverAfterOneSkewAndAVirtualMacIsTheSenders() {
        AtomicBoolean healthy = new AtomicBoolean(true);
        InstanceSettings tracking =
                new SettingsMaker("script", VrrpVersion.V3, 31, 150, "10.99.0.231/24")
                        .every(FIFTH)
                        .tracking(
                                new Tracking(
                                        List.of(),
                                        List.of(Tracked.fatal("check")),
                                        List.of(),
                                        List.of()))
                        .make();
        InstanceSettings virtualMac =
                new SettingsMaker("vmac", VrrpVersion.V3, 32, 150, "10.99.0.232/24")
                        .every(FIFTH)
                        .virtualMac("vrrp.32")
                        .make();
        RouterSettings ours = withScript(List.of(tracking, virtualMac));
        String theirs =
                theirs("script", 3, 31, 100, "0.2", "") + theirs("vmac", 3, 32, 100, "0.2", "");
        try (Sniffer sniffer = new Sniffer(segment, Sniffer.IPV4);
                Sniffer arp = new Sniffer(segment, Sniffer.ARP);
                Keepalived keepalived = Keepalived.start(keepalivedHost, theirs);
                RunningRouter router =
                        new RunningRouter(
                                ourHost,
                                ours,
                                script ->
                                        new ScriptRunner.ScriptResult.Exited(
                                                healthy.get() ? 0 : 1))) {
            awaitMillis("we are Master of both", 4_000, () -> allMaster(router));
            awaitMillis("they are of none", 2_000, () -> !theyHave("231") && !theyHave("232"));
            assertThat(sniffer.heard())
                    .as("adverts from the virtual Ethernet address")
                    .anyMatch(h -> h.source().equals("00005e000120"));
            assertThat(arp.announcements("0a6300e8", "00005e000120", 0)).isNotEmpty();
            assertThat(ourHost.rtnetlink().addresses("vrrp.32"))
                    .anyMatch(a -> a.address().getHostAddress().equals("10.99.0.232"));

            healthy.set(false);
            awaitMillis("a fault", 1_000, () -> state(router, 0) == InstanceState.FAULT);
            awaitMillis("they take over after a skew", 600, () -> theyHave("231"));
            assertThat(theyHave("232")).isFalse();
            healthy.set(true);
            awaitMillis("we come back", 2_000, () -> state(router, 0) == InstanceState.MASTER);
            assertThat(keepalived.log()).contains("(script)");
        }
        assertThat(ourHost.rtnetlink().link("vrrp.32")).isEmpty();
    }

    private static RouterSettings withScript(List<InstanceSettings> instances) {
        ScriptSettings script =
                new ScriptSettings(
                        "check",
                        List.of("/bin/true"),
                        Duration.ofMillis(100),
                        SECOND,
                        1,
                        1,
                        Optional.empty(),
                        false);
        return new RouterSettings(
                instances,
                List.of(),
                List.of(script),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO,
                false,
                false);
    }

    private static InstanceSettings v3(String name, int id, int priority, Duration interval) {
        return new SettingsMaker(
                        name, VrrpVersion.V3, id, priority, "10.99.0." + (200 + id) + "/24")
                .every(interval)
                .make();
    }

    private static InstanceSettings v2(String name, int id, String password, Duration interval) {
        SettingsMaker maker =
                new SettingsMaker(name, VrrpVersion.V2, id, 90, "10.99.0." + (200 + id) + "/24")
                        .every(interval);
        return password.isEmpty()
                ? maker.make()
                : maker.authentication(Authentication.Kind.PASS, password).make();
    }

    private static String theirs(
            String name, int version, int id, int priority, String interval, String more) {
        return "vrrp_instance "
                + name
                + " {\n  interface eth0\n  state BACKUP\n  version "
                + version
                + "\n  virtual_router_id "
                + id
                + "\n  priority "
                + priority
                + "\n  advert_int "
                + interval
                + "\n"
                + more
                + "  virtual_ipaddress {\n    10.99.0."
                + (200 + id)
                + "/24\n  }\n}\n";
    }

    private boolean theyHave(String lastPart) {
        return keepalivedHost.has("10.99.0." + lastPart);
    }

    private static InstanceState state(RunningRouter router, int index) {
        return router.router().data().get(index).state();
    }

    private static boolean allMaster(RunningRouter router) {
        return router.router().data().stream().allMatch(d -> d.state() == InstanceState.MASTER);
    }
}
