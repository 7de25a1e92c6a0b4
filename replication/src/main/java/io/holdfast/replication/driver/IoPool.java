package io.holdfast.replication.driver;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that block in pread, pwrite and fdatasync for all volumes of a node. Platform
 * threads: a virtual one would pin its carrier in a native call. Tasks start in order; they are the
 * requests themselves, so that queueing one allocates nothing.
 */
final class IoPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IoPool.class);
    private static final int INITIAL_CAPACITY = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition workArrived = lock.newCondition();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>(INITIAL_CAPACITY);
    private boolean closed;

    IoPool(String name, int threads) {
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().daemon().name(name + "-" + i).start(this::work);
        }
    }

    void submit(Runnable task) {
        lock.lock();
        try {
            queue.addLast(task);
            workArrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What is queued still runs; what is submitted later does not. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            workArrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (true) {
            Runnable task;
            lock.lock();
            try {
                while (queue.isEmpty()) {
                    if (closed) {
                        return;
                    }
                    workArrived.awaitUninterruptibly();
                }
                task = queue.removeFirst();
            } finally {
                lock.unlock();
            }
            runGuarded(task);
        }
    }

    // A task that throws is a bug; the thread must live on for the other volumes.
    @SuppressWarnings("CatchingUnchecked")
    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an I/O task failed; its volume may hang", e);
        }
    }
}
