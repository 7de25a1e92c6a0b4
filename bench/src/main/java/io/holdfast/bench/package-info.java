/** Benchmarks beside their peers. */
package io.holdfast.bench;
