/**
 * The safety kernel under simulated faults: {@link
 * io.holdfast.membership.simulation.QuorumSimulation} builds a cluster of {@link
 * io.holdfast.membership.simulation.SimulatedMember}s and a witness, hurts it, and lets {@link
 * io.holdfast.membership.simulation.SafetyRules} look after every event.
 */
package io.holdfast.membership.simulation;
