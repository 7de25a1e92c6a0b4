package io.holdfast.base;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the thread of an event loop is working on, for a watchdog to look at. The loop's thread
 * writes, any thread reads.
 */
public final class LoopPulse {
    /**
     * One event that is being handled.
     *
     * @param number differs from that of every other event of the loop
     * @param what its kind, without anything secret
     */
    public record Work(long number, String what, Thread thread) {}

    private long lastNumber;
    private volatile @Nullable Work work;

    /** The calling thread, the loop's, takes an event up. */
    public void begin(String what) {
        work = new Work(++lastNumber, what, Thread.currentThread());
    }

    /** It is done; the loop waits for the next. */
    public void end() {
        work = null;
    }

    /** What is being handled; empty while the loop waits. */
    public Optional<Work> work() {
        return Optional.ofNullable(work);
    }
}
