package io.holdfast.simulator;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A deterministic event loop: virtual time, one source of randomness, invariants after each event.
 *
 * <p>Time here is <em>true</em> time, which no node can read: nodes see only their own {@linkplain
 * SimulatedNode#nanoTime() drifting clock}. Events at the same instant run in the order they were
 * scheduled. Nothing in a simulation may use threads, wall clocks, or iterate unordered
 * collections; then the same seed gives the same {@link Trace}.
 */
public final class Simulation {
    /** How far the rate of a node's clock may be off, either way: 1 %. */
    public static final int MAX_DRIFT_PARTS_PER_MILLION = 10_000;

    /** More events than this in one run means a loop without progress. */
    private static final long MAX_EVENTS = 50_000_000;

    private record Event(long atNanos, long sequence, Runnable action) {}

    private final long seed;
    private final SplittableRandom random;
    private final Trace trace = new Trace();
    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::sequence));
    private final List<Runnable> invariants = new ArrayList<>();
    private long nowNanos;
    private long nextSequence;
    private long eventsRun;

    public Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    public long seed() {
        return seed;
    }

    /** The one source of randomness of this run. */
    public SplittableRandom random() {
        return random;
    }

    /** True time in nanoseconds since the run began; for invariants and faults, never for nodes. */
    public long nowNanos() {
        return nowNanos;
    }

    public Trace trace() {
        return trace;
    }

    /** Adds a line to the trace, stamped with true time. */
    public void note(String line) {
        trace.add(nowNanos, line);
    }

    /** A machine with a random clock offset and drift, alive from the start. */
    public SimulatedNode newNode(NodeId id) {
        return new SimulatedNode(this, id);
    }

    /**
     * Runs {@code action} after true time; for faults and the world, see nodes for their timers.
     */
    public void after(long delayNanos, Runnable action) {
        Invariant.check(delayNanos >= 0, "an event lies in the past: %d ns", delayNanos);
        queue.add(new Event(nowNanos + delayNanos, nextSequence++, action));
    }

    /** Registers a check that runs after every event; it throws when the invariant is broken. */
    public void checkAfterEveryEvent(Runnable invariant) {
        invariants.add(invariant);
    }

    /** Runs every event of the next {@code durationNanos} of true time, then stands there. */
    public void runFor(long durationNanos) {
        long untilNanos = nowNanos + durationNanos;
        while (hasEventUntil(untilNanos)) {
            runNextEvent();
        }
        nowNanos = untilNanos;
    }

    /**
     * Runs until {@code condition} holds, at most {@code limitNanos} of true time.
     *
     * @return whether it came to hold
     */
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        long untilNanos = nowNanos + limitNanos;
        while (!condition.getAsBoolean()) {
            if (!hasEventUntil(untilNanos)) {
                nowNanos = untilNanos;
                return condition.getAsBoolean();
            }
            runNextEvent();
        }
        return true;
    }

    /** A random duration, both ends included. */
    public long randomNanos(long lowestNanos, long highestNanos) {
        return random.nextLong(lowestNanos, highestNanos + 1);
    }

    /** True with the given probability, 0 to 1. */
    public boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private boolean hasEventUntil(long untilNanos) {
        Event next = queue.peek();
        return next != null && next.atNanos <= untilNanos;
    }

    private void runNextEvent() {
        Event event = queue.remove();
        nowNanos = event.atNanos;
        Invariant.check(++eventsRun <= MAX_EVENTS, "more than %d events: a loop?", MAX_EVENTS);
        event.action.run();
        invariants.forEach(Runnable::run);
    }
}
