/**
 * Which operation runs when: events in, effects out; no clock, no thread.
 *
 * <p>Read {@link io.holdfast.executor.core.ExecutorEvent} and {@link
 * io.holdfast.executor.core.ExecutorEffect}, then {@link
 * io.holdfast.executor.core.ResourceOperations} (one resource: its table of states), then {@link
 * io.holdfast.executor.core.ExecutorCore} (all of them, and giving everything up).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.core;
