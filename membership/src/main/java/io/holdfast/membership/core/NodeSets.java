package io.holdfast.membership.core;

import io.holdfast.base.NodeId;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Sorted, unchangeable sets of nodes: the same order on every node and in every run. */
public final class NodeSets {
    public static final SortedSet<NodeId> NONE = Collections.emptySortedSet();

    private NodeSets() {}

    public static SortedSet<NodeId> copyOf(Collection<NodeId> nodes) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }
}
