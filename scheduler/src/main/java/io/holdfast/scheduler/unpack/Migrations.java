package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import org.jspecify.annotations.Nullable;

/**
 * What recorded live migrations mean. A whole one is migrate_to on the source, migrate_from on the
 * target, stop on the source: without migrate_from it is partial, without the stop it dangles.
 */
final class Migrations {
    private Migrations() {}

    static void toSucceeded(HistoryEntry entry) {
        Resource resource = entry.resource;
        Cluster cluster = resource.cluster;
        String source = entry.xml.attribute("migrate_source");
        String target = entry.xml.attribute("migrate_target");
        if (source == null || target == null || !source.equalsIgnoreCase(entry.node.name)) {
            return;
        }
        boolean newerOnSource = changedAfter(resource, source, entry.xml);
        Element from = operation(resource, Tasks.MIGRATE_FROM, target, source, -1);
        int fromExit = HistoryEntry.OK;
        int fromStatus = HistoryEntry.PENDING;
        if (from != null) {
            if (newerOnSource) {
                return;
            }
            fromExit = Values.integer(from.attribute("rc-code"), fromExit);
            fromStatus = Values.integer(from.attribute("op-status"), fromStatus);
        }
        boolean newerOnTarget = newerState(resource, target, entry.xml, from);
        if (newerOnSource && newerOnTarget) {
            return;
        }
        if (fromExit == HistoryEntry.OK && fromStatus == HistoryEntry.DONE) {
            resource.role = Role.STOPPED;
            resource.danglingMigrations.addFirst(entry.node);
            return;
        }
        resource.role = Role.STARTED;
        Node targetNode = cluster.node(target);
        boolean activeOnTarget = !newerOnTarget && targetNode != null && targetNode.online;
        if (fromStatus != HistoryEntry.PENDING) {
            if (activeOnTarget && targetNode != null) {
                ActiveResources.add(resource, targetNode, true);
            } else {
                recoverWithoutMigrating(resource);
            }
            return;
        }
        if (targetNode != null && targetNode.online && isUnknown(resource, target)) {
            return; // the target's history was cleaned: a probe will tell
        }
        if (activeOnTarget && targetNode != null) {
            ActiveResources.add(resource, targetNode, false);
            Node sourceNode = cluster.node(source);
            if (sourceNode != null && sourceNode.online) {
                resource.partialMigrationTarget = targetNode;
                resource.partialMigrationSource = sourceNode;
            }
        } else if (!newerOnSource) {
            recoverWithoutMigrating(resource);
        }
    }

    private static void recoverWithoutMigrating(Resource resource) {
        resource.failed = true;
        resource.stopIfFailed = true;
        resource.migratable = false;
    }

    static void toFailed(HistoryEntry entry) {
        Resource resource = entry.resource;
        String source = entry.xml.attribute("migrate_source");
        String target = entry.xml.attribute("migrate_target");
        if (source == null || target == null || !source.equalsIgnoreCase(entry.node.name)) {
            return;
        }
        resource.role = Role.STARTED;
        Element from = operation(resource, Tasks.MIGRATE_FROM, target, source, HistoryEntry.OK);
        if (!isUnknown(resource, target) && !newerState(resource, target, entry.xml, from)) {
            Node node = resource.cluster.node(target);
            if (node != null && node.online) {
                ActiveResources.add(resource, node, false);
            }
        } else if (!changedAfter(resource, source, entry.xml)) {
            resource.danglingMigrations.addFirst(entry.node);
        }
    }

    static void fromFailed(HistoryEntry entry) {
        Resource resource = entry.resource;
        String source = entry.xml.attribute("migrate_source");
        String target = entry.xml.attribute("migrate_target");
        if (source == null || target == null || !target.equalsIgnoreCase(entry.node.name)) {
            return;
        }
        resource.role = Role.STARTED;
        Element to = operation(resource, Tasks.MIGRATE_TO, source, target, HistoryEntry.OK);
        if (!isUnknown(resource, source) && !newerState(resource, source, to, entry.xml)) {
            Node node = resource.cluster.node(source);
            if (node != null && node.online) {
                ActiveResources.add(resource, node, true);
            }
        }
    }

    private static @Nullable Element history(Resource resource, String node) {
        Element state = resource.cluster.nodeStates.get(node);
        return state == null
                ? null
                : state.childOrEmpty("lrm")
                        .childOrEmpty("lrm_resources")
                        .child("lrm_resource", resource.id);
    }

    private static @Nullable Element operation(
            Resource resource, String task, String node, @Nullable String other, int exit) {
        Element history = history(resource, node);
        if (history == null) {
            return null;
        }
        for (Element operation : history.children("lrm_rsc_op")) {
            if (!task.equals(operation.attribute("operation"))) {
                continue;
            }
            if (other != null
                    && task.equals(Tasks.MIGRATE_TO)
                    && !other.equals(operation.attribute("migrate_target"))) {
                continue;
            }
            if (other != null
                    && task.equals(Tasks.MIGRATE_FROM)
                    && !other.equals(operation.attribute("migrate_source"))) {
                continue;
            }
            boolean asWanted =
                    exit < 0
                            || (Values.integer(operation.attribute("rc-code"), 1) == exit
                                    && Values.integer(operation.attribute("op-status"), 4)
                                            == HistoryEntry.DONE);
            return asWanted ? operation : null;
        }
        return null;
    }

    /** Whether no operation of the resource has ended on the node. */
    private static boolean isUnknown(Resource resource, String node) {
        Element history = history(resource, node);
        if (history == null) {
            return true;
        }
        for (Element operation : history.children("lrm_rsc_op")) {
            String exit = operation.attribute("rc-code");
            if (exit != null && !exit.equals(Integer.toString(HistoryEntry.UNKNOWN))) {
                return false;
            }
        }
        return true;
    }

    private static boolean changedAfter(Resource resource, String node, @Nullable Element event) {
        Element history = history(resource, node);
        if (history == null || event == null) {
            return false;
        }
        for (Element operation : history.children("lrm_rsc_op")) {
            String task = operation.attribute("operation", "");
            boolean changes =
                    switch (task) {
                        case Tasks.START, Tasks.STOP, Tasks.MIGRATE_TO, Tasks.MIGRATE_FROM -> true;
                        default -> false;
                    };
            if (changes
                    && !isSame(operation, event)
                    && HistoryEntry.compareAge(operation, event) > 0) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // the same entry, not an equal one
    private static boolean isSame(Element a, Element b) {
        return a == b;
    }

    private static boolean notRunningAfter(
            Resource resource, String node, @Nullable Element event) {
        Element monitor = operation(resource, Tasks.MONITOR, node, null, HistoryEntry.NOT_RUNNING);
        return monitor != null && event != null && HistoryEntry.compareAge(monitor, event) > 0;
    }

    private static boolean newerState(
            Resource resource, String node, @Nullable Element to, @Nullable Element from) {
        Element event = from != null ? from : to;
        String source = event == null ? null : event.attribute("migrate_source");
        if (from != null && to != null && node.equalsIgnoreCase(source)) {
            event = to; // call ids are only comparable on one node
        }
        return changedAfter(resource, node, event) || notRunningAfter(resource, node, event);
    }
}
