/**
 * What the cluster is, written into a CIB's status section in Pacemaker's own form, so that any
 * scheduler that reads a CIB can decide from it.
 *
 * <p>Read {@link io.holdfast.cib.status.CibStatus} (the changes that can be made), then the records
 * it takes: {@link io.holdfast.cib.status.NodeState}, {@link
 * io.holdfast.cib.status.OperationRecord}. Each change gives a new CIB and leaves the version to
 * the caller.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.status;
