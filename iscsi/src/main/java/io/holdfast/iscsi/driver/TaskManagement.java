package io.holdfast.iscsi.driver;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A task management function that waits for the tasks it aborted: its answer promises that they
 * have no effect any more, so it must not overtake a write that the disk is still doing.
 */
final class TaskManagement {
    private final AtomicInteger pending = new AtomicInteger(1);
    private final Runnable answer;

    TaskManagement(Runnable answer) {
        this.answer = answer;
    }

    void add() {
        pending.incrementAndGet();
    }

    /** One of the tasks is gone; also called once by the one who started it all. */
    void release() {
        if (pending.decrementAndGet() == 0) {
            answer.run();
        }
    }
}
