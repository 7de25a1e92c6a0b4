package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.executor.LeaseGate;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import io.holdfast.executor.core.ExecutorEffect.CancelTimer;
import io.holdfast.executor.core.ExecutorEffect.KillAgent;
import io.holdfast.executor.core.ExecutorEffect.Report;
import io.holdfast.executor.core.ExecutorEffect.RunAgent;
import io.holdfast.executor.core.ExecutorEffect.SetTimer;
import io.holdfast.executor.core.ExecutorTimer.Due;
import io.holdfast.executor.core.ExecutorTimer.RunTimeout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one resource: one runs, the others wait in order.
 *
 * <pre>
 *              +--------- due again, after its interval ---------+
 *              v                                                 |
 * request -> waiting -> running --ended--> told (if news) --> recurring
 *              |           |
 *              |           +--time-out, cancel, surrender--> breaking off --ended--> gone
 *              |                (told at once)                 (holds up what waits)
 *              +--time-out behind a breaking-off run, cancel, surrender--> told
 * </pre>
 *
 * A beginning (start, promote, migrate_from) of a resource that no lease gates waits until the
 * node's lease runs, and is broken off when it ends; both are told as cancelled.
 *
 * <p>* A run that was broken off still counts as running until its agent has ended: two agents
 * never work on one resource at once. What waits behind such a run has its time-out too.
 */
final class ResourceOperations {
    /** An operation on its way: {@code run} is its own, {@code callId} that of its request. */
    private record Waiting(long run, int callId, OperationRequest request, Moment since) {}

    private record Running(Waiting operation, Moment since, boolean breakingOff) {
        Running brokenOff() {
            return new Running(operation, since, true);
        }
    }

    /** A recurring operation and its last answer; null before the first. */
    private record Recurring(
            int callId, OperationRequest request, @Nullable OperationFinished last) {}

    private static final String NO_LEASE = "this node's lease is over, so nothing may begin here";

    private final String resource;
    private final ExecutorNumbers numbers;
    private final NodeLease lease;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final TreeMap<String, Recurring> recurring = new TreeMap<>();
    private final TreeMap<Integer, OperationRequest> delayed = new TreeMap<>();
    private final ResourceHistory history = new ResourceHistory();
    private @Nullable Running running;
    private long timedHead;
    private ResourceActivity activity = ResourceActivity.NONE;

    ResourceOperations(String resource, ExecutorNumbers numbers, NodeLease lease) {
        this.resource = resource;
        this.numbers = numbers;
        this.lease = lease;
    }

    /** Another process began it. */
    void inherit(Outliving found) {
        activity =
                activity.inherited(
                        found.definition(),
                        found.stopTimeoutMillis(),
                        found.demoteTimeoutMillis(),
                        found.promoted(),
                        numbers);
    }

    /** As it is to be remembered: active, or being begun; empty when it is neither. */
    Optional<Outliving> outliving() {
        Running now = running;
        boolean begins = now != null && isBeginning(now.operation().request().task());
        if (!outlivesLease() || !(activity.active() || begins)) {
            return Optional.empty();
        }
        return Optional.of(
                new Outliving(
                        resource,
                        activity.agent(),
                        activity.definition().parameters(),
                        activity.stopTimeoutMillis(),
                        activity.demoteTimeoutMillis(),
                        activity.promoted()));
    }

    /** Whether it goes on acting after the lease is over, until it is stopped. */
    boolean outlivesLease() {
        return !LeaseGate.holds(activity.agent());
    }

    ResourceActivity activity() {
        return activity;
    }

    ResourceHistory history() {
        return history;
    }

    boolean isIdle() {
        return running == null && waiting.isEmpty() && recurring.isEmpty() && delayed.isEmpty();
    }

    // --- what the controller asks --------------------------------------------------------------

    void request(OperationRequest request, Moment at, List<ExecutorEffect> effects) {
        if (request.task().changesState()) {
            cancelRecurring(at, effects);
        }
        int callId = numbers.nextCall();
        if (request.recurring()) {
            Recurring before =
                    recurring.put(request.operationKey(), new Recurring(callId, request, null));
            if (before != null) {
                effects.add(new CancelTimer(new Due(resource, before.callId())));
                dropWaiting(before.callId());
            }
        }
        if (request.startDelayMillis() > 0) {
            delayed.put(callId, request);
            effects.add(new SetTimer(new Due(resource, callId), request.startDelayMillis()));
        } else {
            enqueue(callId, request, at, effects);
        }
    }

    void cancel(Task task, long intervalMillis, Moment at, List<ExecutorEffect> effects) {
        OperationRequest nothing =
                new OperationRequest(
                        resource,
                        activity.agent(),
                        task,
                        intervalMillis,
                        0,
                        0,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        TransitionKey.unasked(0, OcfCode.OK));
        Recurring found = recurring.remove(nothing.operationKey());
        if (found == null) {
            effects.add(new Report(cancelled(nothing, 0, "", at)));
        } else {
            cancel(found, at, effects);
            runNext(at, effects);
        }
    }

    /** Runs the recurring operations now, but for those that run or wait anyway. */
    void recheck(Moment at, List<ExecutorEffect> effects) {
        for (Recurring each : List.copyOf(recurring.values())) {
            if (!isUnderWay(each.callId())) {
                effects.add(new CancelTimer(new Due(resource, each.callId())));
                delayed.remove(each.callId());
                enqueue(each.callId(), each.request(), at, effects);
            }
        }
    }

    void forget(List<ExecutorEffect> effects) {
        for (Recurring each : List.copyOf(recurring.values())) {
            endRecurring(each, effects);
        }
        recurring.clear();
        history.clear();
    }

    // --- what happens to operations ------------------------------------------------------------

    void ended(ExecutorEvent.AgentEnded ended, List<ExecutorEffect> effects) {
        Running over = running;
        if (over == null || over.operation().run() != ended.run()) {
            return;
        }
        running = null;
        effects.add(new CancelTimer(new RunTimeout(resource, ended.run())));
        if (!over.breakingOff()) {
            finish(
                    over.operation(),
                    over.since(),
                    ended.status(),
                    ended.returnCode(),
                    ended.reason(),
                    ended.at(),
                    effects);
        }
        runNext(ended.at(), effects);
    }

    void timedOut(long run, Moment at, List<ExecutorEffect> effects) {
        Running now = running;
        if (now != null && now.operation().run() == run) {
            if (now.breakingOff()) {
                return;
            }
            OperationRequest request = now.operation().request();
            breakOff(now, effects);
            finish(
                    now.operation(),
                    now.since(),
                    OperationStatus.TIMEOUT,
                    OcfCode.ERROR,
                    request.task().ocfName()
                            + " took longer than "
                            + request.timeoutMillis()
                            + " ms and was broken off",
                    at,
                    effects);
            runNext(at, effects);
            return;
        }
        Waiting head = waiting.peek();
        if (head != null && head.run() == run) {
            waiting.remove();
            if (now == null) {
                effects.add(new Report(cancelled(head.request(), head.callId(), NO_LEASE, at)));
            } else {
                finish(
                        head,
                        at,
                        OperationStatus.TIMEOUT,
                        OcfCode.ERROR,
                        "the operation before it was broken off but its agent does not end",
                        at,
                        effects);
            }
            runNext(at, effects);
        }
    }

    void due(int callId, Moment at, List<ExecutorEffect> effects) {
        OperationRequest first = delayed.remove(callId);
        if (first != null) {
            enqueue(callId, first, at, effects);
            return;
        }
        for (Recurring each : recurring.values()) {
            if (each.callId() == callId) {
                enqueue(callId, each.request(), at, effects);
                return;
            }
        }
    }

    // --- giving up -----------------------------------------------------------------------------

    /**
     * Drops what waits and breaks off what runs, but for a stop or demote, which is what is wanted
     * anyway.
     */
    void dropAll(Moment at, List<ExecutorEffect> effects) {
        cancelRecurring(at, effects);
        String reason = "this node gives up what it runs";
        delayed.forEach(
                (callId, request) -> {
                    effects.add(new CancelTimer(new Due(resource, callId)));
                    effects.add(new Report(cancelled(request, callId, reason, at)));
                });
        delayed.clear();
        for (Waiting each : waiting) {
            effects.add(new CancelTimer(new RunTimeout(resource, each.run())));
            effects.add(new Report(cancelled(each.request(), each.callId(), reason, at)));
        }
        waiting.clear();
        Running now = running;
        if (now != null && !now.breakingOff() && !isEnding(now.operation().request().task())) {
            breakOff(now, effects);
            finish(
                    now.operation(),
                    now.since(),
                    OperationStatus.ERROR,
                    OcfCode.ERROR,
                    reason,
                    at,
                    effects);
        }
    }

    /**
     * Begins nothing more, and breaks off a beginning that runs. That is no failure of the
     * resource, so it is told as cancelled.
     */
    void dropBeginnings(Moment at, List<ExecutorEffect> effects) {
        for (Waiting each : List.copyOf(waiting)) {
            if (isBeginning(each.request().task())) {
                waiting.remove(each);
                effects.add(new CancelTimer(new RunTimeout(resource, each.run())));
                effects.add(new Report(cancelled(each.request(), each.callId(), NO_LEASE, at)));
            }
        }
        Running now = running;
        if (now != null && !now.breakingOff() && isBeginning(now.operation().request().task())) {
            breakOff(now, effects);
            finish(
                    now.operation(),
                    now.since(),
                    OperationStatus.CANCELLED,
                    OcfCode.ERROR,
                    NO_LEASE,
                    at,
                    effects);
        }
    }

    /** The lease is back: a beginning that waited for it runs. */
    void leaseBegun(Moment at, List<ExecutorEffect> effects) {
        runNext(at, effects);
    }

    /** Whether a demote or stop runs or waits. */
    boolean isSteppingDown() {
        return (running != null
                        && !running.breakingOff()
                        && isEnding(running.operation().request().task()))
                || waiting.stream().anyMatch(each -> isEnding(each.request().task()));
    }

    /** Demotes or stops what is active, as the next step down; false when nothing is left to do. */
    boolean stepDown(Moment at, List<ExecutorEffect> effects) {
        if (!activity.active()) {
            return false;
        }
        cancelRecurring(at, effects);
        dropBeginnings(at, effects);
        Task task = activity.promoted() ? Task.DEMOTE : Task.STOP;
        enqueue(numbers.nextCall(), activity.request(task), at, effects);
        return true;
    }

    /** After a demote that failed: the stop is tried next. */
    void giveUpDemoting() {
        activity = activity.demoted();
    }

    /** Whether an operation runs or waits, so that the next step down comes after it. */
    boolean isBusy() {
        return !waiting.isEmpty() || (running != null && !running.breakingOff());
    }

    // --- steps ---------------------------------------------------------------------------------

    void knows(OperationRequest request, long stopTimeoutMillis, long demoteTimeoutMillis) {
        activity = activity.knowing(request, stopTimeoutMillis, demoteTimeoutMillis);
    }

    private void enqueue(
            int callId, OperationRequest request, Moment at, List<ExecutorEffect> effects) {
        waiting.add(new Waiting(numbers.nextRun(), callId, request, at));
        runNext(at, effects);
    }

    private void runNext(Moment at, List<ExecutorEffect> effects) {
        Waiting head = waiting.peek();
        if (head == null) {
            return;
        }
        if (running == null && !mustWaitForLease(head)) {
            waiting.remove();
            running = new Running(head, at, false);
            effects.add(new RunAgent(head.run(), head.request()));
        } else if ((running != null && !running.breakingOff()) || timedHead == head.run()) {
            return;
        }
        // Set again when a head that had to wait begins: it then has its whole time from now on.
        timedHead = head.run();
        effects.add(
                new SetTimer(new RunTimeout(resource, head.run()), head.request().timeoutMillis()));
    }

    /** What the lease does not gate must not begin without it; what it gates asks by itself. */
    private boolean mustWaitForLease(Waiting head) {
        return !lease.runs() && outlivesLease() && isBeginning(head.request().task());
    }

    private void breakOff(Running now, List<ExecutorEffect> effects) {
        running = now.brokenOff();
        effects.add(new CancelTimer(new RunTimeout(resource, now.operation().run())));
        effects.add(new KillAgent(now.operation().run()));
    }

    private void finish(
            Waiting operation,
            Moment begun,
            OperationStatus status,
            int code,
            String reason,
            Moment at,
            List<ExecutorEffect> effects) {
        OperationRequest request = operation.request();
        OperationFinished finished =
                new OperationFinished(
                        request,
                        operation.callId(),
                        status,
                        code,
                        reason,
                        begun.epochMillis(),
                        at.epochMillis(),
                        at.monotonicMillis() - begun.monotonicMillis(),
                        begun.monotonicMillis() - operation.since().monotonicMillis());
        if (request.recurring()) {
            finishRecurring(finished, effects);
        } else {
            tell(finished, effects);
        }
    }

    private void finishRecurring(OperationFinished finished, List<ExecutorEffect> effects) {
        String key = finished.request().operationKey();
        Recurring known = recurring.get(key);
        if (known == null || known.callId() != finished.callId()) {
            return; // cancelled, or asked for anew, meanwhile
        }
        OperationFinished last = known.last();
        if (last == null || !sameAnswer(last, finished)) {
            recurring.put(key, new Recurring(known.callId(), known.request(), finished));
            tell(finished, effects);
        }
        effects.add(
                new SetTimer(new Due(resource, known.callId()), known.request().intervalMillis()));
    }

    private void tell(OperationFinished finished, List<ExecutorEffect> effects) {
        activity = activity.after(finished, numbers);
        if (finished.status() != OperationStatus.CANCELLED) {
            history.record(finished, numbers.nextResult());
        }
        effects.add(new Report(finished));
    }

    private void cancelRecurring(Moment at, List<ExecutorEffect> effects) {
        List<Recurring> all = new ArrayList<>(recurring.values());
        recurring.clear();
        for (Recurring each : all) {
            cancel(each, at, effects);
        }
    }

    private void cancel(Recurring each, Moment at, List<ExecutorEffect> effects) {
        endRecurring(each, effects);
        history.forgetRecurring(each.request().operationKey());
        effects.add(new Report(cancelled(each.request(), each.callId(), "", at)));
    }

    private void endRecurring(Recurring each, List<ExecutorEffect> effects) {
        effects.add(new CancelTimer(new Due(resource, each.callId())));
        delayed.remove(each.callId());
        dropWaiting(each.callId());
        Running now = running;
        if (now != null && !now.breakingOff() && now.operation().callId() == each.callId()) {
            breakOff(now, effects);
        }
    }

    private boolean isUnderWay(int callId) {
        return (running != null && running.operation().callId() == callId)
                || waiting.stream().anyMatch(each -> each.callId() == callId);
    }

    private void dropWaiting(int callId) {
        Iterator<Waiting> each = waiting.iterator();
        while (each.hasNext()) {
            if (each.next().callId() == callId) {
                each.remove();
            }
        }
    }

    private static OperationFinished cancelled(
            OperationRequest request, int callId, String reason, Moment at) {
        return new OperationFinished(
                request,
                callId,
                OperationStatus.CANCELLED,
                OcfCode.OK,
                reason,
                at.epochMillis(),
                at.epochMillis(),
                0,
                0);
    }

    private static boolean isBeginning(Task task) {
        return task == Task.START || task == Task.PROMOTE || task == Task.MIGRATE_FROM;
    }

    private static boolean isEnding(Task task) {
        return task == Task.STOP || task == Task.DEMOTE;
    }

    private static boolean sameAnswer(OperationFinished one, OperationFinished other) {
        return one.status() == other.status()
                && one.returnCode() == other.returnCode()
                && one.exitReason().equals(other.exitReason());
    }
}
