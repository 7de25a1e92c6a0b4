package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.core.ExecutorEffect.CancelTimer;
import io.holdfast.executor.core.ExecutorEffect.NotStopped;
import io.holdfast.executor.core.ExecutorEffect.Remember;
import io.holdfast.executor.core.ExecutorEffect.Report;
import io.holdfast.executor.core.ExecutorEffect.SetTimer;
import io.holdfast.executor.core.ExecutorEffect.Surrendered;
import io.holdfast.executor.core.ExecutorEvent.AgentEnded;
import io.holdfast.executor.core.ExecutorEvent.CancelRequested;
import io.holdfast.executor.core.ExecutorEvent.ForgetRequested;
import io.holdfast.executor.core.ExecutorEvent.Inherited;
import io.holdfast.executor.core.ExecutorEvent.LeaseBegun;
import io.holdfast.executor.core.ExecutorEvent.LeaseEnded;
import io.holdfast.executor.core.ExecutorEvent.RecheckRequested;
import io.holdfast.executor.core.ExecutorEvent.Requested;
import io.holdfast.executor.core.ExecutorEvent.SurrenderRequested;
import io.holdfast.executor.core.ExecutorEvent.TimerFired;
import io.holdfast.executor.core.ExecutorTimer.Due;
import io.holdfast.executor.core.ExecutorTimer.OrderPatience;
import io.holdfast.executor.core.ExecutorTimer.RunTimeout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All resources of a node, and giving them up: all of them, or those that outlive the lease.
 *
 * <pre>
 *            SurrenderRequested                          nothing active is left to try
 * working -----------------------> giving up ---------------------------------------> working
 *                                  (refuses requests; one resource after another,
 *                                   newest activation first: demote, then stop)
 *
 *            LeaseEnded                                  LeaseBegun
 * working -----------------------> without lease -----------------------------------> working
 *                                  (nothing that no lease gates begins; what is
 *                                   active of that kind is stopped, in the same order)
 * </pre>
 *
 * Order is a courtesy to the resources, time is safety: after {@value #ORDER_PATIENCE_MILLIS} ms
 * all that is left is stopped at once. Each stop has its own time-out, so the end is bounded.
 *
 * <p>Owned by one thread. {@link #step} is a plain function of what happened so far: no clock, no
 * thread, no order but that of events and names.
 */
public final class ExecutorCore {
    static final long ORDER_PATIENCE_MILLIS = 10_000;

    private final ExecutorNumbers numbers = new ExecutorNumbers();
    private final NodeLease lease = new NodeLease();
    private final TreeMap<String, ResourceOperations> resources = new TreeMap<>();
    private List<Outliving> remembered = List.of();
    private @Nullable GivingUp surrender;
    private @Nullable GivingUp withoutLease;

    /** Resources that are being stopped, without being asked to one by one. */
    private static final class GivingUp {
        final Predicate<ResourceOperations> concerned;

        /** What could not be stopped so far, by resource. */
        final TreeMap<String, OperationFinished> failed = new TreeMap<>();

        /** Order has taken too long. */
        boolean hurried;

        GivingUp(Predicate<ResourceOperations> concerned) {
            this.concerned = concerned;
        }
    }

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
            case TimerFired(OrderPatience(), Moment _) -> hurry();
            case Inherited(List<Outliving> found, Moment _) ->
                    found.forEach(each -> resource(each.resource()).inherit(each));
            case LeaseBegun(Moment at) -> leaseBegun(at, effects);
            case LeaseEnded(Moment at) -> leaseEnded(at, effects);
        }
        if (surrender != null) {
            goOnWithSurrender(surrender, event.at(), effects);
        } else if (withoutLease != null) {
            goOnWithoutLease(withoutLease, event.at(), effects);
        }
        remember(effects);
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

    /** Whether nothing is left that could be stopped of what no lease gates. */
    public boolean isNothingLeftWithoutLease() {
        return withoutLease != null && newestActive(withoutLease).isEmpty();
    }

    /** First of all effects: what is begun is on the list before. */
    private void remember(List<ExecutorEffect> effects) {
        List<Outliving> now =
                resources.values().stream()
                        .sorted(Comparator.comparingLong(ExecutorCore::age))
                        .flatMap(resource -> resource.outliving().stream())
                        .toList();
        if (!now.equals(remembered)) {
            remembered = now;
            effects.addFirst(new Remember(now));
        }
    }

    /** What is being begun has no place among the activations yet; it is the newest. */
    private static long age(ResourceOperations resource) {
        return resource.activity().active() ? resource.activity().activation() : Long.MAX_VALUE;
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
            surrender = new GivingUp(_ -> true);
            effects.add(new SetTimer(new OrderPatience(), ORDER_PATIENCE_MILLIS));
            resources.values().forEach(resource -> resource.dropAll(at, effects));
        }
    }

    private void goOnWithSurrender(GivingUp now, Moment at, List<ExecutorEffect> effects) {
        noteFailedSteps(now, effects);
        stepDown(now, at, effects);
        boolean over =
                newestActive(now).isEmpty()
                        && resources.values().stream().noneMatch(ResourceOperations::isBusy);
        if (over) {
            effects.add(new CancelTimer(new OrderPatience()));
            effects.add(new Surrendered(List.copyOf(now.failed.values())));
            surrender = null;
        }
    }

    private void leaseEnded(Moment at, List<ExecutorEffect> effects) {
        if (withoutLease == null) {
            lease.end();
            withoutLease = new GivingUp(ResourceOperations::outlivesLease);
            effects.add(new SetTimer(new OrderPatience(), ORDER_PATIENCE_MILLIS));
            resources.values().stream()
                    .filter(ResourceOperations::outlivesLease)
                    .forEach(resource -> resource.dropBeginnings(at, effects));
        }
    }

    /**
     * What was not stopped yet goes on; the coordinator starts the rest again, here or elsewhere.
     */
    private void leaseBegun(Moment at, List<ExecutorEffect> effects) {
        if (lease.runs()) {
            return;
        }
        lease.begin();
        withoutLease = null;
        if (surrender == null) {
            effects.add(new CancelTimer(new OrderPatience()));
        }
        resources.values().forEach(resource -> resource.leaseBegun(at, effects));
    }

    private void goOnWithoutLease(GivingUp now, Moment at, List<ExecutorEffect> effects) {
        for (OperationFinished stop : noteFailedSteps(now, effects)) {
            effects.add(new NotStopped(stop));
        }
        stepDown(now, at, effects);
    }

    private void hurry() {
        if (surrender != null) {
            surrender.hurried = true;
        }
        if (withoutLease != null) {
            withoutLease.hurried = true;
        }
    }

    /** The resource that became active last must be down before the next, unless time is up. */
    private void stepDown(GivingUp now, Moment at, List<ExecutorEffect> effects) {
        for (String resource : newestActive(now)) {
            boolean begun =
                    resource(resource).isSteppingDown() || resource(resource).stepDown(at, effects);
            if (begun && !now.hurried) {
                return;
            }
        }
    }

    /**
     * A failed demote is followed by the stop all the same; a failed stop is the end of trying.
     *
     * @return the stops that failed just now
     */
    private List<OperationFinished> noteFailedSteps(GivingUp now, List<ExecutorEffect> effects) {
        List<OperationFinished> failedStops = new ArrayList<>();
        for (ExecutorEffect effect : effects) {
            if (effect instanceof Report(OperationFinished finished) && finished.failed()) {
                String resource = finished.request().resource();
                switch (finished.request().task()) {
                    case STOP -> {
                        if (now.failed.put(resource, finished) == null) {
                            failedStops.add(finished);
                        }
                    }
                    case DEMOTE -> resource(resource).giveUpDemoting();
                    default -> {
                        // Broken off by the surrender itself.
                    }
                }
            }
        }
        return failedStops;
    }

    /** What is still to be stopped, the newest activation first. */
    private List<String> newestActive(GivingUp now) {
        return resources.entrySet().stream()
                .filter(each -> each.getValue().activity().active())
                .filter(each -> now.concerned.test(each.getValue()))
                .filter(each -> !now.failed.containsKey(each.getKey()))
                .sorted(
                        Comparator.comparingLong(
                                        (Map.Entry<String, ResourceOperations> each) ->
                                                each.getValue().activity().activation())
                                .reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    private ResourceOperations resource(String id) {
        return resources.computeIfAbsent(id, name -> new ResourceOperations(name, numbers, lease));
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
