package io.holdfast.vrrp.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.config.text.Severity;
import io.holdfast.vrrp.core.InstanceSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files as how-to articles publish them: with blanks of a web page, a group of one, a weight in it,
 * remarks of another language. Each loads, and each oddity is told with what Keepalived does.
 */
class ArticlesTest {
    private static final String[] GLUSTER =
            Stream.of(
                            "! Configuration File for keepalived",
                            "",
                            "global_defs {",
                            "   notification_email {",
                            "       [email\u00a0protected]",
                            "   }",
                            "   notification_email_from [email\u00a0protected]",
                            "   smtp_server 127.0.0.1",
                            "   smtp_connect_timeout 30",
                            "   router_id STORAGE_MASTER",
                            "   vrrp_skip_check_adv_addr",
                            "}",
                            "vrrp_sync_group STORAGE_GROUP {",
                            "    group {",
                            "        STORAGE_1",
                            "    }",
                            "}",
                            "vrrp_script check_bricks {",
                            "    script \"/etc/keepalived/scripts/check_bricks.sh\"",
                            "    interval 5",
                            "    fall 3",
                            "    rise 1",
                            "    weight 20",
                            "}",
                            "vrrp_instance STORAGE_1 {",
                            "    state BACKUP",
                            "    interface ens34",
                            "    virtual_router_id 107",
                            "    priority 100",
                            "    advert_int 2",
                            "    nopreempt",
                            "    authentication {",
                            "        auth_type PASS",
                            "        auth_pass 11112222",
                            "    }",
                            "    virtual_ipaddress {",
                            "        172.16.10.220/24 dev ens34",
                            "    }",
                            "    track_script {",
                            "        check_bricks",
                            "    }",
                            "    track_interface {",
                            "        ens34",
                            "    }",
                            "    notify_master \"/etc/keepalived/scripts/notify.sh master\"",
                            "    notify_fault  \"/etc/keepalived/scripts/notify.sh fault\"",
                            "}")
                    .map(line -> line.replace("   ", "\u00a0\u00a0\u00a0"))
                    .toArray(String[]::new);

    private static final String[] DRBD_BACKUP = {
        "! Configuration File for keepalived",
        "global_defs {",
        "  notification_email { root@localhost }",
        "  notification_email_from keepalived@localhost",
        "  smtp_server 127.0.0.1",
        "  router_id STORAGE_BACKUP",
        "}",
        "vrrp_instance VI_1 {",
        "  state BACKUP",
        "  interface eth0",
        "  virtual_router_id 51",
        "  priority 90",
        "  advert_int 1",
        "  authentication {",
        "    auth_type PASS",
        "    auth_pass 1111",
        "  }",
        "  notify_master /etc/keepalived/notify_master.sh //\u5f53\u6b64\u673a\u5668",
        "  notify_backup /etc/keepalived/notify_backup.sh //\u5f53\u6b64\u673a\u5668",
        "  virtual_ipaddress {",
        "    192.168.1.200",
        "  }",
        "}"
    };

    @Test
    void aFileFullOfNoBreakSpacesRunsAsItsAuthorMeant() {
        KeepalivedConf conf = MemoryFiles.of(GLUSTER).load();
        KeepalivedSettings settings = conf.settings().orElseThrow();
        InstanceSettings instance = settings.router().instances().getFirst();
        assertThat(instance.priority()).isEqualTo(100);
        assertThat(instance.advertInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(instance.preemption().allowed()).isFalse();
        assertThat(instance.authentication().password()).isEqualTo("11112222");
        assertThat(instance.advertRules().skipAddressCheck()).isTrue();
        assertThat(instance.addresses().getFirst().interfaceName()).contains("ens34");
        // The group has one member, so its weight counts (Keepalived 1.3; 2.x drops it).
        assertThat(instance.tracking().scripts().getFirst().weight()).isEqualTo(20);
        assertThat(settings.router().scripts().getFirst().fall()).isEqualTo(3);
        assertThat(settings.instances().get("STORAGE_1").master().orElseThrow().command())
                .containsExactly("/etc/keepalived/scripts/notify.sh", "master");
        assertThat(settings.global().mail().to()).isEmpty();
    }

    @Test
    void itsOdditiesAreToldWithWhatKeepalivedWouldHaveDone() {
        KeepalivedConf conf = MemoryFiles.of(GLUSTER).load();
        assertThat(conf.findings()).allMatch(f -> f.severity() == Severity.WARNING);
        List<String> told = conf.findings().stream().map(f -> f.problem().message()).toList();
        assertThat(told)
                .anyMatch(t -> t.contains("no-break spaces") && t.contains("nothing configured"))
                .anyMatch(t -> t.contains("only one member") && t.contains("check_bricks (20)"))
                .anyMatch(t -> t.contains("its own interface ens34"))
                .anyMatch(t -> t.contains("no mail address"))
                .anyMatch(t -> t.contains("clear text"));
    }

    @Test
    void remarksAfterNotifyScriptsDoNotCostTheScripts() {
        KeepalivedConf conf = MemoryFiles.of(DRBD_BACKUP).load();
        NotifySettings notify = conf.settings().orElseThrow().instances().get("VI_1");
        assertThat(notify.master().orElseThrow().command())
                .containsExactly("/etc/keepalived/notify_master.sh");
        assertThat(notify.backup().orElseThrow().user()).isEmpty();
        assertThat(conf.findings())
                .filteredOn(f -> f.problem().why().contains("drops the script"))
                .hasSize(2);
        assertThat(conf.settings().orElseThrow().global().mail().to())
                .containsExactly("root@localhost");
    }
}
