package io.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.message.VolumeStatus;
import io.holdfast.cli.Paint;
import io.holdfast.cli.S4;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole pages, as they are read. */
class ViewsTest {
    private static final ZonedDateTime NOW =
            Instant.parse("2026-11-21T03:04:05Z").atZone(ZoneOffset.UTC);

    @Test
    void statusOfAHealthyCluster() {
        assertThat(text(StatusView.lines(S4.healthy(), Paint.PLAIN)))
                .isEqualTo(
                        """
                        demo: quorate, 3 of 3 votes (2 needed), term 7, coordinator server1
                        as server1 sees it; configuration 0.5.0; lease 430 ms

                        Nodes
                          server1  online
                          server2  online
                          witness  up (witness)

                        Rings
                          ring 0  server2  10.1.0.200       up
                          ring 1  server2  192.168.123.200  up

                        Volumes
                          VM_STORAGE_1  Primary  UpToDate  epoch 4  8 MiB  server2 Secondary UpToDate

                        Resources
                          MS_DRBD_VM_STORAGE_1  promotable clone          Promoted: server1  Unpromoted: server2
                          MS_DRBD_VM_STORAGE_2  promotable clone          Promoted: server2  Unpromoted: server1
                          GROUP_ISCSI_1         group
                            IP_iSCSI_1_1        ocf:heartbeat:IPaddr2     Started server1
                            ISCSI_TGT_1         ocf:heartbeat:SCSTTarget  Started server1
                          GROUP_ISCSI_2         group
                            IP_iSCSI_2_1        ocf:heartbeat:IPaddr2     Started server2
                            ISCSI_TGT_2         ocf:heartbeat:SCSTTarget  Started server2

                        Warnings
                          property stonith-enabled: stonith-enabled is false
                            a node that hangs cannot be switched off. To mend it: keep the witness, or configure fencing.
                        """);
    }

    @Test
    void statusOfAClusterInTrouble() {
        assertThat(text(StatusView.lines(S4.recovering(), Paint.PLAIN)))
                .isEqualTo(
                        """
                        demo: NOT QUORATE: nothing is started or promoted here, 1 of 3 votes (2 needed), term 7, coordinator none
                        as server1 sees it; configuration 0.5.0; no lease: it may not act

                        Nodes
                          server1  UNCLEAN (what ran there may still run)
                          server2  online
                          witness  DOWN (witness)

                        Rings
                          ring 0  server2  10.1.0.200       up
                          ring 1  server2  192.168.123.200  DOWN

                        Volumes
                          VM_STORAGE_1  Primary    UpToDate  epoch 4  8 MiB  server1 Secondary Inconsistent SyncSource 62.5 %
                          VM_STORAGE_2  Secondary  UpToDate  epoch 4  8 MiB  server1 Connecting

                        Resources
                          GROUP_ISCSI_1   group
                            IP_iSCSI_1_1  ocf:heartbeat:IPaddr2  Started server2 FAILED (blocked) (unmanaged)
                            LUN           ocf:heartbeat:SCSTLun  Stopped (disabled) (Starting)

                        Failed operations
                          IP_iSCSI_1_1 monitor on server2: not running (7): address gone
                          mended? holdfast crm resource cleanup RESOURCE lets the cluster try again
                        """);
    }

    @Test
    void coloursAddNothingButColour() {
        String coloured = text(StatusView.lines(S4.recovering(), Paint.COLOURED));
        assertThat(coloured).contains("\033[1;31mFAILED\033[0m");
        assertThat(coloured.replaceAll("\033\\[[0-9;]*m", ""))
                .isEqualTo(text(StatusView.lines(S4.recovering(), Paint.PLAIN)));
    }

    @Test
    void crmMonOfAHealthyCluster() {
        assertThat(text(CrmMonView.lines(S4.healthy(), NOW)))
                .isEqualTo(
                        """
                        Cluster Summary:
                          * Stack: holdfast
                          * Current DC: server1 - partition with quorum
                          * Last updated: Sat Nov 21 03:04:05 2026
                          * Last change:  Thu Jan 1 00:00:00 1970 by crm on server1
                          * 2 nodes configured
                          * 8 resource instances configured

                        Node List:
                          * Online: [ server1 server2 ]

                        Full List of Resources:
                          * Clone Set: MS_DRBD_VM_STORAGE_1 [DRBD_VM_STORAGE_1] (promotable):
                            * Promoted: [ server1 ]
                            * Unpromoted: [ server2 ]
                          * Clone Set: MS_DRBD_VM_STORAGE_2 [DRBD_VM_STORAGE_2] (promotable):
                            * Promoted: [ server2 ]
                            * Unpromoted: [ server1 ]
                          * Resource Group: GROUP_ISCSI_1:
                            * IP_iSCSI_1_1	(ocf:heartbeat:IPaddr2):	 Started server1
                            * ISCSI_TGT_1	(ocf:heartbeat:SCSTTarget):	 Started server1
                          * Resource Group: GROUP_ISCSI_2:
                            * IP_iSCSI_2_1	(ocf:heartbeat:IPaddr2):	 Started server2
                            * ISCSI_TGT_2	(ocf:heartbeat:SCSTTarget):	 Started server2
                        """);
    }

    @Test
    void crmMonOfAClusterInTrouble() {
        assertThat(text(CrmMonView.lines(S4.recovering(), NOW)))
                .contains("Current DC: NONE - partition WITHOUT quorum")
                .contains(
                        """
                        Node List:
                          * Node server1: UNCLEAN (offline)
                          * Online: [ server2 ]
                        """)
                .contains(
                        "IP_iSCSI_1_1\t(ocf:heartbeat:IPaddr2):\t FAILED server2 (blocked, unmanaged)\n")
                .contains("LUN\t(ocf:heartbeat:SCSTLun):\t Starting (disabled)\n")
                .contains(
                        "* IP_iSCSI_1_1 10000ms-interval monitor on server2 'not running' (7): call=12,"
                                + " status='complete', exitreason='address gone'");
    }

    @Test
    void ringsAndVotesAsCorosyncsToolsPrintThem() {
        assertThat(text(CorosyncView.rings(S4.recovering())))
                .isEqualTo(
                        """
                        Local node ID server1, transport holdfast
                        LINK ID 0 udp
                        \taddr\t= 10.1.0.100
                        \tstatus:
                        \t\tnodeid: server1:\tlocalhost
                        \t\tnodeid: server2:\tconnected
                        LINK ID 1 udp
                        \tstatus:
                        \t\tnodeid: server1:\tlocalhost
                        \t\tnodeid: server2:\tdisconnected
                        """);
        assertThat(text(CorosyncView.quorum(S4.healthy())))
                .contains("Quorate:          Yes\n")
                .contains("Expected votes:   3\n")
                .contains("Flags:            Quorate Qdevice \n")
                .contains("   server1          1 server1 (local)\n")
                .contains("   witness          1 witness (Qdevice)\n");
        assertThat(text(CorosyncView.quorum(S4.recovering())))
                .contains("Quorum:           2 Activity blocked\n");
    }

    @Test
    void volumesAsDrbdadmPrintsThem() {
        VolumeStatus equal = S4.healthy().volumes().getFirst();
        assertThat(text(DrbdView.status(equal)))
                .isEqualTo(
                        """
                        VM_STORAGE_1 role:Primary
                          disk:UpToDate
                          server2 role:Secondary
                            peer-disk:UpToDate
                        """);
        assertThat(DrbdView.role(equal)).isEqualTo("Primary/Secondary");
        assertThat(DrbdView.dstate(equal)).isEqualTo("UpToDate/UpToDate");
        assertThat(DrbdView.cstate(equal)).isEqualTo("Connected");
        VolumeStatus source = S4.recovering().volumes().getFirst();
        assertThat(text(DrbdView.status(source)))
                .endsWith("    replication:SyncSource peer-disk:Inconsistent done:62.50\n");
        assertThat(DrbdView.cstate(source)).isEqualTo("SyncSource");
        VolumeStatus alone = S4.recovering().volumes().getLast();
        assertThat(text(DrbdView.status(alone))).endsWith("  server1 connection:Connecting\n");
        assertThat(DrbdView.dstate(alone)).isEqualTo("UpToDate/DUnknown");
    }

    @Test
    void sizesHaveAUnit() {
        assertThat(StatusView.size(512)).isEqualTo("512 B");
        assertThat(StatusView.size(1536)).isEqualTo("1.5 KiB");
        assertThat(StatusView.size(8L << 40)).isEqualTo("8 TiB");
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
