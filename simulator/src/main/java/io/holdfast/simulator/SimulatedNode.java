package io.holdfast.simulator;

import io.holdfast.base.Invariant;
import io.holdfast.base.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A machine: a clock that runs up to 1 % wrong, timers, a disk, and the ways it can fail.
 *
 * <pre>
 *            crash                pause
 *   down  <---------  running  ---------->  paused
 *     |   --------->     ^     <----------    |
 *     |    restart       |       resume       |
 *     |<---------------- crash ---------------|
 * </pre>
 *
 * The software on it is one object made by the {@linkplain #boot boot program}; everything that it
 * does later happens in callbacks of this node: timers set by {@link #after} and messages from a
 * {@link SimulatedNetwork}. A crash forgets that object, all timers and what the disk had not
 * synced; a restart boots afresh with a new incarnation. While paused, callbacks wait and the clock
 * runs on, as when a virtual machine's process is stopped.
 */
public final class SimulatedNode {
    private final Simulation simulation;
    private final NodeId id;
    private final SimulatedDisk disk;
    private final Deque<Runnable> heldBack = new ArrayDeque<>();
    private Runnable boot = () -> {};
    private boolean alive = true;
    private boolean paused;
    private long incarnation = 1;
    private long clockOffsetNanos;
    private long driftPartsPerMillion;

    SimulatedNode(Simulation simulation, NodeId id) {
        this.simulation = simulation;
        this.id = id;
        this.disk = new SimulatedDisk(this);
        drawClock();
    }

    public NodeId id() {
        return id;
    }

    public SimulatedDisk disk() {
        return disk;
    }

    public boolean isAlive() {
        return alive;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Counts boots, the first is 1. */
    public long incarnation() {
        return incarnation;
    }

    /** Sets what runs now and after each restart: it builds the node's software from its disk. */
    public void boot(Runnable program) {
        boot = program;
        program.run();
    }

    /** This node's monotonic clock, as {@link System#nanoTime} would show it. */
    public long nanoTime() {
        return nanoTimeAt(simulation.nowNanos());
    }

    /** What this incarnation's clock shows at a true time; for invariants. */
    public long nanoTimeAt(long trueNanos) {
        return clockOffsetNanos + trueNanos + trueNanos * driftPartsPerMillion / 1_000_000;
    }

    /** The true time at which this incarnation's clock shows {@code localNanos}; for invariants. */
    public long trueTimeOf(long localNanos) {
        return (localNanos - clockOffsetNanos) * 1_000 / (1_000 + driftPartsPerMillion / 1_000);
    }

    /** Runs {@code action} after a duration of this node's own clock, unless it crashes before. */
    public void after(long localDelayNanos, Runnable action) {
        Invariant.check(localDelayNanos >= 0, "a timer lies in the past: %d ns", localDelayNanos);
        long rate = 1_000_000 + driftPartsPerMillion;
        // Rounded up, so that a timer never fires before its node's clock says so.
        long trueDelay = (localDelayNanos * 1_000 + rate / 1_000 - 1) / (rate / 1_000) + 1;
        scheduleAfterTrueNanos(trueDelay, action);
    }

    /** Stops at once: software, timers and unsynced writes are gone. */
    public void crash() {
        if (!alive) {
            return;
        }
        simulation.note(id + " crashes");
        alive = false;
        paused = false;
        heldBack.clear();
        disk.loseUnsyncedWrites();
    }

    /** Boots again with a new incarnation and a new clock offset and drift. */
    public void restart() {
        if (alive) {
            return;
        }
        simulation.note(id + " restarts");
        alive = true;
        incarnation++;
        drawClock();
        boot.run();
    }

    /** Stops running while its clock runs on. */
    public void pause() {
        if (alive && !paused) {
            simulation.note(id + " is paused");
            paused = true;
        }
    }

    /** Goes on; what was held back runs first, in order. */
    public void resume() {
        if (!paused) {
            return;
        }
        simulation.note(id + " resumes");
        paused = false;
        while (!heldBack.isEmpty() && alive && !paused) {
            heldBack.removeFirst().run();
        }
    }

    Simulation simulation() {
        return simulation;
    }

    /** A callback into this node's software: dropped after a crash, held back while paused. */
    void scheduleAfterTrueNanos(long delayNanos, Runnable action) {
        long scheduledIn = incarnation;
        simulation.after(
                delayNanos,
                () -> {
                    if (alive && incarnation == scheduledIn) {
                        runOrHoldBack(action);
                    }
                });
    }

    void runOrHoldBack(Runnable action) {
        if (paused) {
            heldBack.addLast(action);
        } else {
            action.run();
        }
    }

    private void drawClock() {
        int worst = Simulation.MAX_DRIFT_PARTS_PER_MILLION;
        // Whole thousands keep the arithmetic of after() exact; the extremes are drawn often.
        driftPartsPerMillion =
                switch (simulation.random().nextInt(4)) {
                    case 0 -> -worst;
                    case 1 -> worst;
                    default ->
                            simulation.random().nextInt(-worst / 1_000, worst / 1_000 + 1) * 1_000L;
                };
        clockOffsetNanos = simulation.random().nextLong(1_000_000_000_000L);
    }
}
