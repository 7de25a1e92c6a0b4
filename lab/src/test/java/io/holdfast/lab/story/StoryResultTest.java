package io.holdfast.lab.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.lab.check.CheckReport;
import io.holdfast.lab.check.CheckResult;
import io.holdfast.lab.check.CheckResult.Outcome;
import io.holdfast.lab.story.StepResult.Replicas;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryResultTest {
    private static final StepResult STEP =
            new StepResult(
                    StepName.PLANNED_MOVE,
                    84,
                    312,
                    0,
                    Replicas.EQUAL,
                    List.of("it moved"),
                    List.of());

    @TempDir private Path folder;

    @Test
    void theDemosJsonHasTheFieldsThatWereAgreedOn() throws Exception {
        StoryResult result =
                new StoryResult(List.of(STEP), true, 312, 0, 8.5, 31.0, List.of(), null);
        Path file = folder.resolve("demo.json");
        CheckReport.writeJson(file, result);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.get("steps").toString())
                .isEqualTo(
                        "[{\"name\":\"planned-move\",\"gapMillis\":84,\"ackedWrites\":312,"
                                + "\"lostWrites\":0}]");
        assertThat(json.get("seen").toString())
                .isEqualTo(
                        "[{\"step\":\"planned-move\",\"replicas\":\"EQUAL\","
                                + "\"facts\":[\"it moved\"],\"failures\":[]}]");
        assertThat(json.get("replicasEqual").asBoolean()).isTrue();
        assertThat(json.has("failure")).isFalse();
    }

    @Test
    void checksAreWrittenByTheirNumbers() throws Exception {
        Path file = folder.resolve("checks.json");
        new CheckReport(
                        List.of(
                                new CheckResult("S4.5", Outcome.PASS, "one"),
                                new CheckResult("S4.6", Outcome.FAIL, "two"),
                                new CheckResult("S4.7", Outcome.SKIPPED, "three")))
                .write(file);
        JsonNode checks = new ObjectMapper().readTree(file.toFile()).get("checks");
        assertThat(checks.get(0).toString())
                .isEqualTo("{\"id\":\"S4.5\",\"result\":\"pass\",\"detail\":\"one\"}");
        assertThat(checks.get(1).get("result").asText()).isEqualTo("fail");
        assertThat(checks.get(2).get("result").asText()).isEqualTo("skipped");
    }

    @Test
    void anythingLostOrDifferentOrUnfinishedIsNoSuccess() {
        assertThat(result(true, 0, null).passed()).isTrue();
        assertThat(result(false, 0, null).passed()).isFalse();
        assertThat(result(true, 1, null).passed()).isFalse();
        assertThat(result(true, 0, "no quorum").passed()).isFalse();
    }

    private static StoryResult result(boolean equal, long lost, String failure) {
        return new StoryResult(List.of(STEP), equal, 312, lost, 1, 2, List.of(), failure);
    }
}
