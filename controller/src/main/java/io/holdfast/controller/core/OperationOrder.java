package io.holdfast.controller.core;

import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one resource on one node, as the scheduler wants it done.
 *
 * @param key names the order, and holds the OCF code that is expected
 * @param resource the id in the node's history (an anonymous clone's without the number)
 * @param task start, stop, monitor, promote, demote, notify, cancel …
 * @param intervalMillis 0 unless recurring; for cancel, of the monitor to be cancelled
 * @param meta the {@code CRM_meta_*} attributes without their prefix
 * @param digests by which a changed definition is noticed later; kept in the history
 */
public record OperationOrder(
        TransitionKey key,
        String resource,
        ResourceAgent agent,
        String task,
        long intervalMillis,
        long timeoutMillis,
        SortedMap<String, String> parameters,
        SortedMap<String, String> meta,
        OperationRecord.@Nullable Digests digests) {
    public OperationOrder {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }
}
