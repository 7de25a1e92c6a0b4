package io.holdfast.replication.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReplicationSimulationTest {
    private final ReplicationSimulation simulation = new ReplicationSimulation();

    @Test
    void acknowledgedWritesSurviveTwoHundredSeedsOfFaults() {
        for (long seed = 1; seed <= 200; seed++) {
            simulation.run(seed);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(simulation.run(7).fingerprint()).isEqualTo(simulation.run(7).fingerprint());
    }

    @Test
    @Tag("nightly")
    void acknowledgedWritesSurviveTenThousandSeedsOfFaults() {
        for (long seed = 1_000; seed < 11_000; seed++) {
            simulation.run(seed);
        }
    }
}
