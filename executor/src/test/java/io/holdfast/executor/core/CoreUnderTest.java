package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import io.holdfast.executor.core.ExecutorEffect.CancelTimer;
import io.holdfast.executor.core.ExecutorEffect.KillAgent;
import io.holdfast.executor.core.ExecutorEffect.NotStopped;
import io.holdfast.executor.core.ExecutorEffect.Remember;
import io.holdfast.executor.core.ExecutorEffect.Report;
import io.holdfast.executor.core.ExecutorEffect.RunAgent;
import io.holdfast.executor.core.ExecutorEffect.SetTimer;
import io.holdfast.executor.core.ExecutorEffect.Surrendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A core with a clock and agents that the test moves by hand; it keeps a log a person can read. */
final class CoreUnderTest {
    private final ExecutorCore core = new ExecutorCore();
    final List<String> log = new ArrayList<>();
    final List<OperationFinished> told = new ArrayList<>();
    final Map<Long, OperationRequest> running = new LinkedHashMap<>();
    final Map<ExecutorTimer, Long> timers = new LinkedHashMap<>();
    List<Outliving> remembered = List.of();
    private long now = 1_000;

    CoreUnderTest() {
        leaseBegins();
    }

    void inherit(List<Outliving> resources) {
        step(new ExecutorEvent.Inherited(resources, at()));
    }

    boolean isNothingLeftWithoutLease() {
        return core.isNothingLeftWithoutLease();
    }

    void leaseBegins() {
        step(new ExecutorEvent.LeaseBegun(at()));
    }

    void leaseEnds() {
        step(new ExecutorEvent.LeaseEnded(at()));
    }

    void request(OperationRequest... requests) {
        for (OperationRequest request : requests) {
            step(new ExecutorEvent.Requested(request, 100_000, 90_000, at()));
        }
    }

    void cancel(String resource, Task task, long intervalMillis) {
        step(new ExecutorEvent.CancelRequested(resource, task, intervalMillis, at()));
    }

    void recheck(String resource) {
        step(new ExecutorEvent.RecheckRequested(resource, at()));
    }

    void forget(String resource) {
        step(new ExecutorEvent.ForgetRequested(resource, at()));
    }

    void surrender() {
        step(new ExecutorEvent.SurrenderRequested(at()));
    }

    /** The run of this operation answers. */
    void answer(String operationKey, int code) {
        long run =
                running.entrySet().stream()
                        .filter(each -> each.getValue().operationKey().equals(operationKey))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new AssertionError(
                                                operationKey + " is not among " + running));
        OperationRequest request = running.remove(run);
        step(
                new ExecutorEvent.AgentEnded(
                        request.resource(), run, OperationStatus.DONE, code, "", at()));
    }

    /** Every run answers as hoped until none is left. */
    void answerAll() {
        while (!running.isEmpty()) {
            OperationRequest next = running.values().iterator().next();
            answer(next.operationKey(), OcfCode.OK);
        }
    }

    void pass(long millis) {
        long until = now + millis;
        while (true) {
            Map.Entry<ExecutorTimer, Long> next =
                    timers.entrySet().stream()
                            .filter(each -> each.getValue() <= until)
                            .min(Map.Entry.comparingByValue())
                            .orElse(null);
            if (next == null) {
                break;
            }
            now = next.getValue();
            timers.remove(next.getKey());
            step(new ExecutorEvent.TimerFired(next.getKey(), at()));
        }
        now = until;
    }

    List<OperationFinished> history() {
        return core.history();
    }

    OperationFinished lastTold() {
        return told.getLast();
    }

    /** The log since the last call. */
    List<String> happened() {
        List<String> lines = List.copyOf(log);
        log.clear();
        return lines;
    }

    private Moment at() {
        return new Moment(now + 1_000_000, now);
    }

    private void step(ExecutorEvent event) {
        for (ExecutorEffect effect : core.step(event)) {
            switch (effect) {
                case RunAgent(long run, OperationRequest request) -> {
                    running.put(run, request);
                    log.add("run " + request.operationKey());
                }
                case KillAgent(long run) -> log.add("kill " + running.get(run).operationKey());
                case SetTimer(ExecutorTimer timer, long delay) -> timers.put(timer, now + delay);
                case CancelTimer(ExecutorTimer timer) -> timers.remove(timer);
                case Report(OperationFinished finished) -> {
                    told.add(finished);
                    log.add(
                            "tell "
                                    + finished.request().operationKey()
                                    + " "
                                    + finished.status()
                                    + " "
                                    + finished.returnCode());
                }
                case Remember(List<Outliving> list) -> remembered = list;
                case NotStopped(OperationFinished stop) ->
                        log.add("not stopped " + stop.request().resource());
                case Surrendered(List<OperationFinished> failed) ->
                        log.add(
                                "surrendered "
                                        + new TreeMap<>(
                                                        failed.stream()
                                                                .collect(
                                                                        java.util.stream.Collectors
                                                                                .toMap(
                                                                                        f ->
                                                                                                f.request()
                                                                                                        .operationKey(),
                                                                                        OperationFinished
                                                                                                ::returnCode)))
                                                .toString());
            }
        }
    }
}
