package io.holdfast.daemon;

import io.holdfast.linux.process.CompilerThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a daemon until SIGTERM or Ctrl-C, then closes it before the process ends. */
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long CLOSING_SECONDS = 50;

    /**
     * Below every other thread of a daemon: what compilers save later must not be paid for in a
     * failover (docs/adr/0006).
     */
    private static final int NICENESS_OF_COMPILERS = 5;

    private Shutdown() {}

    /** Starts what {@code daemon} makes and returns 0 once it was told to stop and is closed. */
    public static int runUntilTold(Supplier<? extends AutoCloseable> daemon)
            throws InterruptedException {
        CompilerThreads.setNiceness(NICENESS_OF_COMPILERS);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (AutoCloseable running = daemon.get()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> tell(told, closed), "shutdown"));
            told.await();
            Supervisor.tellStopping();
            LOG.info("told to stop: closing {}", running.getClass().getSimpleName());
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the daemon did not close", e);
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private static void tell(CountDownLatch told, CountDownLatch closed) {
        told.countDown();
        try {
            // The process ends when this hook does.
            boolean _ = closed.await(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
