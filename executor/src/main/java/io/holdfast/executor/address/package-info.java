/**
 * Floating addresses that cannot outlive their lease: {@code clusterd} drops them when the lease
 * ends, {@code storaged} does when {@code clusterd} is stuck or dead, and the kernel does when both
 * are.
 *
 * <p>Read {@link io.holdfast.executor.address.FloatingAddresses} (clusterd's side), then {@link
 * io.holdfast.executor.address.AddressReaper} (storaged's).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.executor.address;
