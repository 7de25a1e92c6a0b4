/**
 * Threads, clock and timers of an executor. Read {@link io.holdfast.executor.driver.LocalExecutor}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.driver;
