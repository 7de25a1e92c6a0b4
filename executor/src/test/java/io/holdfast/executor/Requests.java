package io.holdfast.executor;

import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import java.util.Map;
import java.util.TreeMap;

/** Requests as a controller makes them. */
public final class Requests {
    public static final ResourceAgent DUMMY = new ResourceAgent("ocf", "pacemaker", "Dummy");
    public static final ResourceAgent STATEFUL = new ResourceAgent("ocf", "pacemaker", "Stateful");

    private Requests() {}

    public static OperationRequest once(String resource, Task task) {
        return request(resource, DUMMY, task, 0, Map.of());
    }

    /**
     * A probe or one-off monitor for which any of the codes is fine would expect one; this expects.
     */
    public static OperationRequest expecting(String resource, Task task, int code) {
        return with(
                request(resource, DUMMY, task, 0, Map.of()), new TransitionKey(1, 1, code, "uuid"));
    }

    public static OperationRequest every(String resource, long intervalMillis) {
        return request(resource, DUMMY, Task.MONITOR, intervalMillis, Map.of());
    }

    public static OperationRequest request(
            String resource,
            ResourceAgent agent,
            Task task,
            long intervalMillis,
            Map<String, String> parameters) {
        return new OperationRequest(
                resource,
                agent,
                task,
                intervalMillis,
                20_000,
                0,
                new TreeMap<>(parameters),
                new TreeMap<>(),
                new TransitionKey(1, 1, 0, "uuid"));
    }

    public static OperationRequest delayed(OperationRequest request, long startDelayMillis) {
        return new OperationRequest(
                request.resource(),
                request.agent(),
                request.task(),
                request.intervalMillis(),
                request.timeoutMillis(),
                startDelayMillis,
                request.parameters(),
                request.meta(),
                request.key());
    }

    private static OperationRequest with(OperationRequest request, TransitionKey key) {
        return new OperationRequest(
                request.resource(),
                request.agent(),
                request.task(),
                request.intervalMillis(),
                request.timeoutMillis(),
                request.startDelayMillis(),
                request.parameters(),
                request.meta(),
                key);
    }
}
