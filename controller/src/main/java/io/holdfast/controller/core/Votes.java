package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * How many votes each node has, as membership counts them, and how many decide. What nodes lack,
 * the witness has.
 */
public record Votes(SortedMap<NodeId, Integer> ofNodes, int quorum) {
    public Votes {
        ofNodes = Collections.unmodifiableSortedMap(new TreeMap<>(ofNodes));
    }

    /** Whether these nodes decide without the witness. */
    boolean decide(SortedSet<NodeId> nodes) {
        return nodes.stream().mapToInt(node -> ofNodes.getOrDefault(node, 0)).sum() >= quorum;
    }
}
