package io.holdfast.scheduler.graph;

import io.holdfast.scheduler.Transition.Step;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Bundle;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.notify.NotifyActions;
import io.holdfast.scheduler.ordering.ActionFlags;
import io.holdfast.scheduler.ordering.Inputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts actions into the transition graph. */
public final class Graph {
    private final Cluster cluster;
    private final List<Step> steps = new ArrayList<>();

    private Graph(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The graph's actions: those of resources first, in the order of the configuration. */
    public static List<Step> create(Cluster cluster) {
        Graph graph = new Graph(cluster);
        for (Resource resource : List.copyOf(cluster.resources)) {
            graph.addAll(resource);
        }
        graph.maintenanceUpdate();
        for (Action action : List.copyOf(cluster.actions).reversed()) {
            graph.add(action);
        }
        return graph.steps;
    }

    /** The graph's own attributes. */
    public static Map<String, String> settings(Cluster cluster) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cluster-delay", cluster.option("cluster-delay", "60s"));
        settings.put("fencing-timeout", cluster.option("fencing-timeout", "60s"));
        settings.put("failed-stop-offset", "INFINITY");
        settings.put("failed-start-offset", cluster.startFailureFatal ? "INFINITY" : "1");
        String batchLimit = cluster.options.get("batch-limit");
        if (batchLimit != null) {
            settings.put("batch-limit", batchLimit);
        }
        settings.put("transition_id", "1");
        String migrationLimit = cluster.options.get("migration-limit");
        if (Values.number(migrationLimit, 0) > 0 && migrationLimit != null) {
            settings.put("migration-limit", migrationLimit);
        }
        if (cluster.recheckBy > 0) {
            settings.put("recheck-by", Long.toString(cluster.recheckBy));
        }
        return settings;
    }

    private void addAll(Resource resource) {
        switch (resource) {
            case Clone clone -> {
                for (Action action : List.copyOf(clone.actions).reversed()) {
                    ActionFlags.of(action, null);
                }
                NotifyActions.create(clone);
                clone.children.forEach(this::addAll);
                addOwn(clone);
            }
            case Bundle bundle -> BundleGraph.prepare(bundle).forEach(this::addAll);
            default -> addOwn(resource);
        }
    }

    private void addOwn(Resource resource) {
        for (Action action : List.copyOf(resource.actions).reversed()) {
            add(action);
        }
        resource.children.forEach(this::addAll);
    }

    private void maintenanceUpdate() {
        for (Node node : cluster.nodes) {
            if (node.remoteKind && node.maintenance != node.remoteMaintenance) {
                Actions.pseudo(cluster, Tasks.MAINTENANCE_NODES).set(Action.PRINT_ALWAYS);
                return;
            }
        }
    }

    private void add(Action action) {
        if (!action.is(Action.INPUTS_DEDUPLICATED)) {
            joinInputs(action);
            action.set(Action.INPUTS_DEDUPLICATED);
        }
        if (action.is(Action.ADDED_TO_GRAPH) || !Inputs.isDone(action)) {
            return;
        }
        action.set(Action.ADDED_TO_GRAPH);
        int priority = Math.max(0, action.priority);
        if (action.resource != null) {
            priority = Math.max(priority, action.resource.priority);
        }
        GraphStep step = new GraphStep(cluster, action);
        List<Integer> inputs = new ArrayList<>();
        for (Action.Related input : action.before) {
            if (Inputs.isWaitedFor(action, input)) {
                input.inGraph = true;
                inputs.add(input.action.id);
                GraphStep.noteNode(input.action);
            }
        }
        steps.add(step.finish(inputs, priority));
    }

    /** Sorts inputs by id and joins those for the same action. */
    private static void joinInputs(Action action) {
        List<Action.Related> sorted = new ArrayList<>(action.before.reversed());
        sorted.sort(Comparator.comparingInt(input -> input.action.id));
        action.before.clear();
        for (Action.Related input : sorted) {
            Action.Related last = action.before.isEmpty() ? null : action.before.getLast();
            if (last != null && last.action == input.action) {
                last.relation |= input.relation;
                last.inGraph |= input.inGraph;
            } else {
                input.inGraph = false;
                action.before.add(input);
            }
        }
    }
}
