package io.holdfast.executor.core;

/** What a timer stands for; equal timers are the same timer. */
public sealed interface ExecutorTimer {
    /** A run has taken too long, or has waited too long for an agent that does not end. */
    record RunTimeout(String resource, long run) implements ExecutorTimer {}

    /** A recurring operation is due again, or a delayed one for the first time. */
    record Due(String resource, int callId) implements ExecutorTimer {}

    /** Giving up in order has taken so long that the rest is stopped all at once. */
    record OrderPatience() implements ExecutorTimer {}
}
