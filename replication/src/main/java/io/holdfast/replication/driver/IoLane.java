package io.holdfast.replication.driver;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A thread that does one thing after the other, such as writing metadata in order. */
final class IoLane implements AutoCloseable {
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    IoLane(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** Does {@code task} after all that were handed in before; any thread. */
    void submit(Runnable task) {
        work.add(task);
    }

    private void run() {
        try {
            while (!closed) {
                work.take().run();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** What is under way ends; what is queued is dropped. Returns when the thread is done. */
    @Override
    public void close() {
        closed = true;
        // Not an interrupt while a task runs: it may be in the middle of a write.
        work.add(() -> {});
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
