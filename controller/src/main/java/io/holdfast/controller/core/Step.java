package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One action of a transition graph, ready to be carried out.
 *
 * @param id the graph's number of it
 * @param node where; null for actions that happen nowhere in particular
 * @param order what to do there; null unless {@code kind} is OPERATION
 * @param target the resource or node it is about, for people
 * @param inputs ids of the steps that must be confirmed before
 */
record Step(
        int id,
        Kind kind,
        String task,
        @Nullable NodeId node,
        @Nullable OperationOrder order,
        String target,
        SortedSet<Integer> inputs) {
    enum Kind {
        /** Marks that its inputs are done; nothing happens. */
        PSEUDO,
        /** An agent's operation on a node. */
        OPERATION,
        /** A node is to be out for certain. */
        FENCE,
        /** Bookkeeping of the cluster, such as clearing a fail count. */
        CLUSTER
    }

    Step {
        inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
    }
}
