package io.holdfast.executor.core;

import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A resource that goes on after this process ends, and what is needed to stop it then.
 *
 * @param parameters they may hold secrets and are not printed
 */
public record Outliving(
        String resource,
        ResourceAgent agent,
        SortedMap<String, String> parameters,
        long stopTimeoutMillis,
        long demoteTimeoutMillis,
        boolean promoted) {
    public Outliving {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    OperationRequest definition() {
        return new OperationRequest(
                resource,
                agent,
                Task.STOP,
                0,
                stopTimeoutMillis,
                0,
                parameters,
                Collections.emptySortedMap(),
                TransitionKey.unasked(0, OcfCode.OK));
    }

    @Override
    public String toString() {
        return resource + " (" + agent + ")";
    }
}
