package io.holdfast.executor.core;

/** The counters that all resources of one executor share. */
final class ExecutorNumbers {
    private int lastCall;
    private long lastRun;
    private long lastResult;
    private long lastActivation;

    int nextCall() {
        return ++lastCall;
    }

    long nextRun() {
        return ++lastRun;
    }

    long nextResult() {
        return ++lastResult;
    }

    long nextActivation() {
        return ++lastActivation;
    }
}
