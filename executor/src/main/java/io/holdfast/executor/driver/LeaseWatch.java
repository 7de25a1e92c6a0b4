package io.holdfast.executor.driver;

import io.holdfast.executor.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the lease and tells the executor when it ends and when it is back, so that what no lease
 * gates does not run on a node that others have given up.
 */
public final class LeaseWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

    /** How much later than its end a lease's end is noticed here, at most. */
    private static final long PERIOD_MILLIS = 20;

    private final LongSupplier leaseUntilNanos;
    private final BooleanSupplier maintenance;
    private final Executor executor;
    private final ScheduledThreadPoolExecutor watch =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("lease-watch").factory());
    private boolean running;

    /**
     * Begins to look.
     *
     * @param leaseUntilNanos until when ({@link System#nanoTime}) this node may act
     * @param maintenance whether the cluster manages nothing now: then nobody takes over, and what
     *     runs goes on
     */
    public LeaseWatch(
            LongSupplier leaseUntilNanos, BooleanSupplier maintenance, Executor executor) {
        this.leaseUntilNanos = leaseUntilNanos;
        this.maintenance = maintenance;
        this.executor = executor;
        if (!maintenance.getAsBoolean()) {
            executor.leaseChanged(false);
        }
        var _ =
                watch.scheduleWithFixedDelay(
                        this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        boolean now = leaseUntilNanos.getAsLong() - System.nanoTime() > 0;
        if (now != running && (now || !maintenance.getAsBoolean())) {
            running = now;
            LOG.info(
                    now ? "the lease runs" : "the lease is over: what it does not gate is stopped");
            executor.leaseChanged(now);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
