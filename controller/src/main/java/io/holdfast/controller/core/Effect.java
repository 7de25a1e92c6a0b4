package io.holdfast.controller.core;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.cib.Cib;

/** What a controller wants done, in the order given. */
public sealed interface Effect {
    record Send(NodeId to, ControllerMessage message) implements Effect {}

    record Broadcast(ControllerMessage message) implements Effect {}

    /**
     * Store the entry; then {@link ControllerEvent.StateStored}, unless this node's voter has
     * accepted a newer term meanwhile (ADR 0002, rule 6).
     */
    record StoreEntry(Term term, LogPosition position, LogEntry entry) implements Effect {}

    /** Store the whole state in place of what was there; then as above. */
    record StoreState(Term term, ClusterState state) implements Effect {}

    /**
     * Have the witness keep the position; then {@link ControllerEvent.PositionAnchored} or failed.
     */
    record AnchorAtWitness(Term term, LogPosition position) implements Effect {}

    /**
     * Stop everything that runs here, last started first; then {@link ControllerEvent.Surrendered}.
     */
    record Surrender() implements Effect {}

    /** The state of {@code term} holds on this node: leases of the term may be used. */
    record ApplyState(Term term) implements Effect {}

    record PrepareReport(Term term) implements Effect {}

    record Perform(OperationOrder order) implements Effect {}

    record AnswerChange(long requestId, ChangeOutcome outcome) implements Effect {}

    /** The whole CIB as this node knows it now, for status commands. */
    record ShowCib(Cib cib) implements Effect {}

    /** What a transition with work in it was decided from, to be looked at afterwards. */
    record KeepInput(Term term, int transition, Cib cib) implements Effect {}

    /** Something a person should read, stamped and kept for explanations. */
    record Tell(String kind, String object, String text) implements Effect {}

    /** The cluster decides nothing until somebody acts. */
    record Warn(Problem problem) implements Effect {}
}
