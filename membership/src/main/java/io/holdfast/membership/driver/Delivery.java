package io.holdfast.membership.driver;

import io.holdfast.base.LoopPulse;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which a listener hears everything but leases, in order. It may block there. */
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("holdfast-delivery").daemon().unstarted(this::run);
    private final LoopPulse pulse = new LoopPulse();
    private volatile boolean closed;

    void start() {
        thread.start();
    }

    LoopPulse pulse() {
        return pulse;
    }

    void deliver(Runnable call) {
        queue.add(call);
    }

    @Override
    public void close() {
        closed = true;
        queue.add(() -> {});
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
