package io.holdfast.cli.view;

import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.ResourceStatus.ActiveRole;
import io.holdfast.base.NodeId;
import java.util.List;
import java.util.stream.Stream;

/** Questions about resources that several views ask. */
final class ResourceTree {
    private ResourceTree() {}

    /** Every primitive in it, instances of clones one by one. */
    static Stream<ResourceStatus.Primitive> primitives(ResourceStatus resource) {
        return switch (resource) {
            case ResourceStatus.Primitive primitive -> Stream.of(primitive);
            case ResourceStatus.Group group ->
                    group.members().stream().flatMap(ResourceTree::primitives);
            case ResourceStatus.Clone clone ->
                    clone.instances().stream().flatMap(ResourceTree::primitives);
        };
    }

    /**
     * Where a clone has instances in a role; an instance that is a group counts by its first
     * member.
     */
    static List<NodeId> nodesIn(ResourceStatus.Clone clone, ActiveRole role) {
        return clone.instances().stream()
                .flatMap(instance -> primitives(instance).limit(1))
                .flatMap(primitive -> primitive.active().stream())
                .filter(active -> active.role() == role)
                .map(ResourceStatus.Active::node)
                .sorted()
                .distinct()
                .toList();
    }
}
