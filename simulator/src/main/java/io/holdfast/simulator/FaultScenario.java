package io.holdfast.simulator;

/**
 * A simulation that a room offers to its tests and to {@code ./holdfast simulate-faults}; found by
 * {@link java.util.ServiceLoader}, so name it in {@code
 * META-INF/services/io.holdfast.simulator.FaultScenario}.
 */
public interface FaultScenario {
    /** Short, for the command line: {@code quorum}. */
    String name();

    /** Builds a cluster in the simulation, hurts it, checks its invariants, heals, converges. */
    void simulate(Simulation simulation);

    /**
     * One whole run.
     *
     * @return what happened, for comparison with another run of the seed
     * @throws SimulationFailure with the seed and the command that replays it
     */
    default Trace run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulate(simulation);
        } catch (RuntimeException | AssertionError e) {
            throw new SimulationFailure(name(), seed, simulation.trace().tail(), e);
        }
        return simulation.trace();
    }
}
