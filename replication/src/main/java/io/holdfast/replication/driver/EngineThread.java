package io.holdfast.replication.driver;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The one thread that owns a volume's engine: takes events in the order they come, and lets time
 * pass every {@value #TICK_MILLIS} ms, more rarely while nothing is going on.
 */
final class EngineThread implements AutoCloseable {
    static final long TICK_MILLIS = 10;

    private static final long QUIET_TICK_MILLIS = 100;

    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Runnable tick;
    private final BooleanSupplier quiet;
    private final Runnable afterEach;
    private final Consumer<Throwable> failed;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Makes the thread; it does not run yet.
     *
     * @param tick called in between events
     * @param quiet whether nothing is going on, so that ticks may be rare: many idle volumes must
     *     not keep a processor awake
     * @param afterEach called after each event and tick
     * @param failed told of an event that threw: a bug; nothing runs after it
     */
    EngineThread(
            String name,
            Runnable tick,
            BooleanSupplier quiet,
            Runnable afterEach,
            Consumer<Throwable> failed) {
        this.tick = tick;
        this.quiet = quiet;
        this.afterEach = afterEach;
        this.failed = failed;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Runs {@code event} on the thread, after all that were posted before; any thread. */
    void post(Runnable event) {
        if (!closed) {
            events.add(event);
        }
    }

    // A bug must not leave a half-changed engine running: the volume stops, and says so.
    @SuppressWarnings("CatchingUnchecked")
    private void run() {
        long lastTick = System.nanoTime();
        try {
            while (!closed) {
                Runnable event = events.poll();
                if (event == null) {
                    long patience = quiet.getAsBoolean() ? QUIET_TICK_MILLIS : TICK_MILLIS;
                    event = events.poll(patience, TimeUnit.MILLISECONDS);
                }
                if (event != null) {
                    event.run();
                }
                long now = System.nanoTime();
                if (now - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    lastTick = now;
                    tick.run();
                }
                afterEach.run();
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (RuntimeException | Error e) {
            closed = true;
            failed.accept(e);
        }
    }

    /** Ends the thread after the event it is in; what is queued is dropped. */
    @Override
    public void close() {
        closed = true;
        if (!Thread.currentThread().equals(thread)) {
            thread.interrupt();
            joinUninterruptibly();
        }
    }

    private void joinUninterruptibly() {
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
