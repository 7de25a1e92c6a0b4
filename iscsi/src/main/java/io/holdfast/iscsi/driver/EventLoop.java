package io.holdfast.iscsi.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread that reads for many connections and accepts for portals. It never waits for a
 * disk: volumes answer from their own threads, which write the answers themselves.
 */
final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int STAGING_BYTES = 256 * 1024;

    /** What a channel of the loop does when it is ready. */
    interface Channel {
        /** Runs in the loop's thread; the staging buffer is free for use during the call. */
        void ready(SelectionKey key, ByteBuffer staging);
    }

    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private volatile boolean stopped;

    EventLoop(String name) throws IOException {
        selector = Selector.open();
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Runs in the loop's thread, soon. */
    void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
        selector.wakeup();
    }

    /** Watches a non-blocking channel; call in the loop's thread. */
    SelectionKey register(SelectableChannel channel, int operations, Channel handler)
            throws IOException {
        return channel.register(selector, operations, handler);
    }

    void wakeup() {
        selector.wakeup();
    }

    private void run() {
        while (!stopped) {
            try {
                selector.select(this::handle);
                runTasks();
            } catch (IOException | RuntimeException e) {
                // One connection's fault must not end the others'.
                LOG.error("event loop {} goes on after a fault", thread.getName(), e);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing a selector", e);
        }
    }

    private void handle(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Channel channel) {
            channel.ready(key, staging);
        }
    }

    private void runTasks() {
        while (true) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.poll();
            }
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
