package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.core.ExecutorEffect.Report;
import io.holdfast.executor.core.ExecutorEffect.Surrendered;
import io.holdfast.executor.core.ExecutorEvent.AgentEnded;
import io.holdfast.executor.core.ExecutorEvent.CancelRequested;
import io.holdfast.executor.core.ExecutorEvent.ForgetRequested;
import io.holdfast.executor.core.ExecutorEvent.RecheckRequested;
import io.holdfast.executor.core.ExecutorEvent.Requested;
import io.holdfast.executor.core.ExecutorEvent.SurrenderRequested;
import io.holdfast.executor.core.ExecutorEvent.TimerFired;
import io.holdfast.executor.core.ExecutorTimer.Due;
import io.holdfast.executor.core.ExecutorTimer.RunTimeout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All resources of a node, and giving them all up.
 *
 * <pre>
 *            SurrenderRequested                          nothing active is left to try
 * working -----------------------> giving up ---------------------------------------> working
 *                                  (refuses requests; one resource after another,
 *                                   newest activation first: demote, then stop)
 * </pre>
 *
 * Owned by one thread. {@link #step} is a plain function of what happened so far: no clock, no
 * thread, no order but that of events and names.
 */
public final class ExecutorCore {
    private final ExecutorNumbers numbers = new ExecutorNumbers();
    private final TreeMap<String, ResourceOperations> resources = new TreeMap<>();
    private @Nullable Surrender surrender;

    /** What could not be stopped so far, by resource. */
    private record Surrender(TreeMap<String, OperationFinished> failed) {}

    /** Takes one event in; the effects are to be carried out in order. */
    public List<ExecutorEffect> step(ExecutorEvent event) {
        List<ExecutorEffect> effects = new ArrayList<>();
        switch (event) {
            case Requested requested -> request(requested, effects);
            case CancelRequested cancel ->
                    resource(cancel.resource())
                            .cancel(cancel.task(), cancel.intervalMillis(), cancel.at(), effects);
            case RecheckRequested(String resource, Moment at) ->
                    resource(resource).recheck(at, effects);
            case ForgetRequested forget -> resource(forget.resource()).forget(effects);
            case SurrenderRequested(Moment at) -> beginSurrender(at, effects);
            case AgentEnded ended -> resource(ended.resource()).ended(ended, effects);
            case TimerFired(RunTimeout(String resource, long run), Moment at) ->
                    resource(resource).timedOut(run, at, effects);
            case TimerFired(Due(String resource, int callId), Moment at) ->
                    resource(resource).due(callId, at, effects);
        }
        if (surrender != null) {
            goOnWith(surrender, event.at(), effects);
        }
        resources.values().removeIf(ExecutorCore::isForgotten);
        return effects;
    }

    /** See {@link io.holdfast.executor.Executor#history}. */
    public List<OperationFinished> history() {
        return resources.values().stream()
                .flatMap(resource -> resource.history().entries())
                .sorted(Comparator.comparingLong(ResourceHistory.Entry::sequence))
                .map(ResourceHistory.Entry::finished)
                .toList();
    }

    private void request(Requested event, List<ExecutorEffect> effects) {
        if (surrender != null) {
            effects.add(new Report(refused(event)));
            return;
        }
        ResourceOperations resource = resource(event.request().resource());
        resource.knows(event.request(), event.stopTimeoutMillis(), event.demoteTimeoutMillis());
        resource.request(event.request(), event.at(), effects);
    }

    private void beginSurrender(Moment at, List<ExecutorEffect> effects) {
        if (surrender == null) {
            surrender = new Surrender(new TreeMap<>());
            resources.values().forEach(resource -> resource.dropAll(at, effects));
        }
    }

    /** One step at a time: the resource that became active last must be down before the next. */
    private void goOnWith(Surrender now, Moment at, List<ExecutorEffect> effects) {
        for (ExecutorEffect effect : effects) {
            if (effect instanceof Report(OperationFinished finished) && finished.failed()) {
                noteFailedStep(now, finished);
            }
        }
        while (true) {
            Map.Entry<String, ResourceOperations> newest = newestActive(now);
            if (newest == null) {
                if (resources.values().stream().noneMatch(ResourceOperations::isBusy)) {
                    effects.add(new Surrendered(List.copyOf(now.failed().values())));
                    surrender = null;
                }
                return;
            }
            if (newest.getValue().isBusy() || newest.getValue().stepDown(at, effects)) {
                return;
            }
        }
    }

    /** A failed demote is followed by the stop all the same; a failed stop is the end of trying. */
    private void noteFailedStep(Surrender now, OperationFinished finished) {
        switch (finished.request().task()) {
            case STOP -> now.failed().put(finished.request().resource(), finished);
            case DEMOTE -> resource(finished.request().resource()).giveUpDemoting();
            default -> {
                // Broken off by the surrender itself.
            }
        }
    }

    private Map.@Nullable Entry<String, ResourceOperations> newestActive(Surrender now) {
        return resources.entrySet().stream()
                .filter(each -> each.getValue().activity().active())
                .filter(each -> !now.failed().containsKey(each.getKey()))
                .max(Comparator.comparingLong(each -> each.getValue().activity().activation()))
                .orElse(null);
    }

    private ResourceOperations resource(String id) {
        return resources.computeIfAbsent(id, name -> new ResourceOperations(name, numbers));
    }

    private static boolean isForgotten(ResourceOperations resource) {
        return resource.isIdle() && !resource.activity().active() && resource.history().isEmpty();
    }

    private OperationFinished refused(Requested event) {
        return new OperationFinished(
                event.request(),
                numbers.nextCall(),
                OperationStatus.ERROR,
                OcfCode.ERROR,
                "this node gives up what it runs and takes nothing new meanwhile",
                event.at().epochMillis(),
                event.at().epochMillis(),
                0,
                0);
    }
}
