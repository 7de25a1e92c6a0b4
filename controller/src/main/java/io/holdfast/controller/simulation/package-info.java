/**
 * Controllers under simulated faults: {@link
 * io.holdfast.controller.simulation.ControllerSimulation} builds a cluster of {@link
 * io.holdfast.controller.simulation.SimulatedController}s with a membership that keeps its promises
 * ({@link io.holdfast.controller.simulation.SimulatedMembership}), executors and a replicated
 * volume, hurts it, and lets {@link io.holdfast.controller.simulation.SafetyRules} look after every
 * event.
 */
package io.holdfast.controller.simulation;
