package io.holdfast.daemon.keepalived.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** getopt_long's rules. */
class CommandLineReaderTest {
    @Test
    void lettersMayShareAWordAndTheirValueMayFollowOrBeGluedOn() {
        assertThat(CommandLineReader.read(List.of("-nlD", "-f", "a", "-pb", "-t", "-tc")))
                .containsEntry(Option.DONT_FORK, "")
                .containsEntry(Option.LOG_DETAIL, "")
                .containsEntry(Option.USE_FILE, "a")
                .containsEntry(Option.PID, "b")
                .containsEntry(Option.CONFIG_TEST, "c");
    }

    @Test
    void wordsMayBeShortenedWhileTheyAreUnmistakable() {
        assertThat(
                        CommandLineReader.read(
                                List.of("--dont-fork", "--use=x", "--config-t", "--pid", "y")))
                .containsEntry(Option.DONT_FORK, "")
                .containsEntry(Option.USE_FILE, "x")
                .containsEntry(Option.CONFIG_TEST, "")
                .containsEntry(Option.PID, "y");
        assertThatThrownBy(() -> CommandLineReader.read(List.of("--log")))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void whatIsNoOptionIsRefused() {
        for (List<String> words :
                List.of(
                        List.of("-q"),
                        List.of("--nothing"),
                        List.of("word"),
                        List.of("-f"),
                        List.of("--dont-fork=1"))) {
            assertThatThrownBy(() -> CommandLineReader.read(words))
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(
                        CommandLineReader.help()
                                .lines()
                                .filter(l -> l.startsWith("  ") && l.contains("--")))
                .hasSizeGreaterThanOrEqualTo(Option.values().length);
    }
}
