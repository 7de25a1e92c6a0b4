package io.holdfast.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.check.CheckResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private final List<CheckResult> told = new ArrayList<>();
    private final Checks checks = new Checks(told::add);

    @Test
    void aCheckPassesWithWhatItSawOrFailsWithWhatWasWrong() throws InterruptedException {
        assertThat(checks.check("S0.1", () -> "seen")).isTrue();
        assertThat(
                        checks.check(
                                "S0.2",
                                () -> {
                                    Checks.require(false, "unseen");
                                    return "";
                                }))
                .isFalse();
        assertThat(
                        checks.check(
                                "S0.3",
                                () -> {
                                    throw new ProblemException(
                                            new Problem("what", "object", "why", "remedy"));
                                }))
                .isFalse();
        checks.skip("S0.4", "no tool");

        assertThat(checks.results()).isEqualTo(told);
        assertThat(told)
                .extracting(CheckResult::result)
                .containsExactly(Outcome.PASS, Outcome.FAIL, Outcome.FAIL, Outcome.SKIPPED);
        assertThat(told)
                .extracting(CheckResult::detail)
                .containsExactly(
                        "seen", "unseen", "object: what: why. To mend it: remedy.", "no tool");
        assertThat(checks.allPassed()).isFalse();
    }
}
