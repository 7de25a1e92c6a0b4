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
    private final int number;
    private final SortedMap<Integer, Step> waiting = new TreeMap<>();
    private final SortedMap<Integer, Step> underWay = new TreeMap<>();
    private final SortedSet<Integer> confirmed = new TreeSet<>();
    private final Set<String> touched = new TreeSet<>();
    private boolean aborted;

    TransitionRun(int number, List<Step> steps) {
        this.number = number;
        for (Step step : steps) {
            waiting.put(step.id(), step);
        }
    }

    int number() {
        return number;
    }

    /** Starts every step that may start now. */
    List<Step> start() {
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
            touched.add(touch(step.node(), step.target()));
        }
        return started;
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

    /** The step that {@code key} names, when it is under way in this run. */
    @Nullable Step underWay(TransitionKey key) {
        return key.transition() == number ? underWay.get(key.action()) : null;
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
