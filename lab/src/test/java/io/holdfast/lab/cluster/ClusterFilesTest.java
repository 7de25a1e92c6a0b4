package io.holdfast.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterFilesTest {
    private static final ClusterPlan PLAN = ClusterPlan.s4InSmall(64 << 20, "0123456789abcdef");

    @Test
    void bothRingsNodesAndTheWitnessAreInCorosyncConf() {
        assertThat(ClusterFiles.corosyncConf(PLAN))
                .contains(
                        "transport: udpu",
                        "rrp_mode: active",
                        "secauth: on",
                        "bindnetaddr: 10.1.0.0",
                        "bindnetaddr: 192.168.123.0",
                        "        name: server2\n        nodeid: 2\n        ring0_addr: 10.1.0.200\n"
                                + "        ring1_addr: 192.168.123.200\n",
                        "host: 10.1.0.50 192.168.123.50")
                .doesNotContain("expected_votes", "logging")
                .startsWith("totem {\n    version: 2\n");
    }

    @Test
    void everyVolumeHasAReplicaOnEachServer() {
        assertThat(ClusterFiles.drbdConf(PLAN))
                .startsWith(
                        """
                        resource VM_STORAGE_1 {
                            protocol C;
                            on server1 {
                                device    /dev/drbd0;
                                disk      /var/lib/holdfast/disks/VM_STORAGE_1.img;
                                address   10.1.0.100:7788;
                                meta-disk internal;
                            }
                            on server2 {
                        """)
                .contains("resource VM_STORAGE_2 {", "address   10.1.0.200:7789;");
    }

    @Test
    void theCrmTextHasTheArticlesResourcesAndConstraints() {
        assertThat(ClusterFiles.crmText(PLAN))
                .contains(
                        "node server1\nnode server2\n",
                        "primitive DRBD_VM_STORAGE_1 ocf:linbit:drbd \\\n",
                        "group GROUP_ISCSI_2 IP_iSCSI_2 ISCSI_TGT_VM_STORAGE_2 ISCSI_LUN_VM_STORAGE_2",
                        "location PREFER-2 MS_DRBD_VM_STORAGE_2 50: server2",
                        "colocation COLOC_ALL_1 inf: GROUP_ISCSI_1 MS_DRBD_VM_STORAGE_1:Master",
                        "order ORDER_ALL_1 inf: MS_DRBD_VM_STORAGE_1:promote GROUP_ISCSI_1:start",
                        "resource-stickiness=\"100\"");
    }

    @Test
    void thePlanDoesNotPrintItsSecret() {
        assertThat(PLAN.toString()).doesNotContain("0123456789abcdef");
    }
}
