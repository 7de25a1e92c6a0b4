package io.holdfast.simulator;

import io.holdfast.base.Invariant;

/**
 * How a network treats messages.
 *
 * @param lowestDelayNanos and {@code highestDelayNanos}: each message draws its own delay between
 *     them, so a wide range reorders
 * @param lossProbability of a message, 0 to 1
 * @param duplicationProbability of a second delivery, with a delay of its own
 * @param inOrder whether messages of one sender to one receiver keep their order, as on a stream
 */
public record LinkConditions(
        long lowestDelayNanos,
        long highestDelayNanos,
        double lossProbability,
        double duplicationProbability,
        boolean inOrder) {
    /** 20 to 200 µs, nothing lost. */
    public static final LinkConditions GOOD = new LinkConditions(20_000, 200_000, 0, 0, false);

    /** As {@link #GOOD}, in order: a connection, as long as nothing is cut. */
    public static final LinkConditions STREAM = new LinkConditions(20_000, 200_000, 0, 0, true);

    public LinkConditions {
        Invariant.check(
                0 <= lowestDelayNanos && lowestDelayNanos <= highestDelayNanos,
                "delays are not in order: %d to %d ns",
                lowestDelayNanos,
                highestDelayNanos);
    }

    /** Draws a bad day: up to {@code worstDelayNanos}, up to 20 % lost, up to 10 % doubled. */
    public static LinkConditions drawBad(Simulation simulation, long worstDelayNanos) {
        return new LinkConditions(
                20_000,
                simulation.randomNanos(20_000, worstDelayNanos),
                simulation.random().nextDouble(0.2),
                simulation.random().nextDouble(0.1),
                false);
    }
}
