package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.scheduler.Transition;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns the scheduler's graph into steps that can be carried out. */
final class StepsOfTransition {
    private static final String META = "CRM_meta_";

    private final int number;
    private final String controller;
    private final Predicate<ResourceAgent> hearsNotifications;

    /**
     * Steps of one run.
     *
     * @param number of the run, part of each order's key
     * @param controller who runs it and in which term, part of each order's key
     * @param hearsNotifications whether an agent does anything when it is notified; the others are
     *     not asked, because each notification is a round trip in the middle of a failover
     */
    StepsOfTransition(int number, String controller, Predicate<ResourceAgent> hearsNotifications) {
        this.number = number;
        this.controller = controller;
        this.hearsNotifications = hearsNotifications;
    }

    List<Step> of(List<Transition.Step> actions) {
        return actions.stream().map(this::step).toList();
    }

    private Step step(Transition.Step action) {
        String where = action.router() != null ? action.router() : action.node();
        return new Step(
                action.id(),
                kind(action),
                action.task(),
                where == null ? null : new NodeId(where),
                order(action),
                target(action),
                new TreeSet<>(action.inputs()));
    }

    private Step.Kind kind(Transition.Step action) {
        return switch (action.kind()) {
            case PSEUDO -> Step.Kind.PSEUDO;
            case FENCING -> Step.Kind.FENCE;
            case RESOURCE_OPERATION ->
                    isUnheardNotification(action) ? Step.Kind.PSEUDO : Step.Kind.OPERATION;
            // Deleting a history is done by the executor that has it.
            case CLUSTER_OPERATION ->
                    action.task().equals("lrm_delete") ? Step.Kind.OPERATION : Step.Kind.CLUSTER;
        };
    }

    private boolean isUnheardNotification(Transition.Step action) {
        Transition.Target resource = action.resource();
        return resource != null
                && action.task().equals("notify")
                && !hearsNotifications.test(agent(resource));
    }

    private static ResourceAgent agent(Transition.Target resource) {
        return new ResourceAgent(
                text(resource.agentClass()), text(resource.provider()), text(resource.type()));
    }

    private static String target(Transition.Step action) {
        if (action.kind() == Transition.Kind.FENCING) {
            return String.valueOf(action.node());
        }
        return action.resource() == null ? action.key() : action.resource().id();
    }

    private @Nullable OperationOrder order(Transition.Step action) {
        Transition.Target resource = action.resource();
        if (resource == null || kind(action) != Step.Kind.OPERATION) {
            return null;
        }
        SortedMap<String, String> parameters = new TreeMap<>();
        SortedMap<String, String> meta = new TreeMap<>();
        action.attributes()
                .forEach(
                        (name, value) ->
                                (name.startsWith(META) ? meta : parameters).put(name, value));
        parameters.remove("crm_feature_set");
        return new OperationOrder(
                new TransitionKey(action.id(), number, action.expectedCode(), controller),
                resource.id(),
                agent(resource),
                action.task().equals("lrm_delete") ? "delete" : action.task(),
                action.intervalMillis(),
                action.timeoutMillis(),
                parameters,
                meta,
                action.digest() == null ? null : OperationRecord.Digests.ofAll(action.digest()));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
