package io.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.check.Scenario;
import io.holdfast.lab.scenario.Scenarios;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LabMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commands =
            LabMain.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true));

    @Test
    void helpNamesTheCommands() {
        assertThat(commands.execute("--help")).isZero();
        assertThat(out.toString()).contains("demo", "lab", "simulate-faults");
    }

    @Test
    void anUnknownScenarioIsAProblemThatNamesTheKnownOnes() {
        assertThat(commands.execute("lab", "run", "s99")).isEqualTo(1);
        assertThat(err.toString())
                .contains("s99: there is no such scenario: there are demo, s2-vrrp, s3-vrrp, s4")
                .doesNotContain("Exception");
    }

    @Test
    void scenariosHaveNamesOfTheirOwn() {
        assertThat(Scenarios.all())
                .extracting(Scenario::name)
                .doesNotHaveDuplicates()
                .contains("demo", "s4");
    }

    @Test
    void anUnknownFaultScenarioIsAProblem() {
        assertThat(commands.execute("simulate-faults", "--scenario", "nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no such fault scenario");
    }
}
