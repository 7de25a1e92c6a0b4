package io.holdfast.vrrp.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.FaultScenarios;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VrrpSimulationTest {
    private final FaultScenario scenario = new VrrpSimulation();

    @Test
    void theRulesHoldUnderFourHundredFixedSeeds() {
        for (long seed = 1; seed <= 400; seed++) {
            scenario.run(seed);
        }
    }

    @Test
    @Tag("nightly")
    void theRulesHoldUnderRandomSeeds() {
        SplittableRandom seeds = new SplittableRandom();
        for (int i = 0; i < 20_000; i++) {
            scenario.run(seeds.nextLong());
        }
    }

    @Test
    void theSameSeedTwiceGivesTheSameTrace() {
        assertThat(scenario.run(77).fingerprint()).isEqualTo(scenario.run(77).fingerprint());
    }

    @Test
    void theScenarioIsFoundByItsName() {
        assertThat(FaultScenarios.all()).extracting(FaultScenario::name).contains("vrrp");
    }
}
