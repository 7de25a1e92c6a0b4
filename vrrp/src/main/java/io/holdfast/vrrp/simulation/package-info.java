/**
 * The core under faults, for tests and {@code ./holdfast simulate-faults --scenario vrrp}. Read
 * {@link io.holdfast.vrrp.simulation.VrrpSimulation} (what happens), then {@code SegmentRules}
 * (what must hold after every event).
 */
package io.holdfast.vrrp.simulation;
