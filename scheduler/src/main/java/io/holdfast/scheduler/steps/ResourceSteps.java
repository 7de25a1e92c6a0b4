package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Group;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;

/** Makes the actions of resources of every kind. */
public final class ResourceSteps {
    private ResourceSteps() {}

    public static void create(Resource resource) {
        switch (resource) {
            case Primitive primitive -> PrimitiveSteps.create(primitive);
            case Group group -> group(group);
            case Clone clone -> CloneSteps.create(clone);
            case Bundle bundle -> BundleSteps.create(bundle);
        }
    }

    private static void group(Group group) {
        group.children.forEach(ResourceSteps::create);
        orderingPoint(group, Tasks.START);
        orderingPoint(group, Tasks.RUNNING);
        orderingPoint(group, Tasks.STOP);
        orderingPoint(group, Tasks.STOPPED);
        if (Values.isTrue(group.meta.get("promotable"))) {
            orderingPoint(group, Tasks.DEMOTE);
            orderingPoint(group, Tasks.DEMOTED);
            orderingPoint(group, Tasks.PROMOTE);
            orderingPoint(group, Tasks.PROMOTED);
        }
    }

    private static void orderingPoint(Group group, String task) {
        Actions.pseudo(group, task, true, true);
    }
}
