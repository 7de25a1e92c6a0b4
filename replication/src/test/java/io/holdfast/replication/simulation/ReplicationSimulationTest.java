package io.holdfast.replication.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationSimulationTest {
    private final ReplicationSimulation simulation = new ReplicationSimulation();

    @Test
    void acknowledgedWritesSurviveTwoHundredSeedsOfFaults() {
        for (long seed = 1; seed <= 200; seed++) {
            simulation.run(seed);
        }
    }

    /** Each once broke an invariant. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                597, 855, 1062, 1113, 1398, 1446, 1736, 1848, 2196, 2396, 2706, 2745, 3033, 3065,
                3380, 4238, 4247, 4537, 4879, 4937, 8223, 9344
            })
    void aSeedThatOnceFailedPasses(long seed) {
        simulation.run(seed);
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
