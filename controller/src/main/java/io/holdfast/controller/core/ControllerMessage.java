package io.holdfast.controller.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Term;

/** What controllers say to each other. Messages of another term than the receiver's are dropped. */
public sealed interface ControllerMessage {
    Term term();

    /** Coordinator to the member with the longest log: send me your state. */
    record StateRequested(Term term) implements ControllerMessage {}

    record StateSent(Term term, ClusterState state) implements ControllerMessage {}

    /**
     * Coordinator to each member: this is the state from which the term begins. Its last entry is
     * the term's {@link LogEntry.TermInstalled}; who was left out of an earlier term gives up what
     * it runs before it reports.
     */
    record StateInstalled(Term term, ClusterState state) implements ControllerMessage {}

    /** Member to coordinator: the term's state holds here, and this runs. */
    record NodeReported(Term term, NodeReport report) implements ControllerMessage {}

    record EntryAppended(Term term, LogPosition position, LogEntry entry)
            implements ControllerMessage {}

    /** Member to coordinator: every entry up to {@code position} is on my disk. */
    record EntryStored(Term term, LogPosition position) implements ControllerMessage {}

    record ChangeRequested(Term term, long requestId, Change change) implements ControllerMessage {}

    record ChangeAnswered(Term term, long requestId, ChangeOutcome outcome)
            implements ControllerMessage {}

    /** Coordinator to the node that is to do it. */
    record OperationOrdered(Term term, OperationOrder order) implements ControllerMessage {}

    record OperationReported(Term term, OperationReport report) implements ControllerMessage {}

    /** A node's transient attributes, all of them. */
    record AttributesReported(Term term, NodeAttributes attributes) implements ControllerMessage {}

    /** Coordinator to all: the status section, so that every node can answer status commands. */
    record StatusPublished(Term term, String statusXml) implements ControllerMessage {}
}
