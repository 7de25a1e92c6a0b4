package io.holdfast.scheduler.steps;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Bundles;
import io.holdfast.scheduler.actions.Digests;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.actions.OperationMeta;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Primitive;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.ordering.Orderings;
import io.holdfast.scheduler.placement.Availability;
import io.holdfast.scheduler.unpack.FailCounts;
import io.holdfast.scheduler.unpack.HistoryEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was run with another configuration than that of now is restarted, reloaded or cancelled. */
public final class ConfigurationChanges {
    private ConfigurationChanges() {}

    public static void handle(Cluster cluster) {
        Map<String, List<Primitive>> byHistory = new HashMap<>();
        for (Resource resource : cluster.resources) {
            index(resource, byHistory);
        }
        for (Node node : cluster.nodes) {
            if (!node.maintenance && !Availability.canRun(node)) {
                continue;
            }
            Element state = cluster.nodeStates.get(node.name);
            if (state == null) {
                continue;
            }
            for (Element entry :
                    state.childOrEmpty("lrm")
                            .childOrEmpty("lrm_resources")
                            .children("lrm_resource")) {
                if (entry.children().isEmpty()) {
                    continue;
                }
                for (Primitive resource :
                        byHistory.getOrDefault(entry.id(), List.of()).reversed()) {
                    resourceHistory(entry, resource, node);
                }
            }
        }
    }

    private static void index(Resource resource, Map<String, List<Primitive>> byHistory) {
        if (resource instanceof Primitive primitive) {
            byHistory.computeIfAbsent(resource.id, key -> new ArrayList<>(1)).add(primitive);
            if (resource.historyId != null && !resource.historyId.equals(resource.id)) {
                byHistory
                        .computeIfAbsent(resource.historyId, key -> new ArrayList<>(1))
                        .add(primitive);
            }
        }
        for (Resource child : resource.children) {
            index(child, byHistory);
        }
    }

    private static void resourceHistory(Element entry, Primitive resource, Node node) {
        if (resource.removed) {
            if (!resource.top().isAnonymousClone()) {
                CleanUp.schedule(resource, node);
            }
            return;
        }
        if (!resource.active.contains(node)) {
            if (agentChanged(resource, node, entry, false)) {
                CleanUp.schedule(resource, node);
            }
            return;
        }
        if (agentChanged(resource, node, entry, true)) {
            CleanUp.schedule(resource, node);
        }
        List<Element> operations = HistoryEntry.sorted(entry);
        HistoryEntry.ActiveSince since = HistoryEntry.ActiveSince.of(operations);
        if (since.start() < since.stop()) {
            return;
        }
        for (int i = Math.max(0, since.start()); i < operations.size(); i++) {
            operation(operations.get(i), resource, node);
        }
    }

    private static boolean agentChanged(
            Primitive resource, Node node, Element entry, boolean active) {
        boolean changed = false;
        for (String name : new String[] {"type", "provider", "class"}) {
            if (Values.same(resource.xml.attribute(name), entry.attribute(name))) {
                continue;
            }
            changed = true;
            Fencing.triggerUnfencing(resource.cluster, resource, node, "Device definition changed");
            if (active) {
                Actions.stop(resource, node, false).because("resource definition change", true);
            }
        }
        return changed;
    }

    private static void operation(Element operation, Primitive resource, Node node) {
        String task = operation.attribute("operation", "");
        long interval = Values.number(operation.attribute("interval"), 0);
        if (interval > 0 && (resource.maintenance || node.maintenance)) {
            RecurringSteps.cancelRecorded(
                    resource, operation.attribute("call-id"), task, interval, node);
            return;
        }
        boolean matters =
                switch (task) {
                    case Tasks.MONITOR, Tasks.START, Tasks.PROMOTE, Tasks.MIGRATE_FROM -> true;
                    default -> interval > 0;
                };
        if (!matters) {
            return;
        }
        if (Bundles.needsRemoteName(resource)) {
            resource.cluster.parameterChecks.add(
                    new Cluster.ParameterCheck(resource, node, operation, false));
        } else {
            check(resource, node, operation);
        }
    }

    private static void check(Resource resource, Node node, Element operation) {
        if (isChanged(resource, node, operation) && FailCounts.effective(node, resource) != 0) {
            Actions.clearFailcount(resource, node, "action definition changed");
        }
    }

    /** The checks that had to wait until all have their nodes. */
    public static void handleDeferred(Cluster cluster) {
        for (Cluster.ParameterCheck check : List.copyOf(cluster.parameterChecks)) {
            if (!check.lastFailure()) {
                check(check.resource(), check.node(), check.operation());
                continue;
            }
            Digests.Result result =
                    Digests.compare(check.resource(), check.operation(), check.node()).result;
            if (result == Digests.Result.CHANGED || result == Digests.Result.NEEDS_RESTART) {
                Actions.clearFailcount(
                        check.resource(), check.node(), "resource parameters have changed");
            }
        }
    }

    /** Whether an operation's configuration changed; schedules what has to follow. */
    private static boolean isChanged(Resource resource, Node node, Element operation) {
        Cluster cluster = resource.cluster;
        String task = operation.attribute("operation", "");
        long interval = Values.number(operation.attribute("interval"), 0);
        if (interval > 0 && OperationMeta.configuration(resource, task, interval, false) == null) {
            if (cluster.cancelRemovedActions) {
                RecurringSteps.cancelRecorded(
                        resource, operation.attribute("call-id"), task, interval, node);
            }
            return true;
        }
        Digests.Digest digest = Digests.compare(resource, operation, node);
        String recordedSecure = operation.attribute("op-secure-digest");
        if (digest.result != Digests.Result.SAME
                && recordedSecure != null
                && recordedSecure.equals(digest.secure())
                && cluster.sanitized) {
            cluster.notices.add(
                    "Only 'private' parameters to "
                            + Values.readableInterval(interval)
                            + "-interval "
                            + comparedTask(task, interval)
                            + " for "
                            + resource.id
                            + " on "
                            + node.name
                            + " changed: "
                            + operation.attribute("transition-magic", ""));
            return false;
        }
        switch (digest.result) {
            case SAME -> {
                return false;
            }
            case NEEDS_RESTART ->
                    forceRestart(resource, comparedTask(task, interval), interval, node);
            case CHANGED, UNKNOWN -> {
                if (interval > 0) {
                    RecurringSteps.reschedule(resource, task, interval, node);
                } else if (operation.has("op-restart-digest")) {
                    Fencing.triggerUnfencing(
                            cluster, resource, node, "Device parameters changed (reload)");
                    reload(resource, node);
                } else {
                    forceRestart(resource, comparedTask(task, interval), interval, node);
                }
            }
        }
        return true;
    }

    private static String comparedTask(String task, long interval) {
        boolean likeStart =
                interval == 0
                        && (task.equals(Tasks.MONITOR)
                                || task.equals(Tasks.MIGRATE_FROM)
                                || task.equals(Tasks.PROMOTE));
        return likeStart ? Tasks.START : task;
    }

    private static void forceRestart(Resource resource, String task, long interval, Node node) {
        Actions.of(resource, Keys.operation(resource.id, task, interval), task, null, false)
                .because("resource definition change", true);
        Fencing.triggerUnfencing(resource.cluster, resource, node, "Device parameters changed");
    }

    private static void reload(Resource resource, Node node) {
        if (!resource.managed || resource.failed) {
            return;
        }
        if (resource.startPending) {
            Actions.stop(resource, node, false);
            return;
        }
        resource.reload = true;
        Action reload = Actions.of(resource, Tasks.RELOAD_AGENT, node, false);
        reload.because("resource definition change", false);
        int relation = Relation.ORDERED | Relation.THEN_CANCELS_FIRST;
        Orderings.actionThenTask(reload, resource, Tasks.STOP, relation);
        Orderings.actionThenTask(reload, resource, Tasks.DEMOTE, relation);
    }
}
