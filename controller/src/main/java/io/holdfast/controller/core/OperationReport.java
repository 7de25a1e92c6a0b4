package io.holdfast.controller.core;

import io.holdfast.base.NodeId;
import io.holdfast.cib.status.OperationRecord;

/** How an operation ended on a node. */
public record OperationReport(NodeId node, OperationRecord operation) {}
