package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.CibStatus;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.xml.Element;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Fail counts by node, kept as the transient attributes {@code fail-count-RSC#TASK_INTERVAL} and
 * {@code last-failure-RSC#TASK_INTERVAL}, from which the scheduler judges. They outlive the
 * coordinator by being published with the status.
 */
final class FailureCounts {
    private static final String COUNT = "fail-count-";
    private static final String LAST = "last-failure-";
    private static final String INFINITY = "INFINITY";

    private final SortedMap<NodeId, SortedMap<String, String>> attributes = new TreeMap<>();

    /** Counts a failed operation; a probe that finds the unexpected is knowledge, not a failure. */
    void count(
            NodeId node, OperationRecord operation, boolean startFailureIsFatal, long nowSeconds) {
        boolean probe = operation.task().equals("monitor") && operation.intervalMillis() == 0;
        if (probe || !operation.failed()) {
            return;
        }
        SortedMap<String, String> counts = attributes.computeIfAbsent(node, n -> new TreeMap<>());
        String suffix =
                operation.resource() + "#" + operation.task() + "_" + operation.intervalMillis();
        boolean fatal =
                operation.task().equals("stop")
                        || (operation.task().equals("start") && startFailureIsFatal);
        String before = counts.getOrDefault(COUNT + suffix, "0");
        boolean infinite = fatal || before.equals(INFINITY);
        counts.put(
                COUNT + suffix,
                infinite ? INFINITY : Integer.toString(Integer.parseInt(before) + 1));
        counts.put(LAST + suffix, Long.toString(nowSeconds));
    }

    /** Forgets the failures of {@code resource}, or of all when it is empty, on {@code node}. */
    void forget(NodeId node, String resource) {
        SortedMap<String, String> counts = attributes.get(node);
        if (counts != null) {
            counts.keySet()
                    .removeIf(
                            name ->
                                    resource.isEmpty()
                                            || name.startsWith(COUNT + resource + "#")
                                            || name.startsWith(LAST + resource + "#"));
        }
    }

    /** A node that left takes its failures with it, as its transient attributes. */
    void forget(NodeId node) {
        attributes.remove(node);
    }

    Cib in(Cib cib) {
        Cib result = cib;
        for (var node : attributes.entrySet()) {
            for (var pair : node.getValue().entrySet()) {
                result =
                        CibStatus.withTransientAttribute(
                                result, node.getKey().name(), pair.getKey(), pair.getValue());
            }
        }
        return result;
    }

    /** Takes over the counts of a status section that an earlier coordinator published. */
    void adopt(Element status) {
        attributes.clear();
        for (Element node : status.children("node_state")) {
            String name = node.attribute("uname", "");
            node.childOrEmpty("transient_attributes").stream()
                    .filter(pair -> pair.is("nvpair"))
                    .filter(pair -> isCount(pair.attribute("name", "")))
                    .forEach(
                            pair ->
                                    attributes
                                            .computeIfAbsent(new NodeId(name), n -> new TreeMap<>())
                                            .put(
                                                    pair.attribute("name", ""),
                                                    pair.attribute("value", "0")));
        }
    }

    private static boolean isCount(String name) {
        return name.startsWith(COUNT) || name.startsWith(LAST);
    }
}
