package io.holdfast.lab.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabRequirements;
import io.holdfast.lab.writer.AckTimeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The demo itself, once: real daemons in namespaces, real power cuts, a client that keeps count.
 */
class FailoverStoryTest {
    private static final long VERY_LONG_GAP_MILLIS = 20_000;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void aReplicatedDiskOutlivesItsServerAndNothingIsLostOrLeftBehind() throws Exception {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        Path directory;
        List<Long> firstProcesses;
        StoryResult result;
        try (LabCluster cluster = DemoCluster.build(HoldfastProgram.underTest())) {
            directory = cluster.lab().directory();
            firstProcesses = cluster.lab().hosts().stream().map(LabHost::firstProcessId).toList();
            result = new StoryTeller(cluster, new Narration()).tell(System.nanoTime());
            if (!result.passed()) {
                LabLogs.print(cluster.lab());
            }
        }

        assertThat(result.failure()).isNull();
        assertThat(result.steps()).extracting(StepResult::name).containsExactly(StepName.values());
        assertThat(result.steps())
                .allSatisfy(
                        step -> {
                            assertThat(step.failures()).isEmpty();
                            assertThat(step.ackedWrites()).isPositive();
                            assertThat(step.lostWrites()).isZero();
                            assertThat(step.gapMillis()).isBetween(1L, VERY_LONG_GAP_MILLIS);
                        });
        assertThat(result.replicasEqual()).isTrue();
        assertThat(directory).doesNotExist();
        assertThat(firstProcesses).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
        assertThat(processesOf(directory)).isEmpty();
    }

    /** Processes that were told where the lab is, by their arguments or their environment. */
    private static List<String> processesOf(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> mentions(process.pid(), directory.toString()))
                .map(process -> process.pid() + " " + process.info().commandLine().orElse("?"))
                .toList();
    }

    private static boolean mentions(long pid, String text) {
        return List.of("cmdline", "environ").stream()
                .anyMatch(
                        file -> {
                            try {
                                Path path = Path.of("/proc", String.valueOf(pid), file);
                                return Arrays.stream(
                                                Files.readString(path, StandardCharsets.ISO_8859_1)
                                                        .split("\0", -1))
                                        .anyMatch(word -> word.contains(text));
                            } catch (IOException e) {
                                return false; // It ended meanwhile.
                            }
                        });
    }

    /** The story in the test's output, so that a failure can be placed. */
    private static final class Narration implements StoryListener {
        @Override
        public void told(String text) {
            System.out.println(text);
        }

        @Override
        public void started(LabCluster cluster, AckTimeline client) {
            System.out.println("the cluster serves");
        }

        @Override
        public void stepBegan(StepName name, String sentence, long sinceNanos) {
            System.out.println(sentence);
        }

        @Override
        public void stepEnded(StepResult result) {
            System.out.println("  " + result);
        }
    }
}
