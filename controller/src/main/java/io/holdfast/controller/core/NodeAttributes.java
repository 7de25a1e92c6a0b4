package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The transient attributes of a node that its agents set, such as promotion scores. */
public record NodeAttributes(NodeId node, SortedMap<String, String> values) {
    public NodeAttributes {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
}
