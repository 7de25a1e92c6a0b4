package io.holdfast.replication.config;

import io.holdfast.base.NodeId;
import java.nio.file.Path;
import java.util.List;

/**
 * A volume's replica on one node: drbd.conf's {@code on} section.
 *
 * @param disk the backing file or block device
 * @param metaDisk where its metadata lies
 * @param endpoints where it listens, best path first; empty only for a volume without peers
 */
public record ReplicaConfig(NodeId node, Path disk, MetaDisk metaDisk, List<Endpoint> endpoints) {
    public ReplicaConfig {
        endpoints = List.copyOf(endpoints);
    }

    ReplicaConfig under(Path root) {
        MetaDisk moved =
                switch (metaDisk) {
                    case MetaDisk.Internal internal -> internal;
                    case MetaDisk.External(Path path) ->
                            new MetaDisk.External(underRoot(root, path));
                };
        return new ReplicaConfig(node, underRoot(root, disk), moved, endpoints);
    }

    private static Path underRoot(Path root, Path path) {
        return path.isAbsolute() ? root.resolve(path.getRoot().relativize(path)) : path;
    }
}
