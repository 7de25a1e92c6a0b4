package io.holdfast.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.FaultScenarios;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ControllerSimulationTest {
    private final FaultScenario scenario = new ControllerSimulation();

    @Test
    void theSafetyRulesHoldUnderTwoHundredFixedSeeds() {
        for (long seed = 1; seed <= 200; seed++) {
            scenario.run(seed);
        }
    }

    /** An Outdated record that was in the log, but not committed, was answered as made. */
    @Test
    void theSafetyRulesHoldUnderSeedsThatOnceBrokeThem() {
        for (long seed :
                List.of(
                        -8159103194725399107L,
                        5038732001506380763L,
                        5342416803231102211L,
                        3397284908647794771L,
                        496586184588745715L)) {
            scenario.run(seed);
        }
    }

    @Test
    @Tag("nightly")
    void theSafetyRulesHoldUnderRandomSeeds() {
        SplittableRandom seeds = new SplittableRandom();
        for (int i = 0; i < 2_000; i++) {
            scenario.run(seeds.nextLong());
        }
    }

    @Test
    void theSameSeedTwiceGivesTheSameTrace() {
        assertThat(scenario.run(7).fingerprint()).isEqualTo(scenario.run(7).fingerprint());
    }

    @Test
    void theScenarioIsFoundByItsName() {
        assertThat(FaultScenarios.all()).extracting(FaultScenario::name).contains("controller");
    }
}
