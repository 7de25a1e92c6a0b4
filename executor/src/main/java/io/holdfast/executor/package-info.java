/**
 * Doing it on a node: operations of resources through their agents, recurring monitors, time-outs
 * and what is known of each resource here.
 *
 * <p>Read {@link io.holdfast.executor.Executor} (what the controller asks), then {@link
 * io.holdfast.executor.core} (which operation runs when: pure), {@link io.holdfast.executor.agent}
 * (what an agent is), {@link io.holdfast.executor.builtin} (the agents that run in this process),
 * {@link io.holdfast.executor.external} (those that are programs) and {@link
 * io.holdfast.executor.driver} (threads and clock).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor;
