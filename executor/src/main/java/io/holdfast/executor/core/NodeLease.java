package io.holdfast.executor.core;

/** Whether this node may act; shared by all its resources. Before the first news it may not. */
final class NodeLease {
    private boolean runs;

    boolean runs() {
        return runs;
    }

    void begin() {
        runs = true;
    }

    void end() {
        runs = false;
    }
}
