package io.holdfast.executor;

import io.holdfast.base.Invariant;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One operation the controller wants done here.
 *
 * @param resource the instance, as the node's history names it: the primitive's id, or {@code id:N}
 * @param intervalMillis 0, or how long after the end of one run the next begins
 * @param timeoutMillis how long one run may take; 0: as the agent recommends
 * @param startDelayMillis how long to wait before the first run
 * @param parameters the instance's parameters; they may hold secrets and are not printed
 * @param meta meta attributes, with their {@code CRM_meta_} prefix
 * @param key which action of which transition this answers to
 */
public record OperationRequest(
        String resource,
        ResourceAgent agent,
        Task task,
        long intervalMillis,
        long timeoutMillis,
        long startDelayMillis,
        SortedMap<String, String> parameters,
        SortedMap<String, String> meta,
        TransitionKey key) {

    public OperationRequest {
        Invariant.check(
                intervalMillis >= 0 && timeoutMillis >= 0 && startDelayMillis >= 0,
                "times of %s are not negative",
                resource);
        Invariant.check(
                intervalMillis == 0 || !task.changesState(), "%s does not recur", task.ocfName());
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    public OperationRequest withTimeout(long newTimeoutMillis) {
        return new OperationRequest(
                resource,
                agent,
                task,
                intervalMillis,
                newTimeoutMillis,
                startDelayMillis,
                parameters,
                meta,
                key);
    }

    public boolean recurring() {
        return intervalMillis > 0;
    }

    /** {@code RESOURCE_TASK_INTERVAL}: what it is known by. */
    public String operationKey() {
        return OperationRecord.operationKey(resource, task.ocfName(), intervalMillis);
    }

    @Override
    public String toString() {
        return operationKey() + "[" + agent + ", " + key + "]";
    }
}
