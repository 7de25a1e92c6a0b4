package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.status.OperationRecord;

/**
 * How an operation ended on a node.
 *
 * @param withoutLease whether the node was without its lease while the operation ran, or just
 *     before: what fails then says nothing of the resource
 */
public record OperationReport(NodeId node, OperationRecord operation, boolean withoutLease) {
    /** Of a node that held its lease. */
    public OperationReport(NodeId node, OperationRecord operation) {
        this(node, operation, false);
    }
}
