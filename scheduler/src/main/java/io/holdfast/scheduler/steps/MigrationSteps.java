package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.ordering.Orderings;
import org.jspecify.annotations.Nullable;

/** Live migration: the agent moves a resource without a stop in between. */
final class MigrationSteps {
    private MigrationSteps() {}

    static boolean canMigrate(Primitive resource, @Nullable Node current) {
        return resource.migratable
                && resource.managed
                && !resource.failed
                && !resource.startPending
                && current != null
                && !current.unclean
                && resource.assigned != null
                && !resource.assigned.node.unclean;
    }

    static void create(Primitive resource, Node current, Node next) {
        Action start = Actions.start(resource, next, true);
        Action stop = Actions.stop(resource, current, true);
        boolean begun = resource.partialMigrationTarget != null;
        Action away = begun ? null : Actions.of(resource, Tasks.MIGRATE_TO, current, true);
        Action here = Actions.of(resource, Tasks.MIGRATE_FROM, next, true);
        start.set(Action.MIGRATABLE | Action.PSEUDO);
        stop.set(Action.MIGRATABLE);
        here.set(Action.MIGRATABLE);
        if (away != null) {
            away.set(Action.MIGRATABLE);
            away.requires = start.requires;
            order(resource, Tasks.MONITOR, Tasks.MIGRATE_TO, Relation.ORDERED);
            order(
                    resource,
                    Tasks.MIGRATE_TO,
                    Tasks.MIGRATE_FROM,
                    Relation.ORDERED | Relation.UNMIGRATABLE_THEN_BLOCKS);
        } else {
            here.requires = start.requires;
            order(resource, Tasks.MONITOR, Tasks.MIGRATE_FROM, Relation.ORDERED);
        }
        order(
                resource,
                Tasks.MIGRATE_FROM,
                Tasks.STOP,
                Relation.ORDERED | Relation.UNMIGRATABLE_THEN_BLOCKS);
        order(
                resource,
                Tasks.MIGRATE_FROM,
                Tasks.START,
                Relation.ORDERED
                        | Relation.UNMIGRATABLE_THEN_BLOCKS
                        | Relation.UNMIGRATABLE_FIRST_BLOCKS);
        if (away != null) {
            addNodes(away, current, next);
            if (!resource.remoteConnection) {
                away.meta.put("record-pending", "true");
            }
        }
        addNodes(here, current, next);
    }

    private static void addNodes(Action action, Node source, Node target) {
        action.meta.put("migrate_source", source.name);
        action.meta.put("migrate_target", target.name);
    }

    private static void order(Primitive resource, String first, String then, int relation) {
        Orderings.tasks(resource, first, resource, then, relation);
    }
}
