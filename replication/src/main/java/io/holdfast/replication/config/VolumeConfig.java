package io.holdfast.replication.config;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One volume and its replicas.
 *
 * @param id volume 0 of a resource has the resource's name, volume N the name {@code resource.N}
 * @param device the name users know it by, such as {@code /dev/drbd0}
 * @param replicas sorted by node; 1 to {@link #MAX_REPLICAS}
 * @param handlers shell commands by the name of what happened; see {@link
 *     io.holdfast.replication.core.VolumeEvent}
 */
public record VolumeConfig(
        VolumeId id,
        String device,
        List<ReplicaConfig> replicas,
        NetOptions net,
        DiskOptions disk,
        SortedMap<String, String> handlers) {
    public static final int MAX_REPLICAS = 5;

    /** Without handlers. */
    public VolumeConfig(
            VolumeId id,
            String device,
            List<ReplicaConfig> replicas,
            NetOptions net,
            DiskOptions disk) {
        this(id, device, replicas, net, disk, new TreeMap<>());
    }

    public VolumeConfig {
        handlers = Collections.unmodifiableSortedMap(new TreeMap<>(handlers));
        replicas = replicas.stream().sorted(Comparator.comparing(ReplicaConfig::node)).toList();
        Set<NodeId> nodes = new HashSet<>();
        for (ReplicaConfig replica : replicas) {
            if (!nodes.add(replica.node())) {
                throw wrong(
                        id,
                        "node " + replica.node() + " is named twice",
                        "keep one \"on " + replica.node() + "\" section");
            }
        }
        if (replicas.isEmpty() || replicas.size() > MAX_REPLICAS) {
            throw wrong(
                    id,
                    "it has " + replicas.size() + " replicas",
                    "give it 1 to " + MAX_REPLICAS + " \"on\" sections");
        }
    }

    public Optional<ReplicaConfig> replicaOn(NodeId node) {
        return replicas.stream().filter(r -> r.node().equals(node)).findFirst();
    }

    /**
     * Whether the end of the volume is kept for its notes ({@link
     * io.holdfast.replication.volume.VolumeNotes}). All replicas must agree. With metadata in a
     * file of their own the whole disk may be data from before, down to its last block.
     */
    public boolean hasNotes() {
        return replicas.stream().allMatch(r -> r.metaDisk() instanceof MetaDisk.Internal);
    }

    VolumeConfig under(Path root) {
        // Under a root of its own, a node shares its machine with others: a handler may halt it.
        boolean wholeMachine = root.equals(root.getRoot());
        return new VolumeConfig(
                id,
                device,
                replicas.stream().map(r -> r.under(root)).toList(),
                net,
                disk,
                wholeMachine ? handlers : new TreeMap<>());
    }

    private static ProblemException wrong(VolumeId id, String why, String remedy) {
        return new ProblemException(
                new Problem("the volume's configuration is not usable", id.name(), why, remedy));
    }
}
