/**
 * Benchmarks: programs that print a table and keep it under {@code bench/results} with date and
 * machine. Medians, side by side with a peer where there is one; never a timed test.
 *
 * <p>Start at {@link io.holdfast.bench.BenchMain}.
 */
package io.holdfast.bench;
