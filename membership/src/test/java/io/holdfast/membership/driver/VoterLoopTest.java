package io.holdfast.membership.driver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.LogPosition;
import io.holdfast.base.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoterLoopTest {
    @TempDir Path directory;

    @Test
    void aVoterWhoseDiskTakesNoWritesDoesNotStart() throws Exception {
        Files.createDirectory(directory.resolve("voter.new")); // where it would write

        assertThatThrownBy(
                        () ->
                                new VoterLoop(
                                        "voter",
                                        new VoterStateFile(directory),
                                        LogPosition.NONE,
                                        true,
                                        System.nanoTime(),
                                        (to, answer) -> {},
                                        problem -> {}))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("voter state cannot be written");
    }
}
