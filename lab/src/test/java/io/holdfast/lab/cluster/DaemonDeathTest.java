package io.holdfast.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.story.LabLogs;
import io.holdfast.lab.world.LabRequirements;
import io.holdfast.lab.writer.WriterProcess;
import io.holdfast.linux.process.PidDescriptor;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One daemon of the active server is killed, and nobody starts it again. */
class DaemonDeathTest {
    private static final long WAIT_MILLIS = 60_000;
    private static final int BLOCKS = 2048;

    @ParameterizedTest
    @ValueSource(strings = {"clusterd", "storaged"})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void theOtherServerTakesOverAndNothingIsLost(String daemon) throws Exception {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        try (LabCluster cluster = DemoCluster.build(HoldfastProgram.underTest())) {
            Volume volume = cluster.plan().volumes().getFirst();
            cluster.start(System.out::println);
            try (WriterProcess writer = cluster.startWriter(cluster.client(), volume, 1, BLOCKS)) {
                writer.awaitReady(WAIT_MILLIS);
                awaitAcknowledgements(writer, 50);

                long killedAt = System.nanoTime();
                assertThat(
                                cluster.node(volume.preferred())
                                        .signalDaemon(daemon, PidDescriptor.SIGKILL))
                        .isTrue();
                LabNode survivor = cluster.peerOf(cluster.node(volume.preferred()));
                Waiting.until(
                        volume.name() + " is served by " + survivor,
                        WAIT_MILLIS,
                        () ->
                                survivor.picture()
                                                .nodeOfGroup(volume.groupResource())
                                                .filter(survivor.name()::equals)
                                                .isPresent()
                                        ? Optional.empty()
                                        : Optional.of(survivor.status().resources().toString()));
                awaitAcknowledgements(writer, 50);

                writer.pause(WAIT_MILLIS);
                WriterProcess.Verification read = writer.verify(WAIT_MILLIS);
                assertThat(read.damages()).isEmpty();
                assertThat(read.blocks()).isGreaterThan(90);
                System.out.println(
                        daemon
                                + " killed: longest gap "
                                + writer.timeline().longestGap(killedAt, System.nanoTime()).millis()
                                + " ms");
            } catch (ProblemException | AssertionError e) {
                LabLogs.print(cluster.lab());
                throw e;
            }
        }
    }

    private static void awaitAcknowledgements(WriterProcess writer, int count) {
        long since = System.nanoTime();
        Waiting.until(
                count + " writes are acknowledged",
                WAIT_MILLIS,
                () -> {
                    long seen = writer.timeline().acknowledgementsBetween(since, System.nanoTime());
                    return seen >= count
                            ? Optional.empty()
                            : Optional.of(seen + "; " + writer.lastLines());
                });
    }
}
