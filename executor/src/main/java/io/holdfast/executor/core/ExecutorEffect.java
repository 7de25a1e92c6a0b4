package io.holdfast.executor.core;

import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.OperationRequest;
import java.util.List;

/** What an executor wants done in the world. */
public sealed interface ExecutorEffect {
    /** Run the agent; answered by {@link ExecutorEvent.AgentEnded}, exactly once. */
    record RunAgent(long run, OperationRequest request) implements ExecutorEffect {}

    /** Break a run off; its {@link ExecutorEvent.AgentEnded} still has to come. */
    record KillAgent(long run) implements ExecutorEffect {}

    record SetTimer(ExecutorTimer timer, long delayMillis) implements ExecutorEffect {}

    record CancelTimer(ExecutorTimer timer) implements ExecutorEffect {}

    /** Tell the controller. */
    record Report(OperationFinished finished) implements ExecutorEffect {}

    /**
     * Keep the list of what goes on should this process end, oldest first; before any of it is
     * begun.
     */
    record Remember(List<Outliving> resources) implements ExecutorEffect {
        public Remember {
            resources = List.copyOf(resources);
        }
    }

    /** The lease is over and this could not be stopped: somebody must look. */
    record NotStopped(OperationFinished stop) implements ExecutorEffect {}

    /** Everything that could be stopped is stopped; {@code failed} could not. */
    record Surrendered(List<OperationFinished> failed) implements ExecutorEffect {
        public Surrendered {
            failed = List.copyOf(failed);
        }
    }
}
