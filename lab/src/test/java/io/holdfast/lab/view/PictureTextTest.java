package io.holdfast.lab.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.Active;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.lab.cluster.ClusterPicture;
import io.holdfast.lab.cluster.ClusterPlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PictureTextTest {
    private static final NodeId SERVER1 = new NodeId("server1");
    private static final NodeId SERVER2 = new NodeId("server2");
    private static final ClusterPlan PLAN = ClusterPlan.s4InSmall(1 << 20, "secret");

    @Test
    void aReturningServerIsSeenSyncing() {
        List<String> lines =
                new PictureText(Paint.PLAIN)
                        .lines(
                                PLAN,
                                Map.of(
                                        "server1",
                                        picture(SERVER1, VolumeStatus.Role.PRIMARY),
                                        "server2",
                                        picture(SERVER2, VolumeStatus.Role.SECONDARY)),
                                Set.of("server1", "server2", "witness", "client"));
        assertThat(lines.get(0)).contains("server1 online", "server2 online", "witness up");
        assertThat(lines.get(1)).contains("server1, server2", "term 7", "3 of 3", "quorate");
        assertThat(lines.get(2)).contains("0 to server2 up", "1 to server2 down");
        assertThat(lines.get(3))
                .contains("VM_STORAGE_1", "Primary UpToDate", "Secondary Inconsistent")
                .contains("██████░░░░ 62 %");
        assertThat(lines.get(5)).contains("GROUP_ISCSI_1", "server1", "192.168.123.31");
        assertThat(lines.get(6)).contains("GROUP_ISCSI_2", "stopped");
    }

    @Test
    void aServerWithoutPowerIsToldFromOneThatStarts() {
        List<String> lines =
                new PictureText(Paint.PLAIN)
                        .lines(PLAN, Map.of(), Set.of("server2", "witness", "client"));
        assertThat(lines.get(0)).contains("server1 no power", "server2 starting");
        assertThat(lines.get(1)).contains("nobody answers");
    }

    private static ClusterPicture picture(NodeId self, VolumeStatus.Role role) {
        boolean primary = role == VolumeStatus.Role.PRIMARY;
        NodeId peer = primary ? SERVER2 : SERVER1;
        VolumeStatus volume =
                new VolumeStatus(
                        new VolumeId("VM_STORAGE_1"),
                        "/dev/drbd0",
                        true,
                        role,
                        primary ? VolumeStatus.Disk.UP_TO_DATE : VolumeStatus.Disk.INCONSISTENT,
                        "C",
                        Epoch.NONE,
                        1 << 20,
                        false,
                        List.of(
                                new VolumeStatus.Peer(
                                        peer,
                                        VolumeStatus.Connection.CONNECTED,
                                        VolumeStatus.Role.SECONDARY,
                                        VolumeStatus.Disk.INCONSISTENT,
                                        primary
                                                ? VolumeStatus.Replication.SYNC_SOURCE
                                                : VolumeStatus.Replication.SYNC_TARGET,
                                        62.4,
                                        4096)),
                        VolumeStatus.Counters.NONE,
                        null);
        return new ClusterPicture(
                new ClusterStatus(
                        "holdfast-lab",
                        self,
                        new ClusterStatus.View(
                                new Term(7), List.of(SERVER1, SERVER2), SERVER1, true, 3, 3, 2),
                        new ClusterStatus.Witness(new NodeId("witness"), true),
                        List.of(
                                new ClusterStatus.Link(0, peer, "10.1.0.1", "10.1.0.2", true),
                                new ClusterStatus.Link(1, peer, "192.0.2.1", "192.0.2.2", false)),
                        400,
                        List.of(),
                        List.of(group()),
                        List.of(),
                        List.of(volume),
                        List.of(),
                        List.of(),
                        "0.1.0",
                        LogPosition.NONE,
                        null));
    }

    private static ResourceStatus group() {
        return new ResourceStatus.Group(
                "GROUP_ISCSI_1", List.of(started("IP_iSCSI_1"), started("ISCSI_TGT_VM_STORAGE_1")));
    }

    private static ResourceStatus started(String id) {
        return new ResourceStatus.Primitive(
                id,
                "ocf:heartbeat:Dummy",
                List.of(new Active(SERVER1, ActiveRole.STARTED)),
                true,
                false,
                false,
                false,
                null);
    }
}
