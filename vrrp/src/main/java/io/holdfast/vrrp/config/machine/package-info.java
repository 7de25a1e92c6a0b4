/**
 * Whether this machine has what a configuration names: interfaces, users, scripts that may be run.
 * Begin at {@link io.holdfast.vrrp.config.machine.MachineCheck}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.vrrp.config.machine;
