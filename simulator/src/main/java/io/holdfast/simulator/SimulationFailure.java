package io.holdfast.simulator;

import java.util.List;

/** A run that broke an invariant or did not converge, with the way to see it again. */
public final class SimulationFailure extends AssertionError {
    private static final int LINES_SHOWN = 60;

    private final String scenario;
    private final long seed;
    private final transient List<String> traceTail;

    public SimulationFailure(String scenario, long seed, List<String> traceTail, Throwable cause) {
        super(
                scenario
                        + " failed: "
                        + cause.getMessage()
                        + "\nreplay: "
                        + replayCommand(scenario, seed)
                        + "\nlast events:\n  "
                        + String.join("\n  ", lastOf(traceTail)),
                cause);
        this.scenario = scenario;
        this.seed = seed;
        this.traceTail = List.copyOf(traceTail);
    }

    public String scenario() {
        return scenario;
    }

    public long seed() {
        return seed;
    }

    public String replayCommand() {
        return replayCommand(scenario, seed);
    }

    /** The last lines of the trace, oldest first; more than the message shows. */
    public List<String> traceTail() {
        return traceTail;
    }

    private static String replayCommand(String scenario, long seed) {
        return "./holdfast simulate-faults --scenario " + scenario + " --seed " + seed;
    }

    private static List<String> lastOf(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    }
}
