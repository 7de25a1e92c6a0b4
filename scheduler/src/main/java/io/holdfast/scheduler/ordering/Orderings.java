package io.holdfast.scheduler.ordering;

import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Ordering;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import org.jspecify.annotations.Nullable;

/**
 * Writes down orderings between actions that may not exist yet, and what migration makes of them.
 */
public final class Orderings {
    private Orderings() {}

    /** Orders a task of one resource before a task of another. */
    public static void tasks(
            Resource first, String firstTask, Resource then, String thenTask, int relation) {
        add(first, first.key(firstTask), null, then, then.key(thenTask), null, relation);
    }

    public static void starts(Resource first, Resource then, int relation) {
        tasks(first, Tasks.START, then, Tasks.START, relation);
    }

    public static void stops(Resource first, Resource then, int relation) {
        tasks(first, Tasks.STOP, then, Tasks.STOP, relation);
    }

    /** Orders an action before a task of a resource. */
    public static void actionThenTask(Action first, Resource then, String thenTask, int relation) {
        add(first.resource, null, first, then, then.key(thenTask), null, relation);
    }

    /** Orders a task of a resource before an action. */
    public static void taskThenAction(Resource first, String firstTask, Action then, int relation) {
        add(first, first.key(firstTask), null, then.resource, null, then, relation);
    }

    public static void add(
            @Nullable Resource firstResource,
            @Nullable String firstKey,
            @Nullable Action firstAction,
            @Nullable Resource thenResource,
            @Nullable String thenKey,
            @Nullable Action thenAction,
            int relation) {
        Resource first =
                firstResource == null && firstAction != null ? firstAction.resource : firstResource;
        Resource then =
                thenResource == null && thenAction != null ? thenAction.resource : thenResource;
        Cluster cluster = first != null ? first.cluster : then == null ? null : then.cluster;
        if (cluster == null) {
            throw new IllegalArgumentException("an ordering needs a resource on one side");
        }
        Ordering ordering =
                new Ordering(
                        cluster.orderings.size() + 1,
                        relation,
                        first,
                        firstKey == null && firstAction != null ? firstAction.key : firstKey,
                        firstAction,
                        then,
                        thenKey == null && thenAction != null ? thenAction.key : thenKey,
                        thenAction);
        cluster.orderings.add(ordering);
        addMigrationEquivalents(ordering);
    }

    /** What is ordered by starts and stops has to hold for live migrations too. */
    private static void addMigrationEquivalents(Ordering ordering) {
        Resource first = ordering.firstResource();
        Resource then = ordering.thenResource();
        if (first == null
                || then == null
                || first == then
                || first.isInside(then)
                || then.isInside(first)
                || !(first.migratable || then.migratable)) {
            return;
        }
        String firstTask = task(ordering.firstAction(), ordering.firstKey());
        String thenTask = task(ordering.thenAction(), ordering.thenKey());
        int unlessMigrating =
                Relation.ORDERED | (first.migratable ? Relation.IF_FIRST_UNMIGRATABLE : 0);
        if (firstTask.equals(Tasks.START) && thenTask.equals(Tasks.START)) {
            if (first.migratable && then.migratable) {
                tasks(first, Tasks.MIGRATE_FROM, then, Tasks.MIGRATE_TO, Relation.ORDERED);
            }
            if (then.migratable) {
                tasks(first, Tasks.START, then, Tasks.MIGRATE_TO, unlessMigrating);
            }
        } else if (!then.migratable) {
            return;
        } else if (firstTask.equals(Tasks.STOP) && thenTask.equals(Tasks.STOP)) {
            tasks(first, Tasks.STOP, then, Tasks.MIGRATE_TO, unlessMigrating);
            if (then.partialMigrationTarget != null) {
                tasks(first, Tasks.STOP, then, Tasks.MIGRATE_FROM, unlessMigrating);
            }
        } else if (firstTask.equals(Tasks.PROMOTE) && thenTask.equals(Tasks.START)) {
            tasks(first, Tasks.PROMOTE, then, Tasks.MIGRATE_TO, Relation.ORDERED);
        } else if (firstTask.equals(Tasks.DEMOTE) && thenTask.equals(Tasks.STOP)) {
            tasks(first, Tasks.DEMOTE, then, Tasks.MIGRATE_TO, Relation.ORDERED);
            if (then.partialMigrationTarget != null) {
                tasks(first, Tasks.DEMOTE, then, Tasks.MIGRATE_FROM, Relation.ORDERED);
            }
        }
    }

    private static String task(@Nullable Action action, @Nullable String key) {
        if (action != null) {
            return action.task;
        }
        return key == null ? "" : Keys.task(key);
    }
}
