package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.status.TransitionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a transition stands: which steps wait, are under way, and are confirmed.
 *
 * <pre>
 * step:  waiting --all inputs confirmed, not aborted--> under way --result--> confirmed
 *                                                                \--failure--> aborts the run
 * run:   over when nothing is under way and nothing may start
 * </pre>
 *
 * An aborted run starts nothing more; what is under way is waited for, then the scheduler looks
 * again at what is.
 */
final class TransitionRun {
    /** An agent's own time-out tells first; this is for a result that got lost. */
    private static final long GRACE_MILLIS = 60_000;

    /** For steps whose time-out is the agent's own: longer than any agent's. */
    private static final long UNKNOWN_TIMEOUT_MILLIS = 600_000;

    private final int number;
    private final String controller;
    private final SortedMap<Integer, Step> waiting = new TreeMap<>();
    private final SortedMap<Integer, Step> underWay = new TreeMap<>();
    private final SortedMap<Integer, Long> overdueAtMillis = new TreeMap<>();
    private final SortedSet<Integer> confirmed = new TreeSet<>();
    private final Set<String> touched = new TreeSet<>();
    private boolean aborted;

    /**
     * @param controller as in the keys of the steps' orders; no other run has the same number
     */
    TransitionRun(int number, String controller, List<Step> steps) {
        this.number = number;
        this.controller = controller;
        for (Step step : steps) {
            waiting.put(step.id(), step);
        }
    }

    int number() {
        return number;
    }

    /** Starts every step that may start now. */
    List<Step> start(long nowMillis) {
        List<Step> started = new ArrayList<>();
        if (aborted) {
            return started;
        }
        for (Step step : waiting.values()) {
            if (confirmed.containsAll(step.inputs())) {
                started.add(step);
            }
        }
        for (Step step : started) {
            waiting.remove(step.id());
            underWay.put(step.id(), step);
            overdueAtMillis.put(step.id(), nowMillis + patienceMillis(step));
            touched.add(touch(step.node(), step.target()));
        }
        return started;
    }

    private static long patienceMillis(Step step) {
        OperationOrder order = step.order();
        long timeout =
                order == null || order.timeoutMillis() <= 0
                        ? UNKNOWN_TIMEOUT_MILLIS
                        : order.timeoutMillis();
        return timeout + GRACE_MILLIS;
    }

    /** Steps under way whose result should have come long ago. */
    List<Step> overdue(long nowMillis) {
        return underWay.values().stream()
                .filter(step -> nowMillis > overdueAtMillis.getOrDefault(step.id(), nowMillis))
                .toList();
    }

    void confirm(int id) {
        if (underWay.remove(id) != null) {
            confirmed.add(id);
        }
    }

    /** The step will not be confirmed; nothing more starts. */
    void fail(int id) {
        underWay.remove(id);
        aborted = true;
    }

    void abort() {
        aborted = true;
    }

    boolean isAborted() {
        return aborted;
    }

    /** Whether this run itself has done something to the resource there. */
    boolean hasTouched(NodeId node, String resource) {
        return touched.contains(touch(node, resource));
    }

    private static String touch(@Nullable NodeId node, String resource) {
        return node + " " + resource;
    }

    /**
     * The step that {@code key} names, when it is under way in this run. An earlier coordinator may
     * have ordered other things under the same numbers.
     */
    @Nullable Step underWay(TransitionKey key) {
        return key.transition() == number && key.controller().equals(controller)
                ? underWay.get(key.action())
                : null;
    }

    boolean isOver() {
        return underWay.isEmpty() && (aborted || !canStart());
    }

    /** Steps that could never start because of an input that will not come. */
    int stuck() {
        return aborted ? 0 : waiting.size();
    }

    private boolean canStart() {
        return waiting.values().stream().anyMatch(s -> confirmed.containsAll(s.inputs()));
    }
}
