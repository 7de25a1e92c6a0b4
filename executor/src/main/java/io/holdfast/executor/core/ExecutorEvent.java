package io.holdfast.executor.core;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.executor.OperationRequest;
import io.holdfast.executor.Task;
import java.util.List;

/** What happens to an executor. */
public sealed interface ExecutorEvent {
    Moment at();

    /**
     * The controller wants an operation done.
     *
     * @param request with its time-out filled in
     * @param stopTimeoutMillis how long the agent wants for a stop, should the node give up
     * @param demoteTimeoutMillis the same for a demote
     */
    record Requested(
            OperationRequest request, long stopTimeoutMillis, long demoteTimeoutMillis, Moment at)
            implements ExecutorEvent {}

    record CancelRequested(String resource, Task task, long intervalMillis, Moment at)
            implements ExecutorEvent {}

    /** Something changed that the resource's monitors should see now rather than when due. */
    record RecheckRequested(String resource, Moment at) implements ExecutorEvent {}

    record ForgetRequested(String resource, Moment at) implements ExecutorEvent {}

    record SurrenderRequested(Moment at) implements ExecutorEvent {}

    /** These run here, oldest first: another process began them and has ended. */
    record Inherited(List<Outliving> resources, Moment at) implements ExecutorEvent {
        public Inherited {
            resources = List.copyOf(resources);
        }
    }

    /** From now on this node may act; said again, nothing happens. */
    record LeaseBegun(Moment at) implements ExecutorEvent {}

    /** This node may not act any more: what no lease gates is stopped. */
    record LeaseEnded(Moment at) implements ExecutorEvent {}

    /** An agent's run is over: nothing of it works on the resource any more. */
    record AgentEnded(
            String resource,
            long run,
            OperationStatus status,
            int returnCode,
            String reason,
            Moment at)
            implements ExecutorEvent {}

    record TimerFired(ExecutorTimer timer, Moment at) implements ExecutorEvent {}
}
