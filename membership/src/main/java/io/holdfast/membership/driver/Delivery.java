package io.holdfast.membership.driver;

import io.holdfast.base.LoopPulse;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which a listener hears everything but leases, in order. It may block there. */
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** More never waits in a node that keeps up. */
    static final int MOST_CALLS = 50_000;

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MOST_CALLS);
    private final Runnable overflow;
    private final Thread thread =
            Thread.ofPlatform().name("holdfast-delivery").daemon().unstarted(this::run);
    private final LoopPulse pulse = new LoopPulse();
    private volatile boolean closed;

    /**
     * Made before it is started.
     *
     * @param overflow told, on any thread, that a call could not be kept: news is lost from here on
     */
    Delivery(Runnable overflow) {
        this.overflow = overflow;
    }

    void start() {
        thread.start();
    }

    LoopPulse pulse() {
        return pulse;
    }

    void deliver(Runnable call) {
        if (!queue.offer(call) && !closed) {
            overflow.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        // Full, it has something to wake up for.
        boolean _ = queue.offer(() -> {});
    }

    private void run() {
        while (!closed) {
            try {
                Runnable call = queue.take();
                pulse.begin("what the listener does with news");
                if (!closed) {
                    call.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the membership's listener failed", e);
            } finally {
                pulse.end();
            }
        }
    }
}
