package io.holdfast.vrrp.driver;

import io.holdfast.vrrp.core.VrrpEvent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells events to the listener, in order, however long it takes. */
final class ListenerThread {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerThread.class);

    private final VrrpListener listener;
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean ends;

    ListenerThread(VrrpListener listener) {
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("vrrp-listener").daemon().start(this::run);
    }

    void tell(VrrpEvent event) {
        queue.add(
                () -> {
                    try {
                        listener.happened(event);
                    } catch (RuntimeException e) {
                        LOG.error("the listener failed at: {}", event.text(), e);
                    }
                });
    }

    /** Returns when all that was told has been heard. */
    void finish() {
        CountDownLatch heard = new CountDownLatch(1);
        queue.add(
                () -> {
                    ends = true;
                    heard.countDown();
                });
        try {
            heard.await();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!ends) {
            try {
                queue.take().run();
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
