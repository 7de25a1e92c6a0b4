package io.holdfast.scheduler.unpack;

import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Resource.MultipleActive;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.placement.Scores;

/** Remembers where resources are active, and what follows from being active in several places. */
final class ActiveResources {
    private ActiveResources() {}

    static void add(Resource resource, Node node, boolean failed) {
        if (resource.active.contains(node)) {
            return;
        }
        resource.active.add(node);
        if (resource.isPrimitive()) {
            node.running.add((io.holdfast.scheduler.model.Primitive) resource);
            addPriority(resource, node, failed);
            if (node.maintenance) {
                resource.managed = false;
                resource.maintenance = true;
            }
        }
        if (!resource.managed) {
            Scores.add(resource, node, Score.INFINITY, "it runs here and is unmanaged");
            for (Resource at = resource.parent; at != null; at = at.parent) {
                at.active.add(node);
            }
            return;
        }
        if (isMultiplyActive(resource)) {
            if (resource.multipleActive == MultipleActive.STOP_ONLY) {
                Scores.banEverywhere(resource, "it is active on several nodes (multiple-active)");
            } else if (resource.multipleActive == MultipleActive.BLOCK) {
                block(resource);
            }
        }
        if (resource.parent != null) {
            add(resource.parent, node, false);
        }
    }

    private static boolean isMultiplyActive(Resource resource) {
        return resource.isPrimitive()
                && (resource.needsFencing ? resource.activeCount() : resource.cleanActiveCount())
                        > 1;
    }

    private static void block(Resource resource) {
        resource.managed = false;
        resource.blocked = true;
        Resource parent = resource.parent;
        if ((parent instanceof Group || parent instanceof Bundle)
                && parent.multipleActive == MultipleActive.BLOCK) {
            for (Resource sibling : parent.children) {
                sibling.managed = false;
                sibling.blocked = true;
            }
        }
    }

    private static void addPriority(Resource resource, Node node, boolean failed) {
        if (resource.priority == 0 || failed) {
            return;
        }
        int more = resource.priority + (resource.role == Role.PROMOTED ? 1 : 0);
        node.priority += more;
        if (node.isGuest()) {
            for (Node host : node.guestResource().active) {
                host.priority += more;
            }
        }
    }
}
