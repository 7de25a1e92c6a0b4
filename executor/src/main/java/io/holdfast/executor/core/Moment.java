package io.holdfast.executor.core;

/**
 * When an event happened, on both of the node's clocks.
 *
 * @param epochMillis for people and histories; may jump
 * @param monotonicMillis for how long something took
 */
public record Moment(long epochMillis, long monotonicMillis) {}
