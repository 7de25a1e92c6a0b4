package io.holdfast.cli;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ClusterStatus.NodeState;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.util.List;

/** A cluster like the article's, small: two servers, two volumes, one group each. */
public final class S4 {
    public static final NodeId SERVER1 = new NodeId("server1");
    public static final NodeId SERVER2 = new NodeId("server2");

    private S4() {}

    /** Everything in its place: each server has its own volume. */
    public static ClusterStatus healthy() {
        return status(
                List.of(node(SERVER1, NodeState.ONLINE), node(SERVER2, NodeState.ONLINE)),
                true,
                List.of(
                        volumeSet(1, SERVER1, SERVER2),
                        volumeSet(2, SERVER2, SERVER1),
                        group(1, SERVER1),
                        group(2, SERVER2)),
                List.of(),
                List.of(
                        volume(
                                1,
                                VolumeStatus.Role.PRIMARY,
                                equalPeer(VolumeStatus.Role.SECONDARY))),
                List.of(
                        new Problem(
                                "stonith-enabled is false",
                                "property stonith-enabled",
                                "a node that hangs cannot be switched off",
                                "keep the witness, or configure fencing")));
    }

    /** Server1 died; everything moved; it is back and resyncs; one operation failed. */
    public static ClusterStatus recovering() {
        ResourceStatus.Primitive failed =
                new ResourceStatus.Primitive(
                        "IP_iSCSI_1_1",
                        "ocf:heartbeat:IPaddr2",
                        List.of(new ResourceStatus.Active(SERVER2, ActiveRole.STARTED)),
                        false,
                        true,
                        true,
                        false,
                        null);
        return status(
                List.of(node(SERVER1, NodeState.UNCLEAN), node(SERVER2, NodeState.ONLINE)),
                false,
                List.of(new ResourceStatus.Group("GROUP_ISCSI_1", List.of(failed, stopped("LUN")))),
                List.of(
                        new ClusterStatus.FailedOperation(
                                "IP_iSCSI_1_1",
                                "monitor",
                                10_000,
                                SERVER2,
                                7,
                                "not running",
                                "complete",
                                "address gone",
                                12,
                                0,
                                3)),
                List.of(
                        volume(
                                1,
                                VolumeStatus.Role.PRIMARY,
                                new VolumeStatus.Peer(
                                        SERVER1,
                                        VolumeStatus.Connection.CONNECTED,
                                        VolumeStatus.Role.SECONDARY,
                                        VolumeStatus.Disk.INCONSISTENT,
                                        VolumeStatus.Replication.SYNC_SOURCE,
                                        62.5,
                                        3 << 20)),
                        volume(
                                2,
                                VolumeStatus.Role.SECONDARY,
                                new VolumeStatus.Peer(
                                        SERVER1,
                                        VolumeStatus.Connection.CONNECTING,
                                        VolumeStatus.Role.UNKNOWN,
                                        VolumeStatus.Disk.UNKNOWN,
                                        VolumeStatus.Replication.OFF,
                                        100,
                                        0))),
                List.of());
    }

    public static VolumeStatus volume(
            int number, VolumeStatus.Role role, VolumeStatus.Peer... peers) {
        return new VolumeStatus(
                new VolumeId("VM_STORAGE_" + number),
                "/dev/drbd" + (number - 1),
                true,
                role,
                VolumeStatus.Disk.UP_TO_DATE,
                "C",
                new Epoch(4),
                8 << 20,
                false,
                List.of(peers),
                VolumeStatus.Counters.NONE,
                null);
    }

    public static VolumeStatus.Peer equalPeer(VolumeStatus.Role role) {
        return new VolumeStatus.Peer(
                SERVER2,
                VolumeStatus.Connection.CONNECTED,
                role,
                VolumeStatus.Disk.UP_TO_DATE,
                VolumeStatus.Replication.ESTABLISHED,
                100,
                0);
    }

    private static ClusterStatus status(
            List<ClusterStatus.Node> nodes,
            boolean quorate,
            List<ResourceStatus> resources,
            List<ClusterStatus.FailedOperation> failures,
            List<VolumeStatus> volumes,
            List<Problem> warnings) {
        return new ClusterStatus(
                "demo",
                SERVER1,
                new ClusterStatus.View(
                        new Term(7),
                        List.of(SERVER1, SERVER2),
                        quorate ? SERVER1 : null,
                        quorate,
                        3,
                        quorate ? 3 : 1,
                        2),
                new ClusterStatus.Witness(new NodeId("witness"), quorate),
                List.of(
                        new ClusterStatus.Link(0, SERVER2, "10.1.0.100", "10.1.0.200", true),
                        new ClusterStatus.Link(1, SERVER2, null, "192.168.123.200", quorate)),
                quorate ? 430 : 0,
                nodes,
                resources,
                failures,
                volumes,
                List.of(),
                warnings,
                "0.5.0",
                new LogPosition(new Term(7), 17),
                new ClusterStatus.LastChange(0, SERVER1, "crm"));
    }

    private static ClusterStatus.Node node(NodeId name, NodeState state) {
        return new ClusterStatus.Node(name, 1, state, false, false);
    }

    private static ResourceStatus volumeSet(int number, NodeId promoted, NodeId other) {
        String id = "DRBD_VM_STORAGE_" + number;
        return new ResourceStatus.Clone(
                "MS_" + id,
                id,
                true,
                false,
                true,
                List.of(
                        primitive(id, "ocf:linbit:drbd", promoted, ActiveRole.PROMOTED),
                        primitive(id, "ocf:linbit:drbd", other, ActiveRole.UNPROMOTED)));
    }

    private static ResourceStatus group(int number, NodeId node) {
        return new ResourceStatus.Group(
                "GROUP_ISCSI_" + number,
                List.of(
                        primitive(
                                "IP_iSCSI_" + number + "_1",
                                "ocf:heartbeat:IPaddr2",
                                node,
                                ActiveRole.STARTED),
                        primitive(
                                "ISCSI_TGT_" + number,
                                "ocf:heartbeat:SCSTTarget",
                                node,
                                ActiveRole.STARTED)));
    }

    private static ResourceStatus.Primitive primitive(
            String id, String agent, NodeId node, ActiveRole role) {
        return new ResourceStatus.Primitive(
                id,
                agent,
                List.of(new ResourceStatus.Active(node, role)),
                true,
                false,
                false,
                false,
                null);
    }

    private static ResourceStatus.Primitive stopped(String id) {
        return new ResourceStatus.Primitive(
                id, "ocf:heartbeat:SCSTLun", List.of(), true, false, false, true, "Starting");
    }
}
