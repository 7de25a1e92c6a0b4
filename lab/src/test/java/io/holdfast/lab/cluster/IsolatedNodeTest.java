package io.holdfast.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.ProblemException;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.story.LabLogs;
import io.holdfast.lab.world.LabRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node is cut off while it runs a resource that no lease gates. */
class IsolatedNodeTest {
    private static final long WAIT_MILLIS = 60_000;

    /** Lease, detection and the stop itself take less than a second on a machine at leisure. */
    private static final long STOPPED_WITHIN_MILLIS = 5_000;

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void itStopsWhatNoLeaseGatesBeforeItHearsOfTheOthersAgain() throws IOException {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        try (LabCluster cluster = DemoCluster.build(HoldfastProgram.underTest())) {
            LabNode first = cluster.nodes().getFirst();
            LabNode other = cluster.peerOf(first);
            cluster.start(System.out::println);
            try {
                load(
                        cluster,
                        first,
                        "primitive lone ocf:pacemaker:Dummy op monitor interval=10s\n"
                                + "location lone-prefers lone 1000: "
                                + first.name()
                                + "\n");
                Waiting.until("lone runs on " + first, WAIT_MILLIS, () -> missing(first));

                first.host().isolate();
                long cutAt = System.nanoTime();
                Waiting.until(
                        "lone is stopped on " + first,
                        STOPPED_WITHIN_MILLIS,
                        () ->
                                missing(first).isPresent()
                                        ? Optional.empty()
                                        : Optional.of("it still runs"));
                System.out.println(
                        "stopped "
                                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cutAt)
                                + " ms after the cut");
                Waiting.until("lone runs on " + other, WAIT_MILLIS, () -> missing(other));
                assertThat(missing(first)).isPresent();

                first.host().rejoin();
                Waiting.until(
                        "lone runs once, and all say where",
                        WAIT_MILLIS,
                        () -> {
                            boolean here = missing(first).isEmpty();
                            String named = other.picture().nodeOf("lone").orElse("nobody");
                            String runs = here ? first.name() : other.name();
                            return here == missing(other).isPresent() && named.equals(runs)
                                    ? Optional.empty()
                                    : Optional.of("said to run on " + named);
                        });
            } catch (ProblemException | AssertionError e) {
                LabLogs.print(cluster.lab());
                throw e;
            }
        }
    }

    private static void load(LabCluster cluster, LabNode node, String crm) throws IOException {
        Path file = node.paths().etc().resolve("lone.crm");
        Files.writeString(file, crm);
        String output = cluster.run(node, "crm", "configure", "load", "update", file.toString());
        System.out.println(output.strip());
    }

    /** What is missing for the resource to run there, looked at from outside. */
    private static Optional<String> missing(LabNode node) {
        Path file = node.paths().run().resolve("agents/Dummy-lone.state");
        return Files.exists(file) ? Optional.empty() : Optional.of("there is no " + file);
    }
}
