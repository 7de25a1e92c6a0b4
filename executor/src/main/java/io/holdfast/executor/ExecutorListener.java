package io.holdfast.executor;

import org.jspecify.annotations.Nullable;

/** What an executor tells; called from one thread, in order, and must not block for long. */
public interface ExecutorListener {
    void operationFinished(OperationFinished finished);

    /** The lease is over, and the resource of this stop may run all the same. */
    default void notStopped(OperationFinished stop) {}

    /** A transient attribute of this node changed; null: it is gone. */
    void attributeChanged(String name, @Nullable String value);
}
