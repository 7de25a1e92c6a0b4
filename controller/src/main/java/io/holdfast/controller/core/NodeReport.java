package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.VolumeId;
import io.holdfast.cib.status.OperationRecord;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node has done since its controller started: the last operation of each kind of each
 * resource, oldest first; its transient attributes; and the volumes that its lease page grants.
 */
public record NodeReport(
        List<OperationRecord> history,
        NodeAttributes attributes,
        SortedMap<VolumeId, Epoch> granted) {
    public NodeReport {
        history = List.copyOf(history);
        granted = Collections.unmodifiableSortedMap(new TreeMap<>(granted));
    }
}
