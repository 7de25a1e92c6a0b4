package io.holdfast.iscsi.tgt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.SessionParameters;
import io.holdfast.iscsi.driver.TargetStatus;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TgtConfTest {
    /** The configuration of scenario S0, as its author has it. */
    private static final String LVM =
            """
            <target iqn.2016-12.org.lr:lvm>
              backing-store /dev/sdd1
              initiator-address 192.168.0.0/16
              incominguser nfsha nfsha
            </target>
            """;

    @TempDir Path folder;

    @Test
    void theFirstStoreIsLun1WithTgtsIdentity() {
        TgtTarget target = TgtConf.parse(LVM).targets().getFirst();
        assertThat(target.iqn()).isEqualTo("iqn.2016-12.org.lr:lvm");
        assertThat(target.initiators()).containsExactly("192.168.0.0/16");
        assertThat(target.incoming()).containsExactly(new ChapAccount("nfsha", "nfsha"));
        TgtTarget.Store store = target.stores().getFirst();
        assertThat(store.lun()).isEqualTo(1);
        assertThat(store.path()).isEqualTo("/dev/sdd1");
        assertThat("3" + TgtIdentity.lun(target.tid(), store).naa())
                .isEqualTo("360000000000000000e00000000010001");
        assertThat(TgtIdentity.lun(target.tid(), store).vendor()).isEqualTo("IET");
        assertThat(TgtIdentity.lun(target.tid(), store).product()).isEqualTo("VIRTUAL-DISK");
    }

    @Test
    void storesMayBeSectionsAndTakeWhatTheTargetSays() {
        TgtConf conf =
                TgtConf.parse(
                        """
                        default-driver iscsi
                        # two targets
                        <target iqn.2001-04.com.example:a>
                            write-cache off
                            vendor_id ACME
                            <backing-store /a>
                                lun 7
                                readonly 1
                                scsi_sn 4711
                            </backing-store>
                            <backing-store /b>
                                write-cache on
                            </backing-store>
                            bs-type aio
                        </target>
                        <target iqn.2001-04.com.example:b>
                            controller_tid 9
                            backing-store /c
                            backing-store /d
                            outgoinguser us secret
                        </target>
                        """);
        assertThat(conf.targets()).hasSize(2);
        TgtTarget.Store a = conf.targets().getFirst().stores().getFirst();
        assertThat(a)
                .isEqualTo(
                        new TgtTarget.Store(
                                7,
                                "/a",
                                false,
                                true,
                                false,
                                "ACME",
                                "VIRTUAL-DISK",
                                "0001",
                                "4711"));
        assertThat(conf.targets().getFirst().stores().get(1).lun()).isEqualTo(1);
        assertThat(conf.targets().getFirst().stores().get(1).writeCache()).isTrue();
        TgtTarget b = conf.targets().get(1);
        assertThat(b.tid()).isEqualTo(9);
        assertThat(b.stores()).extracting(TgtTarget.Store::lun).containsExactly(1, 2);
        assertThat(b.outgoing()).contains(new ChapAccount("us", "secret"));
        assertThat(conf.warnings()).anySatisfy(w -> assertThat(w).contains("line 14: bs-type"));
    }

    @Test
    void filesIncludeOthersInOrder() throws Exception {
        Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(folder.resolve("conf.d/2.conf"), LVM.replace(":lvm", ":two"));
        Files.writeString(folder.resolve("conf.d/1.conf"), LVM.replace(":lvm", ":one"));
        Path main = Files.writeString(folder.resolve("targets.conf"), "include conf.d/*.conf\n");
        assertThat(TgtConf.read(main).targets())
                .extracting(TgtTarget::iqn)
                .containsExactly("iqn.2016-12.org.lr:one", "iqn.2016-12.org.lr:two");
    }

    @Test
    void aFileThatIncludesItselfEnds() throws Exception {
        Path main = Files.writeString(folder.resolve("targets.conf"), "include targets.conf\n");
        assertThatThrownBy(() -> TgtConf.read(main)).hasMessageContaining("64 files");
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        String[][] wrong = {
            {"<target lvm>\n</target>", "line 1"},
            {"<target iqn.2016-12.org.lr:lvm>", "not closed"},
            {"</target>", "closes nothing"},
            {LVM + LVM, "named twice"},
            {LVM.replace("backing-store", "backing-stor"), "line 2"},
            {LVM.replace("nfsha nfsha", "nfsha"), "line 4"},
            {LVM.replace("  backing", "  write-cache maybe\n  backing"), "neither on nor off"},
            {"frobnicate yes", "\"frobnicate\" is unknown"},
        };
        for (String[] each : wrong) {
            assertThatThrownBy(() -> TgtConf.parse(each[0]))
                    .as(each[0])
                    .hasMessageContaining(each[1]);
        }
    }

    @Test
    void damagedFilesAreReadOrRefusedButNeverACrash() {
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(LVM);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(1, 128));
            }
            try {
                assertThat(TgtConf.parse(text.toString()).targets()).isNotNull();
            } catch (ProblemException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 5_000);
    }

    @Test
    void whatIsServedIsShownAsTgtadmShowsIt() throws Exception {
        TgtTarget target = TgtConf.parse(LVM).targets().getFirst();
        TargetStatus status =
                new TargetStatus(
                        target.iqn(),
                        List.of(new InetSocketAddress("127.0.0.1", 3260)),
                        List.of("nfsha"),
                        List.of("127.0.0.0/8"),
                        List.of(
                                new TargetStatus.Lun(
                                        1,
                                        "t1-lun1",
                                        64 << 20,
                                        TgtIdentity.lun(1, target.stores().getFirst()),
                                        0,
                                        0,
                                        0,
                                        0)),
                        List.of(
                                new TargetStatus.Session(
                                        "iqn.2010-11.libiscsi:iscsi-perf",
                                        new InetSocketAddress("127.0.0.1", 50_000),
                                        new InetSocketAddress("127.0.0.1", 3260),
                                        1,
                                        6,
                                        parameters(),
                                        0)));
        // As tgt 1.0.85 printed it for the same target and a session of iscsi-perf.
        String expected =
                """
                Target 1: iqn.2016-12.org.lr:lvm
                    System information:
                        Driver: iscsi
                        State: ready
                    I_T nexus information:
                        I_T nexus: 6
                            Initiator: iqn.2010-11.libiscsi:iscsi-perf alias: none
                            Connection: 0
                                IP Address: 127.0.0.1
                    LUN information:
                        LUN: 0
                            Type: controller
                            SCSI ID: IET     00010000
                            SCSI SN: beaf10
                            Size: 0 MB, Block size: 1
                            Online: Yes
                            Removable media: No
                            Prevent removal: No
                            Readonly: No
                            SWP: No
                            Thin-provisioning: No
                            Backing store type: null
                            Backing store path: None
                            Backing store flags:\s
                        LUN: 1
                            Type: disk
                            SCSI ID: IET     00010001
                            SCSI SN: beaf11
                            Size: 67 MB, Block size: 512
                            Online: Yes
                            Removable media: No
                            Prevent removal: No
                            Readonly: No
                            SWP: No
                            Thin-provisioning: No
                            Backing store type: rdwr
                            Backing store path: /dev/sdd1
                            Backing store flags:\s
                    Account information:
                        nfsha
                    ACL information:
                        127.0.0.0/8
                """;
        assertThat(TgtadmText.of(List.of(status), name -> "/dev/sdd1")).isEqualTo(expected);
    }

    private static SessionParameters parameters() {
        return SessionParameters.protocolDefaults();
    }
}
