package io.holdfast.executor.agent;

/** Starts, stops and watches one kind of resource. One object serves all resources of its kind. */
public interface Agent {
    AgentMetadata metadata();

    /**
     * Carries a task out and answers when it is done. Called on a thread of its own; calls for
     * different resources may come at the same time. A {@link io.holdfast.base.ProblemException} is
     * an error with its message as the exit reason.
     *
     * @throws InterruptedException when the thread is interrupted, which means that the result is
     *     not waited for any more: leave nothing behind that still works on the resource
     */
    AgentResult run(AgentCall call) throws InterruptedException;
}
