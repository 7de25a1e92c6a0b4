package io.holdfast.scheduler.simulate;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.Transition;
import io.holdfast.scheduler.Transition.Step;
import io.holdfast.scheduler.Transition.Target;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Tasks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Executes a transition: actions run when all they wait for is done, and all succeed. */
public final class Simulation {
    /**
     * The outcome.
     *
     * @param cib the CIB with the histories that the actions would have left
     * @param events what was done, in order
     * @param complete whether everything could be done
     */
    public record Result(Element cib, List<Event> events, boolean complete) {}

    private final Transition transition;
    private final Predicate<String> isKnown;
    private final long now;
    private final List<OperationResult> failures;
    private final List<Event> events = new ArrayList<>();
    private Element cib;
    private boolean aborted;

    private Simulation(
            Element cib,
            Transition transition,
            Predicate<String> isKnown,
            long now,
            List<OperationResult> failures) {
        this.cib = cib;
        this.transition = transition;
        this.isKnown = isKnown;
        this.now = now;
        this.failures = failures;
    }

    /**
     * Executes.
     *
     * @param isKnown whether a resource is known by a name, its instance's or its history's
     * @param now the time that is recorded, in seconds since 1970
     */
    public static Result run(
            Element cib, Transition transition, Predicate<String> isKnown, long now) {
        return run(cib, transition, isKnown, now, List.of());
    }

    /**
     * Executes, with some operations failing; after the first of them nothing more is begun.
     *
     * @param failures the results that operations have when they are among the actions
     */
    public static Result run(
            Element cib,
            Transition transition,
            Predicate<String> isKnown,
            long now,
            List<OperationResult> failures) {
        Simulation simulation = new Simulation(cib, transition, isKnown, now, failures);
        boolean complete = simulation.execute();
        return new Result(simulation.cib, simulation.events, complete);
    }

    private boolean execute() {
        Set<Integer> confirmed = new HashSet<>();
        Map<Integer, Step> open = new HashMap<>();
        transition.actions().forEach(step -> open.put(step.id(), step));
        boolean progress = true;
        while (progress && !aborted) {
            progress = false;
            for (Step step : transition.actions()) {
                if (!aborted
                        && open.containsKey(step.id())
                        && confirmed.containsAll(step.inputs())) {
                    perform(step);
                    confirmed.add(step.id());
                    open.remove(step.id());
                    progress = true;
                }
            }
        }
        return aborted || open.isEmpty();
    }

    private void perform(Step step) {
        switch (step.kind()) {
            case PSEUDO -> events.add(new Event.PointReached(step.key(), step.node()));
            case FENCING -> fence(step);
            case CLUSTER_OPERATION ->
                    events.add(
                            new Event.ClusterActed(
                                    step.task(),
                                    step.resource() == null ? null : step.resource().id(),
                                    step.node()));
            case RESOURCE_OPERATION -> operate(step);
        }
    }

    private void fence(Step step) {
        String node = step.node() == null ? "" : step.node();
        String how = step.meta("stonith_action");
        events.add(new Event.NodeFenced(node, how));
        if ("on".equalsIgnoreCase(how)) {
            return;
        }
        Element state = NodeStates.find(cib, node, step.nodeId());
        Element down =
                NodeStates.without(NodeStates.without(state, "lrm"), "transient_attributes")
                        .withAttribute("in_ccm", "false")
                        .withAttribute("crmd", "offline")
                        .withAttribute("join", "down")
                        .withAttribute("expected", "down");
        cib = NodeStates.put(cib, down);
    }

    private void operate(Step step) {
        Target target = step.resource();
        String node = step.node();
        if (target == null || node == null || step.task().equals("probe_complete")) {
            return;
        }
        String resource = target.id();
        if (!isKnown.test(resource) && target.longId() != null && isKnown.test(target.longId())) {
            resource = target.longId();
        }
        boolean withoutHistory = step.task().equals(Tasks.DELETE);
        long interval = withoutHistory ? 0 : step.intervalMillis();
        events.add(new Event.OperationDone(resource, step.task(), interval, node));
        if (!withoutHistory) {
            record(step, target, resource, node);
        }
    }

    private void record(Step step, Target target, String resource, String node) {
        String nodeId = step.router() == null ? step.nodeId() : node;
        Element state = NodeStates.find(cib, node, nodeId);
        Element history = NodeStates.resource(state, resource, target);
        String task = step.task().equals(Tasks.RELOAD_AGENT) ? Tasks.START : step.task();
        OperationResult result =
                new OperationResult(
                        history.id(), task, step.intervalMillis(), node, step.expectedCode());
        Element.Builder entry =
                HistoryEntries.next(history, result, step.expectedCode(), step.id(), now);
        if (task.equals(Tasks.NOTIFY)) {
            entry.attribute(
                    "id",
                    Keys.notification(
                            history.id(),
                            String.valueOf(step.meta("notify_type")),
                            String.valueOf(step.meta("notify_operation"))));
        }
        entry.optional("migrate_source", step.meta("migrate_source"))
                .optional("migrate_target", step.meta("migrate_target"))
                .optional("op-digest", step.digest());
        OperationResult failure = failure(step, history.id());
        Element updated;
        if (failure == null) {
            updated = NodeStates.putChild(history, entry.build());
        } else {
            aborted = true;
            events.add(new Event.FailurePretended(step.id(), failure.code()));
            int expected = step.expectedCode();
            updated =
                    HistoryEntries.withMadeUp(
                            history,
                            failure,
                            expected,
                            step.id(),
                            step.digest(),
                            "User-injected result",
                            now);
            boolean startIsFatal =
                    "INFINITY".equals(transition.settings().get("failed-start-offset"));
            state = HistoryEntries.countFailure(state, failure, startIsFatal, now, events);
        }
        cib = NodeStates.put(cib, NodeStates.putResource(state, updated));
    }

    private @Nullable OperationResult failure(Step step, String historyId) {
        for (OperationResult failure : failures) {
            Target target = step.resource();
            boolean same =
                    failure.resource().equals(historyId)
                            || (target != null
                                    && (failure.resource().equals(target.id())
                                            || failure.resource().equals(target.longId())));
            if (same
                    && failure.task().equals(step.task())
                    && failure.intervalMillis() == step.intervalMillis()
                    && failure.node().equals(step.node())) {
                return failure;
            }
        }
        return null;
    }
}
