package io.holdfast.daemon.keepalived.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.text.ConfigFiles;
import io.holdfast.vrrp.config.text.Preprocessor;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.VrrpEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What events mean to scripts, pipes and people: the table of {@link NotifyPlan}. */
class NotifyPlanTest {
    private static final KeepalivedSettings SETTINGS =
            settings(
                    """
                    global_defs {
                        router_id north
                        smtp_server 127.0.0.1
                        notification_email { a@example.net }
                        no_email_faults
                    }
                    vrrp_sync_group G {
                        group { A B }
                        notify_master "/bin/group up"
                        notify /bin/any
                    }
                    vrrp_instance A {
                        interface eth0
                        virtual_router_id 1
                        virtual_ipaddress { 192.0.2.9 }
                        notify_master "/bin/m 'x y'"
                        notify_backup /bin/b
                        notify_fault /bin/f
                        notify_stop /bin/s
                        notify_master_rx_lower_pri /bin/lower
                        notify "/bin/any first"
                        notify_priority_changes on
                        smtp_alert on
                    }
                    vrrp_instance B {
                        interface eth0
                        virtual_router_id 2
                        virtual_ipaddress { 192.0.2.8 }
                        notify_deleted /bin/gone
                        notify_fault /bin/f
                    }
                    """);

    private static KeepalivedSettings settings(String text) {
        ConfigFiles file =
                new ConfigFiles() {
                    @Override
                    public byte[] read(Path path) {
                        return text.getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public List<String> list(Path directory) {
                        return List.of();
                    }

                    @Override
                    public boolean exists(Path path) {
                        return true;
                    }
                };
        return KeepalivedConf.load(
                        file,
                        Path.of("conf"),
                        new Preprocessor.Context("n", name -> null, 1, false),
                        "n")
                .settings()
                .orElseThrow();
    }

    private static Optional<Notice> of(VrrpEvent event) {
        return new NotifyPlan(SETTINGS).of(event);
    }

    private static Notice changed(String instance, InstanceState to) {
        return of(new VrrpEvent.InstanceChanged(
                        instance, InstanceState.INITIALIZE, to, 90, "because"))
                .orElseThrow();
    }

    private static List<List<String>> commands(Notice notice) {
        return notice.scripts().stream().map(ScriptCommand::command).toList();
    }

    @Test
    void theStatesOwnScriptRunsBeforeTheGeneralOneWithItsFourArguments() {
        assertThat(commands(changed("A", InstanceState.MASTER)))
                .containsExactly(
                        List.of("/bin/m", "x y"),
                        List.of("/bin/any", "first", "INSTANCE", "A", "MASTER", "90"));
        assertThat(commands(changed("A", InstanceState.FAULT)).getFirst())
                .containsExactly("/bin/f");
    }

    @Test
    void stoppingIsToldAsStop() {
        Notice notice = changed("A", InstanceState.STOPPED);
        assertThat(commands(notice).getFirst()).containsExactly("/bin/s");
        assertThat(notice.fifoLine()).contains("INSTANCE \"A\" STOP 90");
        assertThat(notice.mail()).isEmpty();
    }

    @Test
    void thePipeHearsOfAnInstanceWithoutScripts() {
        Notice notice = changed("B", InstanceState.BACKUP);
        assertThat(notice.scripts()).isEmpty();
        assertThat(notice.fifoLine()).contains("INSTANCE \"B\" BACKUP 90");
    }

    @Test
    void aGroupIsToldWithPriorityZeroAsKeepalivedDoes() {
        Notice notice =
                of(new VrrpEvent.GroupChanged(
                                "G", InstanceState.BACKUP, InstanceState.MASTER, 100, "because"))
                        .orElseThrow();
        assertThat(notice.fifoLine()).contains("GROUP \"G\" MASTER 0");
        assertThat(commands(notice))
                .containsExactly(
                        List.of("/bin/group", "up"),
                        List.of("/bin/any", "GROUP", "G", "MASTER", "0"));
    }

    @Test
    void aDeletedInstanceIsToldAsFaultUnlessItAskedOtherwise() {
        assertThat(of(new VrrpEvent.InstanceDeleted("A", 90)).orElseThrow().fifoLine())
                .contains("INSTANCE \"A\" FAULT 90");
        Notice gone = of(new VrrpEvent.InstanceDeleted("B", 90)).orElseThrow();
        assertThat(gone.fifoLine()).contains("INSTANCE \"B\" DELETED 90");
        assertThat(commands(gone)).containsExactly(List.of("/bin/gone"));
    }

    @Test
    void aMasterThatHearsALowerOneIsToldByItsOwnName() {
        Notice notice =
                of(new VrrpEvent.LowerPriorityHeard("A", IpAddress.literal("192.0.2.7"), 50, 90))
                        .orElseThrow();
        assertThat(notice.fifoLine()).contains("INSTANCE \"A\" MASTER_RX_LOWER_PRI 90");
        assertThat(commands(notice)).containsExactly(List.of("/bin/lower"));
    }

    @Test
    void changesOfPriorityAreLinesOnlyAndOnlyWhenAskedFor() {
        assertThat(
                        of(new VrrpEvent.PriorityChanged(
                                        "A", InstanceState.MASTER, 90, 70, "because"))
                                .orElseThrow()
                                .fifoLine())
                .contains("INSTANCE \"A\" MASTER_PRIORITY 70");
        assertThat(of(new VrrpEvent.PriorityChanged("B", InstanceState.BACKUP, 90, 70, "because")))
                .isEmpty();
    }

    @Test
    void mailsAreSentWhenAskedForAndNotOfFaultsWhenNot() {
        assertThat(changed("A", InstanceState.MASTER).mail().orElseThrow().subject())
                .isEqualTo("[north] VRRP Instance A - Entering MASTER state");
        assertThat(changed("A", InstanceState.FAULT).mail()).isEmpty();
        assertThat(changed("B", InstanceState.MASTER).mail()).isEmpty();
    }
}
