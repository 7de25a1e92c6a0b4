package io.holdfast.lab.cluster;

import io.holdfast.lab.cluster.ClusterPlan.Machine;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import java.util.stream.Collectors;

/**
 * The files that an administrator would write for a {@link ClusterPlan}; the same on every node.
 */
public final class ClusterFiles {
    private ClusterFiles() {}

    /** Two rings, unicast, authenticated and encrypted, and a witness that is on both. */
    public static String corosyncConf(ClusterPlan plan) {
        return """
        totem {
            version: 2
            cluster_name: %s
            transport: udpu
            rrp_mode: active
            secauth: on

            interface {
                ringnumber: 0
                bindnetaddr: %s
                mcastport: 5405
                ttl: 1
            }
            interface {
                ringnumber: 1
                bindnetaddr: %s
                mcastport: 5407
                ttl: 1
            }
        }

        nodelist {
        %s}

        quorum {
            provider: corosync_votequorum
            device {
                votes: 1
                model: net
                net {
                    host: %s
                }
            }
        }
        """
                .formatted(
                        plan.clusterName(),
                        network(plan.servers().getFirst().ring0().getHostAddress()),
                        network(plan.servers().getFirst().ring1().getHostAddress()),
                        plan.servers().stream()
                                .map(ClusterFiles::nodeSection)
                                .collect(Collectors.joining()),
                        plan.witness().ring0().getHostAddress()
                                + " "
                                + plan.witness().ring1().getHostAddress());
    }

    private static String nodeSection(Machine node) {
        return """
            node {
                name: %s
                nodeid: %d
                ring0_addr: %s
                ring1_addr: %s
            }
        """
                .formatted(
                        node.name(),
                        node.nodeId(),
                        node.ring0().getHostAddress(),
                        node.ring1().getHostAddress());
    }

    /** A resource for each volume, synchronous, over ring 0. */
    public static String drbdConf(ClusterPlan plan) {
        return plan.volumes().stream()
                .map(volume -> resource(plan, volume))
                .collect(Collectors.joining("\n"));
    }

    private static String resource(ClusterPlan plan, Volume volume) {
        String hosts =
                plan.servers().stream()
                        .map(node -> onSection(node, volume))
                        .collect(Collectors.joining());
        return """
        resource %s {
            protocol C;
        %s}
        """
                .formatted(volume.name(), hosts);
    }

    private static String onSection(Machine node, Volume volume) {
        return """
            on %s {
                device    %s;
                disk      %s;
                address   %s:%d;
                meta-disk internal;
            }
        """
                .formatted(
                        node.name(),
                        volume.device(),
                        volume.file(),
                        node.ring0().getHostAddress(),
                        volume.replicationPort());
    }

    /** Everything that `crm configure load` takes. It holds the CHAP secret. */
    public static String crmText(ClusterPlan plan) {
        StringBuilder text = new StringBuilder();
        plan.servers().forEach(node -> text.append("node ").append(node.name()).append('\n'));
        plan.volumes().forEach(volume -> text.append(primitives(plan, volume)));
        plan.volumes().forEach(volume -> text.append(constraints(volume)));
        return text.append(OPTIONS).toString();
    }

    private static String primitives(ClusterPlan plan, Volume volume) {
        return """

        primitive %1$s ocf:linbit:drbd \\
                params drbd_resource="%2$s" drbdconf="/etc/holdfast/drbd.conf" \\
                op monitor interval="29" role="Master" \\
                op monitor interval="31" role="Slave"
        primitive %3$s ocf:heartbeat:IPaddr2 \\
                params ip="%4$s" cidr_netmask="%5$d" nic="%6$s" \\
                op monitor interval="10s"
        primitive %7$s ocf:heartbeat:SCSTTarget \\
                params iqn="%8$s" portals="%4$s" \\
                tgtoptions="InitialR2T=No ImmediateData=Yes QueuedCommands=32 HeaderDigest=CRC32C DataDigest=CRC32C" \\
                incoming_username="%9$s" incoming_password="%10$s" \\
                op monitor interval="10s" timeout="60s"
        primitive %11$s ocf:heartbeat:SCSTLun \\
                params iqn="%8$s" device_name="%2$s" lun="0" path="%12$s" handler="vdisk_fileio" \\
                op monitor interval="10s"
        """
                .formatted(
                        volume.volumeResource(),
                        volume.name(),
                        volume.addressResource(),
                        volume.floating().getHostAddress(),
                        ClusterPlan.PREFIX_LENGTH,
                        ClusterPlan.RING1_INTERFACE,
                        volume.targetResource(),
                        volume.targetName(),
                        plan.chapUser(),
                        plan.chapSecret(),
                        volume.lunResource(),
                        volume.device());
    }

    private static String constraints(Volume volume) {
        return """

        group %1$s %2$s %3$s %4$s
        ms %5$s %6$s \\
                meta master-max="1" master-node-max="1" clone-max="2" clone-node-max="1" \\
                notify="true" target-role="Master"
        location PREFER-%7$d %5$s 50: %8$s
        colocation COLOC_ALL_%7$d inf: %1$s %5$s:Master
        order ORDER_ALL_%7$d inf: %5$s:promote %1$s:start
        """
                .formatted(
                        volume.groupResource(),
                        volume.addressResource(),
                        volume.targetResource(),
                        volume.lunResource(),
                        volume.promotableResource(),
                        volume.volumeResource(),
                        volume.number(),
                        volume.preferred());
    }

    // As the article has them: Holdfast obeys, is safe by leases all the same, and warns.
    private static final String OPTIONS =
            """

            property $id="cib-bootstrap-options" \\
                    stonith-enabled="false" \\
                    no-quorum-policy="ignore"
            rsc_defaults $id="rsc-options" \\
                    resource-stickiness="100"
            """;

    private static String network(String address) {
        return address.substring(0, address.lastIndexOf('.')) + ".0";
    }
}
