package io.holdfast.daemon.storaged;

import io.holdfast.membership.MembershipConfig;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets replication use every ring: after the address that drbd.conf gives come the node's other
 * ring addresses, with the same port. So a cut ring costs a reconnection, not a replica.
 */
final class ReplicationPaths {
    private ReplicationPaths() {}

    static ReplicationConfig withEveryRing(ReplicationConfig config, MembershipConfig cluster) {
        return new ReplicationConfig(
                config.volumes().stream().map(v -> withEveryRing(v, cluster)).toList(),
                config.warnings());
    }

    private static VolumeConfig withEveryRing(VolumeConfig volume, MembershipConfig cluster) {
        return new VolumeConfig(
                volume.id(),
                volume.device(),
                volume.replicas().stream().map(r -> withEveryRing(r, cluster)).toList(),
                volume.net(),
                volume.disk(),
                volume.handlers());
    }

    private static ReplicaConfig withEveryRing(ReplicaConfig replica, MembershipConfig cluster) {
        Optional<MembershipConfig.Node> node = cluster.node(replica.node());
        if (node.isEmpty() || replica.endpoints().isEmpty()) {
            return replica;
        }
        List<Endpoint> endpoints = new ArrayList<>(replica.endpoints());
        int port = replica.endpoints().getFirst().port();
        for (InetSocketAddress ring : node.get().addresses().values()) {
            Endpoint endpoint = new Endpoint(ring.getAddress().getHostAddress(), port);
            if (!endpoints.contains(endpoint)) {
                endpoints.add(endpoint);
            }
        }
        return new ReplicaConfig(replica.node(), replica.disk(), replica.metaDisk(), endpoints);
    }
}
