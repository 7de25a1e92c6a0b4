/**
 * Whole clusters simulated in one thread from one seed: virtual time, drifting clocks, a network
 * that loses and reorders, disks that forget what was not synced, crashes and pauses. The cores of
 * the protocol rooms run here unchanged; the same seed gives the same run, event for event.
 *
 * <p>Read {@link io.holdfast.simulator.Simulation} (time and events) first, then {@link
 * io.holdfast.simulator.SimulatedNode} (a machine: clock, timers, crash, restart, pause), {@link
 * io.holdfast.simulator.SimulatedNetwork} and {@link io.holdfast.simulator.SimulatedDisk} (what may
 * go wrong there), {@link io.holdfast.simulator.RandomFaults} (a seeded schedule of all that), and
 * last {@link io.holdfast.simulator.FaultScenario} (how a room offers a simulation to tests and to
 * {@code ./holdfast simulate-faults}).
 */
package io.holdfast.simulator;
