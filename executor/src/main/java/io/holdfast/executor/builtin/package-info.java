/**
 * Agents that run in this process and answer within milliseconds, under the names that existing
 * configurations use.
 *
 * <p>Read {@link io.holdfast.executor.builtin.BuiltInAgents} (which), then {@link
 * io.holdfast.executor.builtin.DrbdAgent}, the one that promotes, and {@link
 * io.holdfast.executor.builtin.AddressAgent}, {@link io.holdfast.executor.builtin.TargetAgent},
 * {@link io.holdfast.executor.builtin.LogicalUnitAgent}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.builtin;
