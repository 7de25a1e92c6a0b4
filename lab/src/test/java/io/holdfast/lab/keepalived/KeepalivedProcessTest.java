package io.holdfast.lab.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.keepalived.KeepalivedNode.Ended;
import io.holdfast.lab.world.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real process in a namespace: start, signals, reload, stop, files, exit codes. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class KeepalivedProcessTest {
    private KeepalivedNode node;

    @BeforeEach
    void switchOn() throws IOException {
        node = KeepalivedNode.create();
    }

    @AfterEach
    void switchOff() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void itTakesTheAddressAnswersSignalsAndLeavesNothingBehind() throws Exception {
        node.configure(KeepalivedNode.instance());
        HostProcess process = node.start();
        node.awaitText("log", "BACKUP -> MASTER");
        assertThat(node.addresses()).contains("192.0.2.100/24");

        node.signal(10);
        node.awaitText("tmp/keepalived.data", "VRRP Instance = VI_1");
        node.signal(12);
        node.awaitText("tmp/keepalived.stats", "Became master: 1");
        node.signal(36);
        node.awaitText("tmp/keepalived.json", "\"iname\":\"VI_1\"");
        node.signal(63);
        node.awaitText("log", "keepalived.stats");
        assertThat(node.run("status").output()).contains("VI_1: MASTER");
        assertThat(node.run("status", "--metrics").output())
                .contains("keepalived_vrrp_state{iname=\"VI_1\"");

        node.signal(15);
        assertThat(process.waitFor(KeepalivedNode.PATIENCE_MILLIS)).isTrue();
        assertThat(process.exitCode()).isZero();
        assertThat(node.addresses()).doesNotContain("192.0.2.100");
        assertThat(node.root().resolve("run/keepalived.pid")).doesNotExist();
        assertThat(node.root().resolve("run/keepalived.sock")).doesNotExist();
    }

    /**
     * Failed once: the address was not seen within 20 s; to be explained before it judges again.
     */
    @Test
    @Tag("nightly")
    void aReloadKeepsTheAddressThatStaysAndRefusesWhatCannotRun() throws Exception {
        node.configure(KeepalivedNode.instance());
        HostProcess _ = node.start();
        node.awaitText("log", "BACKUP -> MASTER");
        HostProcess watch = node.shell("exec ip monitor address dev eth0 > monitor");

        node.configure(
                KeepalivedNode.instance("virtual_ipaddress_excluded {", "192.0.2.101/24", "}"));
        node.signal(1);
        node.awaitText("monitor", "192.0.2.101");
        node.write("etc/keepalived/keepalived.conf", "vrrp_instance {{{ broken");
        node.signal(1);
        node.awaitText("log", "everything stays as it was");
        assertThat(node.addresses()).contains("192.0.2.100/24", "192.0.2.101/24");
        assertThat(node.read("monitor")).doesNotContain("192.0.2.100");
        assertThat(node.read("log")).doesNotContain("MASTER -> ");
        boolean _ = watch.signal(15);
    }

    @Test
    void inTheBackgroundTheExitCodeTellsWhetherItCameUp() throws Exception {
        node.configure("this is no configuration");
        Ended refused = node.run("-G");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.output()).contains("nothing is configured");
        assertThat(node.root().resolve("run/keepalived.pid")).doesNotExist();

        node.configure(KeepalivedNode.instance());
        Ended up = node.run("-G", "-g", node.root().resolve("file.log").toString());
        assertThat(up.code()).as(up.output()).isZero();
        node.awaitText("file.log", "up: 1 instances");
        Ended second = node.run("-G");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.output()).contains("it is running already");
        node.signal(15);
        node.awaitGone("run/keepalived.pid");
    }

    @Test
    void aStalePidFileIsRecognisedEvenWhenItsNumberLives() throws Exception {
        node.configure(KeepalivedNode.instance());
        node.write("run/keepalived.pid", "1\n");
        node.write("run/keepalived_vrrp.pid", "999999\n");
        HostProcess killed = node.start();
        node.awaitText("log", "BACKUP -> MASTER");
        boolean _ = killed.signal(9);
        assertThat(killed.waitFor(KeepalivedNode.PATIENCE_MILLIS)).isTrue();
        assertThat(node.root().resolve("run/keepalived.pid")).exists();
        Files.delete(node.root().resolve("log"));

        HostProcess process = node.start();
        node.awaitText("log", "BACKUP -> MASTER");
        node.signal(15);
        assertThat(process.waitFor(KeepalivedNode.PATIENCE_MILLIS)).isTrue();
        assertThat(process.exitCode()).isZero();
    }

    @Test
    void notifyScriptsRunOneAfterTheOtherWithTheirArguments() throws Exception {
        Path slow =
                node.script(
                        "slow",
                        "echo begin $* $(id -u) >> $0.out",
                        "env | sort | tr '\\n' ' ' > $0.env",
                        "sleep 0.4",
                        "echo end $* >> $0.out");
        node.configure(
                KeepalivedNode.instance(
                        "notify_backup \"" + slow + " 'as backup' b\"",
                        "notify_master \"" + slow + " m\"",
                        "notify \"" + slow + " n\""));
        HostProcess process = node.start("-D");
        node.awaitText("log", "BACKUP -> MASTER");
        node.awaitText("slow.out", "end n INSTANCE VI_1 MASTER 100");
        node.signal(15);
        assertThat(process.waitFor(KeepalivedNode.PATIENCE_MILLIS)).isTrue();
        // The end of the process waits for its last script.
        assertThat(node.read("slow.out").lines())
                .containsExactly(
                        "begin as backup b 0",
                        "end as backup b",
                        "begin n INSTANCE VI_1 BACKUP 100 0",
                        "end n INSTANCE VI_1 BACKUP 100",
                        "begin m 0",
                        "end m",
                        "begin n INSTANCE VI_1 MASTER 100 0",
                        "end n INSTANCE VI_1 MASTER 100",
                        "begin n INSTANCE VI_1 STOP 100 0",
                        "end n INSTANCE VI_1 STOP 100");
        assertThat(node.read("slow.env")).contains("USER=root").doesNotContain("HOLDFAST", "JAVA");
    }

    @Test
    void trackedScriptsAreWatchedByTheirUserAndEndedInTime() throws Exception {
        Path check = node.script("check", "id -un > $0.user 2>/dev/null", "test ! -e $0.bad");
        Path hang = node.script("hang", "echo $$ >> $0.pids", "exec sleep 1000");
        node.write("check.user", "");
        node.write("hang.pids", "");
        Object _ = node.shell("chmod 666 check.user hang.pids; chmod 755 . ..").readAll();
        node.configure(
                """
                vrrp_script check {
                    script "%s"
                    interval 0.2
                    fall 2
                    user nobody
                }
                vrrp_script hang {
                    script "%s"
                    interval 0.3
                    timeout 0.3
                    weight 20
                }
                """
                                .formatted(check, hang)
                        + KeepalivedNode.instance("track_script {", "check", "hang", "}"));
        HostProcess _ = node.start();
        node.awaitText("log", "BACKUP -> MASTER");
        node.awaitText("check.user", "nobody");
        node.awaitText("log", "script hang is down");
        node.write("check.bad", "");
        node.awaitText("log", "MASTER -> FAULT");
        assertThat(node.addresses()).doesNotContain("192.0.2.100");
        Files.delete(node.root().resolve("check.bad"));
        node.awaitText("log", "FAULT -> BACKUP");
        assertThat(node.shell("sleep 0.5; pgrep -c sleep").readAll().strip())
                .as("hanging scripts that were not ended")
                .matches("[012]");
    }

    @Test
    void thePipeHearsEveryChangeInOrder() throws Exception {
        Path fifo = node.root().resolve("run/vrrp.fifo");
        Path reader = node.script("reader", "exec cat \"$1\" > $0.out");
        node.configure(
                "global_defs {\nvrrp_notify_fifo "
                        + fifo
                        + "\nvrrp_notify_fifo_script "
                        + reader
                        + "\nvrrp_notify_priority_changes true\n}\n"
                        + KeepalivedNode.instance());
        HostProcess process = node.start();
        node.awaitText("reader.out", "INSTANCE \"VI_1\" MASTER 100\n");
        node.signal(15);
        assertThat(process.waitFor(KeepalivedNode.PATIENCE_MILLIS)).isTrue();
        assertThat(node.read("reader.out"))
                .startsWith("INSTANCE \"VI_1\" BACKUP 100\nINSTANCE \"VI_1\" MASTER 100\n");
    }

    @Test
    void configTestTellsEverythingAndSignumItsNumbers() throws Exception {
        node.configure(KeepalivedNode.instance("priority 300", "bogus"));
        Ended bad = node.run("-t");
        assertThat(bad.code()).isEqualTo(5);
        assertThat(bad.output())
                .contains("keepalived.conf:10: error", "keepalived.conf:11: error", "to mend");
        node.configure(KeepalivedNode.instance());
        assertThat(node.run("--config-test").code()).isZero();
        node.configure(KeepalivedNode.instance("notify /bin/true"));
        assertThat(node.run("-t").code()).isEqualTo(6);
        assertThat(node.run("--signum=JSON").output()).isEqualTo("36\n");
        assertThat(node.run("--no-such-option").code()).isEqualTo(1);
        assertThat(node.run("-v").code()).isZero();
    }
}
