package io.holdfast.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.ProblemException;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.story.LabLogs;
import io.holdfast.lab.world.LabRequirements;
import io.holdfast.linux.process.PidDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A clusterd ends while it runs a resource that no lease gates; told to, and killed. */
class ClusterdRestartTest {
    private static final long WAIT_MILLIS = 60_000;

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void whatItRanIsStoppedBeforeItGoesOrByTheNext() throws IOException {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        try (LabCluster cluster = DemoCluster.build(HoldfastProgram.underTest())) {
            LabNode first = cluster.nodes().getFirst();
            LabNode other = cluster.peerOf(first);
            cluster.start(System.out::println);
            try {
                Path file = first.paths().etc().resolve("lone.crm");
                Files.writeString(
                        file,
                        "primitive lone ocf:pacemaker:Dummy op monitor interval=10s\n"
                                + "location lone-prefers lone 1000: "
                                + first.name()
                                + "\n");
                cluster.run(first, "crm", "configure", "load", "update", file.toString());
                Waiting.until("lone runs on " + first, WAIT_MILLIS, () -> missing(first));

                assertThat(first.signalDaemon("clusterd", PidDescriptor.SIGTERM)).isTrue();
                Waiting.until("lone runs on " + other, WAIT_MILLIS, () -> missing(other));
                assertThat(missing(first)).as("told to stop, it stopped it first").isPresent();

                first.startDaemon("clusterd");
                first.awaitDaemons(WAIT_MILLIS);
                Waiting.until("lone is back on " + first, WAIT_MILLIS, () -> missing(first));
                assertThat(first.signalDaemon("clusterd", PidDescriptor.SIGKILL)).isTrue();
                Waiting.until("lone runs on " + other, WAIT_MILLIS, () -> missing(other));
                assertThat(missing(first)).as("killed, it leaves it running").isEmpty();

                // Cut off, so that nobody can tell the next one what to do.
                first.host().isolate();
                first.startDaemon("clusterd");
                Waiting.until(
                        "what the killed one left is stopped",
                        WAIT_MILLIS,
                        () ->
                                missing(first).isPresent()
                                        ? Optional.empty()
                                        : Optional.of(first.endOfLog("clusterd")));
            } catch (ProblemException | AssertionError e) {
                LabLogs.print(cluster.lab());
                throw e;
            }
        }
    }

    /** What is missing for the resource to run there, looked at from outside. */
    private static Optional<String> missing(LabNode node) {
        Path file = node.paths().run().resolve("agents/Dummy-lone.state");
        return Files.exists(file) ? Optional.empty() : Optional.of("there is no " + file);
    }
}
