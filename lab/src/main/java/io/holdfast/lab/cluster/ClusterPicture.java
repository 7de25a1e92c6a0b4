package io.holdfast.lab.cluster;

import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.Active;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers to the questions that the lab has about a {@link ClusterStatus}. */
public record ClusterPicture(ClusterStatus status) {

    /** Where a primitive runs; empty when nowhere. */
    public Optional<String> nodeOf(String primitive) {
        return primitives(status.resources())
                .filter(p -> p.id().equals(primitive))
                .flatMap(p -> p.active().stream())
                .map(a -> a.node().name())
                .findFirst();
    }

    /** Where a whole group runs: all members started, on one node. */
    public Optional<String> nodeOfGroup(String group) {
        return status.resources().stream()
                .filter(ResourceStatus.Group.class::isInstance)
                .map(ResourceStatus.Group.class::cast)
                .filter(g -> g.id().equals(group))
                .findFirst()
                .flatMap(ClusterPicture::commonNode);
    }

    /** Where an instance of a promotable clone is promoted. */
    public Optional<String> promotedNode(String clone) {
        return instances(clone)
                .filter(a -> a.role() == ActiveRole.PROMOTED)
                .map(a -> a.node().name())
                .findFirst();
    }

    /** Where instances of a promotable clone run without being promoted. */
    public List<String> unpromotedNodes(String clone) {
        return instances(clone)
                .filter(a -> a.role() == ActiveRole.UNPROMOTED)
                .map(a -> a.node().name())
                .sorted()
                .toList();
    }

    public List<String> members() {
        return status.view().members().stream().map(NodeId::name).sorted().toList();
    }

    public Optional<VolumeStatus> volume(String name) {
        return status.volumes().stream().filter(v -> v.volume().name().equals(name)).findFirst();
    }

    private Stream<Active> instances(String clone) {
        return status.resources().stream()
                .filter(ResourceStatus.Clone.class::isInstance)
                .map(ResourceStatus.Clone.class::cast)
                .filter(c -> c.id().equals(clone))
                .flatMap(c -> primitives(c.instances()))
                .flatMap(p -> p.active().stream());
    }

    private static Optional<String> commonNode(ResourceStatus.Group group) {
        List<List<String>> nodes =
                primitives(group.members())
                        .map(p -> p.active().stream().map(a -> a.node().name()).toList())
                        .distinct()
                        .toList();
        return nodes.size() == 1 && nodes.getFirst().size() == 1
                ? Optional.of(nodes.getFirst().getFirst())
                : Optional.empty();
    }

    private static Stream<ResourceStatus.Primitive> primitives(List<ResourceStatus> resources) {
        return resources.stream()
                .flatMap(
                        resource ->
                                switch (resource) {
                                    case ResourceStatus.Primitive p -> Stream.of(p);
                                    case ResourceStatus.Group g -> primitives(g.members());
                                    case ResourceStatus.Clone c -> primitives(c.instances());
                                });
    }
}
