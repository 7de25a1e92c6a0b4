package io.holdfast.lab.cluster;

import java.net.InetAddress;
import java.util.List;

/**
 * A cluster of two servers, a witness and a client on two networks, serving volumes to the client.
 *
 * @param servers the nodes; each has a replica of every volume
 * @param chapUser who may log in to the targets
 * @param chapSecret made anew for each lab; never printed
 */
public record ClusterPlan(
        String clusterName,
        List<Machine> servers,
        Machine witness,
        Machine client,
        List<Volume> volumes,
        String chapUser,
        String chapSecret) {
    /** Ring 0: replication and heartbeats, a network of the servers' own. */
    public static final String RING0_INTERFACE = "ring0";

    /** Ring 1: heartbeats too, and what the client sees. */
    public static final String RING1_INTERFACE = "ring1";

    public static final int PREFIX_LENGTH = 24;
    private static final String RING0_PREFIX = "10.1.0.";
    private static final String RING1_PREFIX = "192.168.123.";

    public ClusterPlan {
        servers = List.copyOf(servers);
        volumes = List.copyOf(volumes);
    }

    /**
     * A machine and its last byte in both networks.
     *
     * @param nodeId corosync's number of a node, 0 for a machine that is none
     */
    public record Machine(String name, int nodeId, int lastByte) {
        public InetAddress ring0() {
            return InetAddress.ofLiteral(RING0_PREFIX + lastByte);
        }

        public InetAddress ring1() {
            return InetAddress.ofLiteral(RING1_PREFIX + lastByte);
        }
    }

    /**
     * A replicated volume, its target and its floating address.
     *
     * @param number counted from 1, part of the resources' names
     * @param preferred the name of the server it lives on when nothing is wrong
     */
    public record Volume(
            String name, int number, long fileBytes, InetAddress floating, String preferred) {
        public String device() {
            return "/dev/drbd" + (number - 1);
        }

        public int replicationPort() {
            return 7787 + number;
        }

        /** Its backing file, as the configuration names it. */
        public String file() {
            return "/var/lib/holdfast/disks/" + name + ".img";
        }

        public String targetName() {
            return "iqn.2026-01.io.holdfast:" + name;
        }

        public String addressResource() {
            return "IP_iSCSI_" + number;
        }

        public String targetResource() {
            return "ISCSI_TGT_" + name;
        }

        public String lunResource() {
            return "ISCSI_LUN_" + name;
        }

        public String groupResource() {
            return "GROUP_ISCSI_" + number;
        }

        public String volumeResource() {
            return "DRBD_" + name;
        }

        public String promotableResource() {
            return "MS_" + volumeResource();
        }
    }

    /**
     * Scenario s4 in small: its names, its two rings and its two volumes, one address a group.
     *
     * @param volumeBytes the size of each backing file
     */
    public static ClusterPlan s4InSmall(long volumeBytes, String chapSecret) {
        Machine server1 = new Machine("server1", 1, 100);
        Machine server2 = new Machine("server2", 2, 200);
        return new ClusterPlan(
                "holdfast-lab",
                List.of(server1, server2),
                new Machine("witness", 0, 50),
                new Machine("client", 0, 10),
                List.of(
                        volume(1, volumeBytes, 31, server1.name()),
                        volume(2, volumeBytes, 32, server2.name())),
                "esxi",
                chapSecret);
    }

    private static Volume volume(int number, long bytes, int lastByte, String preferred) {
        return new Volume(
                "VM_STORAGE_" + number,
                number,
                bytes,
                InetAddress.ofLiteral(RING1_PREFIX + lastByte),
                preferred);
    }

    @Override
    public String toString() {
        return "ClusterPlan[" + clusterName + "]"; // the record's own would print the secret
    }
}
