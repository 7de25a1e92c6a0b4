package io.holdfast.controller.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.ClusterView;

/** What happens to a controller. */
public sealed interface ControllerEvent {
    record ViewChanged(ClusterView view) implements ControllerEvent {}

    record MessageReceived(NodeId from, ControllerMessage message) implements ControllerEvent {}

    /** Everything up to {@code position} is on this node's disk. */
    record StateStored(LogPosition position) implements ControllerEvent {}

    /** The witness keeps {@code position}. */
    record PositionAnchored(LogPosition position) implements ControllerEvent {}

    /**
     * The witness did not answer for {@code position}; nothing is committed by it. Told some time
     * after the failure, for the answer to it is to ask again.
     */
    record AnchoringFailed(LogPosition position) implements ControllerEvent {}

    /** Everything that ran here has been given up. */
    record Surrendered() implements ControllerEvent {}

    /** What runs here, asked for by {@link Effect.PrepareReport}. */
    record ReportPrepared(Term term, NodeReport report) implements ControllerEvent {}

    /** Somebody on this node asks for a change. */
    record ChangeAsked(long requestId, Change change) implements ControllerEvent {}

    /** An operation on this node ended, ordered or recurring. */
    record OperationEnded(OperationReport report) implements ControllerEvent {}

    /** This node's transient attributes changed. */
    record AttributesChanged(NodeAttributes attributes) implements ControllerEvent {}

    /**
     * The time of {@code cluster-recheck-interval}: rules with dates may say something else now.
     */
    record RecheckDue() implements ControllerEvent {}
}
