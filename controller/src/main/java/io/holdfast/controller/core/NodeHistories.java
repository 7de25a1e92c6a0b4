package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.CibStatus;
import io.holdfast.cib.status.OperationRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What each member has reported in this term: operations in order, and transient attributes. */
final class NodeHistories {
    private final SortedMap<NodeId, List<OperationRecord>> operations = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<String, String>> attributes = new TreeMap<>();

    void clear() {
        operations.clear();
        attributes.clear();
    }

    SortedSet<NodeId> nodes() {
        return new TreeSet<>(operations.keySet());
    }

    void put(NodeId node, NodeReport report) {
        operations.put(node, new ArrayList<>(report.history()));
        attributes.put(node, report.attributes().values());
    }

    /** Returns the names of what is different now. */
    SortedSet<String> putAttributes(NodeAttributes reported) {
        SortedMap<String, String> before = attributes.put(reported.node(), reported.values());
        SortedSet<String> names = new TreeSet<>(reported.values().keySet());
        if (before != null) {
            names.addAll(before.keySet());
            names.removeIf(name -> Objects.equals(before.get(name), reported.values().get(name)));
        }
        return names;
    }

    void record(OperationReport report) {
        OperationRecord operation = report.operation();
        List<OperationRecord> history =
                operations.computeIfAbsent(report.node(), n -> new ArrayList<>());
        switch (operation.task()) {
            case "delete" -> forget(report.node(), operation.resource());
            case "cancel" ->
                    history.removeIf(
                            o ->
                                    o.resource().equals(operation.resource())
                                            && o.intervalMillis() == operation.intervalMillis()
                                            && o.intervalMillis() > 0);
            default -> {
                history.removeIf(o -> sameEntry(o, operation));
                history.add(operation);
            }
        }
    }

    void forget(NodeId node, String resource) {
        List<OperationRecord> history = operations.get(node);
        if (history != null) {
            history.removeIf(o -> resource.isEmpty() || o.resource().equals(resource));
        }
    }

    /** One failed operation of each such resource on {@code node}; of any resource when empty. */
    List<OperationRecord> failed(NodeId node, String resource) {
        SortedMap<String, OperationRecord> found = new TreeMap<>();
        for (OperationRecord operation : operations.getOrDefault(node, List.of())) {
            boolean asked = resource.isEmpty() || operation.resource().equals(resource);
            if (asked && operation.failed()) {
                found.put(operation.resource(), operation);
            }
        }
        return List.copyOf(found.values());
    }

    Cib in(Cib cib) {
        Cib result = cib;
        for (var node : operations.entrySet()) {
            for (OperationRecord operation : node.getValue()) {
                result = CibStatus.withOperation(result, node.getKey().name(), operation);
            }
        }
        for (var node : attributes.entrySet()) {
            for (var pair : node.getValue().entrySet()) {
                result =
                        CibStatus.withTransientAttribute(
                                result, node.getKey().name(), pair.getKey(), pair.getValue());
            }
        }
        return result;
    }

    private static boolean sameEntry(OperationRecord a, OperationRecord b) {
        return a.resource().equals(b.resource())
                && a.task().equals(b.task())
                && a.intervalMillis() == b.intervalMillis()
                && a.failed() == b.failed();
    }
}
