package io.holdfast.vrrp.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.GroupSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.ProcessSettings;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRoute;
import io.holdfast.vrrp.core.VirtualRule;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What keywords come to. */
class SettingsTest {
    private static KeepalivedSettings clean(String... lines) {
        KeepalivedConf conf = MemoryFiles.of(lines).load();
        assertThat(conf.findings()).isEmpty();
        return conf.settings().orElseThrow();
    }

    @Test
    void everyKeywordOfAnInstanceIsRead() {
        KeepalivedSettings settings =
                clean(
                        "vrrp_instance A {",
                        "state BACKUP",
                        "interface eth0",
                        "virtual_router_id 7",
                        "priority 150",
                        "version 3",
                        "advert_int 0.25",
                        "use_vmac v7 02:00:00:00:01",
                        "vmac_xmit_base",
                        "dont_track_primary",
                        "track_src_ip",
                        "unicast_src_ip 10.0.0.2",
                        "unicast_ttl 254",
                        "unicast_peer {",
                        "10.0.0.3 min_ttl 250 max_ttl 254",
                        "10.0.0.4",
                        "}",
                        "unicast_fault_no_peer",
                        "old_unicast_checksum never",
                        "v3_checksum_as_v2",
                        "garp_master_delay 10",
                        "garp_master_repeat 2",
                        "garp_master_refresh 60",
                        "garp_master_refresh_repeat 3",
                        "garp_extra_if all 100",
                        "down_timer_adverts 4",
                        "lower_prio_no_advert",
                        "higher_prio_send_advert on",
                        "preempt_delay 4.5",
                        "skip_check_adv_addr yes",
                        "strict_mode off",
                        "accept",
                        "promote_secondaries",
                        "kernel_rx_buf_size 65536",
                        "linkbeat_use_polling",
                        "debug 2",
                        "smtp_alert on",
                        "notify_priority_changes yes",
                        "notify_deleted",
                        "notify_master_rx_lower_pri \"/bin/x y\" root wheel",
                        "virtual_ipaddress {",
                        "10.0.0.100/24 brd + dev eth1 scope link label eth1:1 no_track",
                        "}",
                        "virtual_ipaddress_excluded {",
                        "fe80::100/64 home mngtmpaddr noprefixroute nodad",
                        "2001:db8::1",
                        "}",
                        "}");
        InstanceSettings i = settings.router().instances().getFirst();
        assertThat(i.version()).isEqualTo(VrrpVersion.V3);
        assertThat(i.advertInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(i.virtualMac().orElseThrow().interfaceName()).isEqualTo("v7");
        assertThat(i.virtualMac().orElseThrow().macAddress()).contains(0x0200_0000_0107L);
        assertThat(i.trackPrimary()).isFalse();
        assertThat(i.transport().unicastPeers()).hasSize(2);
        assertThat(i.transport().unicastPeers().getFirst().lowestTtl()).isEqualTo(250);
        assertThat(i.transport().checkUnicastSource()).isTrue();
        assertThat(i.transport().pseudoHeader()).isFalse();
        assertThat(i.transport().unicastTtl()).hasValue(254);
        assertThat(i.announcements().repeat()).isEqualTo(2);
        assertThat(i.announcements().lowerPriorityRepeat()).isEqualTo(2);
        assertThat(i.announcements().refresh()).isEqualTo(Duration.ofSeconds(60));
        assertThat(i.announcements().extraInterfaces()).hasSize(1);
        assertThat(i.advertRules().downTimerAdverts()).isEqualTo(4);
        assertThat(i.advertRules().answerLowerPriority()).isFalse();
        assertThat(i.preemption().delay()).isEqualTo(Duration.ofMillis(4500));
        VirtualAddress address = i.addresses().getFirst();
        assertThat(address.broadcast().orElseThrow().toString()).isEqualTo("10.0.0.255");
        assertThat(address.scope()).isEqualTo(253);
        assertThat(address.label()).contains("eth1:1");
        assertThat(address.tracked()).isFalse();
        assertThat(i.excludedAddresses().get(1).preferredLifetime()).contains(Duration.ZERO);
        NotifySettings notify = settings.instances().get("A");
        assertThat(notify.mail()).isTrue();
        assertThat(notify.tellsDeletion()).isTrue();
        assertThat(notify.masterHearsLower().orElseThrow().user().orElseThrow().toString())
                .isEqualTo("root:wheel");
    }

    @Test
    void globalDefaultsHoldForInstancesThatStandBeforeThem() {
        InstanceSettings i =
                clean(
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 7",
                                "virtual_ipaddress { 10.0.0.1 }",
                                "}",
                                "global_defs {",
                                "vrrp_version 3",
                                "vrrp_garp_master_repeat 3",
                                "vrrp_garp_interval 0.001",
                                "vrrp_mcast_group4 224.0.0.19",
                                "vrrp_strict",
                                "}")
                        .router()
                        .instances()
                        .getFirst();
        assertThat(i.version()).isEqualTo(VrrpVersion.V3);
        assertThat(i.announcements().repeat()).isEqualTo(3);
        assertThat(i.announcements().arpInterval()).isEqualTo(Duration.ofMillis(1));
        assertThat(i.transport().multicastGroup().toString()).isEqualTo("224.0.0.19");
        assertThat(i.advertRules().strict()).isTrue();
        assertThat(i.advertRules().accept()).isFalse();
    }

    @Test
    void trackersMayBeDefinedAfterTheirUseAndWeighDifferentlyThere() {
        RouterSettings router =
                clean(
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 7",
                                "virtual_ipaddress { 10.0.0.1 }",
                                "track_script {",
                                "s",
                                "t weight -30 reverse",
                                "}",
                                "track_file { f weight 2 }",
                                "track_process { p }",
                                "track_interface { eth1 weight 10 }",
                                "}",
                                "vrrp_script s {",
                                "script \"/bin/x 'a b'\"",
                                "interval 0.5",
                                "timeout 3",
                                "weight 20",
                                "rise 2",
                                "fall 4",
                                "user nobody nogroup",
                                "init_fail",
                                "}",
                                "vrrp_script t { script /bin/t",
                                "}",
                                "track_file f {",
                                "file \"/run/f\"",
                                "init_file 5 overwrite",
                                "}",
                                "vrrp_track_process p {",
                                "process nginx -g",
                                "param_match initial",
                                "quorum 2",
                                "quorum_max 5",
                                "delay 0.5",
                                "weight 254",
                                "}")
                        .router();
        InstanceSettings i = router.instances().getFirst();
        assertThat(i.tracking().scripts())
                .containsExactly(new Tracked("s", 20, false), new Tracked("t", -30, true));
        assertThat(i.tracking().files()).containsExactly(new Tracked("f", 2, false));
        assertThat(i.tracking().interfaces()).containsExactly(new Tracked("eth1", 10, false));
        assertThat(router.scripts().getFirst().command()).containsExactly("/bin/x", "a b");
        assertThat(router.scripts().getFirst().interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(router.scripts().getFirst().user()).contains("nobody:nogroup");
        assertThat(router.scripts().get(1).timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(router.files().getFirst().initialValue()).hasValue(5);
        ProcessSettings p = router.processes().getFirst();
        assertThat(p.match()).isEqualTo(ProcessSettings.Match.INITIAL);
        assertThat(p.quorumMax()).isEqualTo(5);
        assertThat(p.terminateDelay()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void routesAndRulesAreReadAsIproute2Does() {
        RouterSettings router =
                MemoryFiles.of(
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 7",
                                "virtual_ipaddress { 10.0.0.1 }",
                                "virtual_routes {",
                                "src 10.0.0.1 to 10.9.0.0/16 via 10.0.0.254 dev eth1 metric 5",
                                "10.8.0.0/16 via 10.0.0.2 or 10.0.0.3 dev eth1",
                                "blackhole 10.7.0.0/16",
                                "0.0.0.0/0 gw 10.0.0.9 table 100",
                                "default via 10.0.0.9",
                                "10.6.0.0/16 table 6 nexthop via 10.0.0.1 dev e weight 2 nexthop"
                                        + " via 10.0.0.2 onlink",
                                "10.5.0.0/16 dev eth1 scope link mtu lock 1000 no_track",
                                "}",
                                "virtual_rules {",
                                "from 10.2.0.0/16 table 1 preference 40",
                                "to 10.2.0.0/16 fwmark 24/12 goto 40 priority 41",
                                "from fd00::/8 blackhole pref 42",
                                "iif eth0 ip_proto udp table main pref 43",
                                "}",
                                "}",
                                "static_ipaddress { 10.99.0.1/24 }",
                                "static_routes { 10.98.0.0/16 dev eth0 }",
                                "static_rules { from 10.0.0.0/8 lookup 5 }")
                        .load()
                        .settings()
                        .orElseThrow()
                        .router();
        InstanceSettings i = router.instances().getFirst();
        assertThat(i.routes()).hasSize(7);
        assertThat(i.routes().get(0).source()).isPresent();
        assertThat(i.routes().get(0).priority()).hasValue(5);
        assertThat(i.routes().get(1).nextHops()).hasSize(2);
        assertThat(i.routes().get(2).kind()).isEqualTo(VirtualRoute.Kind.BLACKHOLE);
        assertThat(i.routes().get(3).table()).isEqualTo(100);
        assertThat(i.routes().get(4).prefixLength()).isZero();
        assertThat(i.routes().get(5).nextHops().getFirst().weight()).isEqualTo(2);
        assertThat(i.routes().get(6).metrics().getFirst().locked()).isTrue();
        assertThat(i.rules()).hasSize(4);
        assertThat(i.rules().get(1).action()).isEqualTo(new VirtualRule.Action.GoTo(40));
        assertThat(i.rules().get(1).markMask()).hasValue(12);
        assertThat(i.rules().get(3).ipProtocol()).hasValue(17);
        assertThat(router.staticAddresses().getFirst().interfaceName()).contains("eth0");
        assertThat(router.staticRoutes()).hasSize(1);
        assertThat(router.staticRules().getFirst().priority()).hasValue(16384);
    }

    @Test
    void globalSettingsOfProcessScriptsAndMailAreRead() {
        GlobalSettings g =
                clean(
                                "instance north",
                                "use_pid_dir",
                                "global_defs {",
                                "notification_email {",
                                "a@example.net b@example.net",
                                "c@example.net",
                                "}",
                                "notification_email_from k@example.net",
                                "smtp_server mail.example.net 2525",
                                "smtp_helo_name n1.example.net",
                                "smtp_alert",
                                "no_email_faults",
                                "router_id n1",
                                "script_user scripts web",
                                "enable_script_security",
                                "vrrp_notify_fifo /run/vrrp.fifo root adm",
                                "vrrp_notify_fifo_script \"/bin/reader -v\"",
                                "notify_fifo /run/all.fifo",
                                "startup_script \"/bin/up now\"",
                                "startup_script_timeout 5",
                                "vrrp_rt_priority 20",
                                "vrrp_priority -5",
                                "umask IWGRP|IWOTH",
                                "vrrp_startup_delay 5.5",
                                "dynamic_interfaces allow_if_changes",
                                "reload_time_file /etc/keepalived/when",
                                "reload_file",
                                "state_dump_file /run/k.data",
                                "}",
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 7",
                                "virtual_ipaddress { 10.0.0.1 }",
                                "}")
                        .global();
        assertThat(g.mail().to()).hasSize(3);
        assertThat(g.mail().port()).isEqualTo(2525);
        assertThat(g.mail().faults()).isFalse();
        assertThat(g.scriptUser()).contains(new ScriptUser("scripts", Optional.of("web")));
        assertThat(g.scriptSecurity()).isTrue();
        assertThat(g.vrrpFifo().orElseThrow().script().orElseThrow().command())
                .containsExactly("/bin/reader", "-v");
        assertThat(g.allFifo().orElseThrow().script()).isEmpty();
        assertThat(g.startupScript().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(g.realtimePriority()).hasValue(20);
        assertThat(g.nice()).hasValue(-5);
        assertThat(g.umask()).hasValue(0022);
        assertThat(g.files().instance()).contains("north");
        assertThat(g.files().useRunDirectory()).isTrue();
        assertThat(g.reload().lockFile()).contains("");
        assertThat(g.files().dataFile()).contains("/run/k.data");
    }

    @Test
    void membersOfAGroupAreItsMembersInTheOrderOfTheFile() {
        GroupSettings group =
                MemoryFiles.of(
                                "$I= \\",
                                "vrrp_instance ${N} { \\",
                                "interface eth0 \\",
                                "virtual_router_id ${V} \\",
                                "virtual_ipaddress { 10.0.0.${V} } \\",
                                "}",
                                "vrrp_sync_group G {",
                                "group {",
                                "B",
                                "A",
                                "}",
                                "}",
                                "~LST({N,V}, {A,1}, {B,2}) $I")
                        .load()
                        .settings()
                        .orElseThrow()
                        .router()
                        .groups()
                        .getFirst();
        assertThat(group.members()).isEqualTo(List.of("B", "A"));
    }
}
