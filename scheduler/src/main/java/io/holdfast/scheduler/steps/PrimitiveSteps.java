package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the actions that take a primitive from its role and node to the next. */
final class PrimitiveSteps {
    private PrimitiveSteps() {}

    static void create(Primitive resource) {
        if (resource.nextRole == Role.UNKNOWN) {
            resource.nextRole = resource.assigned == null ? Role.STOPPED : Role.STARTED;
        }
        Node current = resource.currentNode();
        Node next = assignedNode(resource);
        for (Node source : resource.danglingMigrations) {
            abortDanglingMigration(resource, source);
        }
        boolean moving =
                current != null
                        && next != null
                        && current != next
                        && resource.nextRole.atLeast(Role.STARTED);
        boolean migrates = moving && MigrationSteps.canMigrate(resource, current);
        boolean stopFirst = moving;
        boolean promoteAgain = false;
        boolean multiplyActive = false;
        if (migrates && continuesMigration(resource, current, next)) {
            // a migration that has begun goes on
        } else if (resource.partialMigrationSource != null
                || resource.partialMigrationTarget != null) {
            stopFirst = true;
            resource.partialMigrationSource = null;
            resource.partialMigrationTarget = null;
            migrates = false;
        } else if (resource.needsFencing) {
            multiplyActive = resource.activeCount() > 1;
        } else {
            multiplyActive = resource.cleanActiveCount() > 1;
        }
        if (!multiplyActive) {
            resource.stopUnexpected = false;
        } else if (resource.multipleActive == Resource.MultipleActive.RESTART) {
            stopFirst = true;
        } else if (resource.multipleActive == Resource.MultipleActive.STOP_UNEXPECTED) {
            stopFirst = true;
            resource.stopUnexpected = true;
        }
        if (resource.startPending) {
            Actions.start(resource, next, true).set(Action.PRINT_ALWAYS);
        }
        if (!moving) {
            if (resource.failed) {
                stopFirst |= resource.stopIfFailed;
                promoteAgain = !resource.stopIfFailed && resource.nextRole == Role.PROMOTED;
            } else if (resource.blocked) {
                stopFirst = true;
            } else if (resource.role.above(Role.STARTED) && current != null && next != null) {
                Action start = Actions.start(resource, next, true);
                stopFirst |= !start.is(Action.OPTIONAL);
            }
        }
        restart(resource, current, stopFirst, promoteAgain);
        takeRole(resource);
        RecurringSteps.create(resource);
        if (migrates && current != null && next != null) {
            MigrationSteps.create(resource, current, next);
        }
    }

    static @Nullable Node assignedNode(Resource resource) {
        return resource.assigned == null ? null : resource.assigned.node;
    }

    private static boolean continuesMigration(
            Resource resource, @Nullable Node current, @Nullable Node next) {
        return resource.partialMigrationSource != null
                && resource.partialMigrationTarget != null
                && resource.activeCount() == 2
                && current == resource.partialMigrationSource
                && next == resource.partialMigrationTarget;
    }

    private static void abortDanglingMigration(Resource resource, Node source) {
        Actions.stop(resource, source, false).set(Action.MIGRATION_ABORT);
    }

    /** Brings a resource down where it is and up again to the role it has. */
    private static void restart(
            Primitive resource, @Nullable Node current, boolean stop, boolean promote) {
        resource.restarting = true;
        Role role = resource.role;
        while (role != Role.STOPPED) {
            Role next = nextOnTheWay(role, Role.STOPPED);
            if (!step(resource, role, next, current, !stop)) {
                break;
            }
            role = next;
        }
        while (resource.role.compareTo(resource.nextRole) <= 0
                && role != resource.role
                && !resource.blocked) {
            Role next = nextOnTheWay(role, resource.role);
            boolean required = stop || (next == Role.PROMOTED && promote);
            if (!step(resource, role, next, assignedNode(resource), !required)) {
                break;
            }
            role = next;
        }
        resource.restarting = false;
    }

    private static void takeRole(Primitive resource) {
        Role role = resource.role;
        while (role != resource.nextRole) {
            Role next = nextOnTheWay(role, resource.nextRole);
            if (!step(resource, role, next, assignedNode(resource), false)) {
                break;
            }
            role = next;
        }
    }

    /** The role that comes next between one role and a wanted one. */
    static Role nextOnTheWay(Role from, Role to) {
        return switch (from) {
            case UNKNOWN -> to == Role.UNKNOWN ? Role.UNKNOWN : Role.STOPPED;
            case STOPPED ->
                    switch (to) {
                        case UNKNOWN, STOPPED -> Role.STOPPED;
                        case STARTED -> Role.STARTED;
                        case UNPROMOTED, PROMOTED -> Role.UNPROMOTED;
                    };
            case STARTED -> to == Role.UNKNOWN ? Role.STOPPED : to;
            case UNPROMOTED -> to.above(Role.STARTED) ? to : Role.STOPPED;
            case PROMOTED ->
                    switch (to) {
                        case UNKNOWN -> Role.STOPPED;
                        case PROMOTED -> Role.PROMOTED;
                        default -> Role.UNPROMOTED;
                    };
        };
    }

    /** Makes the actions from one role to the next; false when none are needed. */
    private static boolean step(
            Primitive resource, Role from, Role to, @Nullable Node node, boolean optional) {
        if (from == to) {
            return false;
        }
        if (from == Role.PROMOTED) {
            demote(resource, optional);
        } else if (to == Role.STOPPED || to.compareTo(from) < 0) {
            stop(resource, optional);
        } else if (from == Role.STOPPED) {
            if (node == null) {
                return false;
            }
            start(resource, node, optional);
        } else if (to == Role.PROMOTED) {
            if (node == null) {
                return false;
            }
            promote(resource, node, optional);
        } else {
            return false;
        }
        return true;
    }

    private static boolean isExpectedNode(Resource resource, Node node) {
        return resource.stopUnexpected
                && resource.restarting
                && resource.nextRole.above(Role.STOPPED)
                && assignedNode(resource) == node;
    }

    private static void stop(Primitive resource, boolean optionalAtFirst) {
        boolean optional = optionalAtFirst;
        for (Node current : List.copyOf(resource.active)) {
            if (isExpectedNode(resource, current)) {
                continue;
            }
            if (resource.partialMigrationTarget != null) {
                if (current == resource.partialMigrationTarget
                        && current == assignedNode(resource)) {
                    continue;
                }
                optional = false;
            }
            Action stop = Actions.stop(resource, current, optional);
            if (resource.assigned == null) {
                stop.because("node availability", true);
            } else if (resource.restarting && resource.stopUnexpected) {
                stop.because("being multiply active", true);
            }
            if (!resource.managed) {
                stop.clear(Action.RUNNABLE);
            }
            Fencing.orderStopBeforeUnfencing(resource, current, stop);
        }
    }

    private static void start(Primitive resource, Node node, boolean optional) {
        Action start = Actions.start(resource, node, true);
        Fencing.orderAfterUnfencing(resource, node, start, Relation.FIRST_IMPLIES_THEN);
        if (start.is(Action.RUNNABLE) && !optional) {
            start.clear(Action.OPTIONAL);
        }
        if (isExpectedNode(resource, node)) {
            start.set(Action.PSEUDO);
        }
    }

    private static void promote(Primitive resource, Node node, boolean optional) {
        boolean runnable = true;
        for (Action start : Actions.ofTask(resource, node, Tasks.START, true)) {
            runnable &= start.is(Action.RUNNABLE);
        }
        if (!runnable) {
            for (Action promote : Actions.ofTask(resource, node, Tasks.PROMOTE, true)) {
                promote.clear(Action.RUNNABLE);
            }
            return;
        }
        Action promote = Actions.promote(resource, node, optional);
        if (isExpectedNode(resource, node)) {
            promote.set(Action.PSEUDO);
        }
    }

    private static void demote(Primitive resource, boolean optional) {
        for (Node current : List.copyOf(resource.active)) {
            if (!isExpectedNode(resource, current)) {
                Actions.demote(resource, current, optional);
            }
        }
    }
}
