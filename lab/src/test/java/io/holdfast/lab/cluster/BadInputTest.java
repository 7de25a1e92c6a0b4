package io.holdfast.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.ClusterPlan.Volume;
import io.holdfast.lab.scenario.DemoCluster;
import io.holdfast.lab.story.LabLogs;
import io.holdfast.lab.world.HostProcess;
import io.holdfast.lab.world.LabRequirements;
import io.holdfast.lab.writer.WriterProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What whole daemons do with a wrong key, with spoiled volume files, and with a full disk. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BadInputTest {
    private static final long WAIT_MILLIS = 60_000;
    private static final int PAGE_BYTES = 4096;

    /** SBC-4 4.7.3.6: DATA PROTECT, SPACE ALLOCATION FAILED WRITE PROTECT. */
    private static final String NO_ROOM = "sense key 7, code 2707";

    private LabCluster cluster;
    private LabNode server1;
    private LabNode server2;
    private Volume volume;

    @BeforeEach
    void aClusterThatIsNotStarted() {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        cluster = DemoCluster.build(HoldfastProgram.underTest());
        server1 = cluster.nodes().getFirst();
        server2 = cluster.nodes().getLast();
        volume = cluster.plan().volumes().getFirst();
    }

    @AfterEach
    void itIsGone() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aNodeWithAnotherAuthkeyNeverJoinsAndBothSidesAreToldWhatToDo() throws Exception {
        Path key = server2.paths().etc().resolve("authkey");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.write(key, new byte[256]);
        cluster.startWitness();
        cluster.nodes().forEach(LabNode::startDaemons);
        cluster.nodes().forEach(node -> node.awaitDaemons(WAIT_MILLIS));

        Waiting.until(
                "both nodes have said that the keys differ",
                WAIT_MILLIS,
                () ->
                        cluster.nodes().stream()
                                .filter(node -> !logOf(node, "clusterd").contains("authkey"))
                                .map(node -> node + " has said nothing")
                                .findFirst());
        Waiting.until(
                "server1 is quorate with the witness",
                WAIT_MILLIS,
                () ->
                        server1.status().view().quorate()
                                ? Optional.empty()
                                : Optional.of("it is not"));

        assertThat(logOf(server1, "clusterd")).contains("copy the authkey of a node that works");
        assertThat(logOf(server2, "clusterd")).contains("copy the authkey of a node that works");
        assertThat(server1.picture().members()).containsExactly("server1");
        assertThat(server2.picture().members()).doesNotContain("server1");
        assertThat(server2.status().view().quorate()).isFalse();
    }

    @Test
    void aBackingFileThatShrankOrIsDamagedIsRefusedAndLeftAsItIs() throws Exception {
        server1.startDaemon("storaged");
        Waiting.until(
                "storaged answers",
                WAIT_MILLIS,
                () -> {
                    server1.storageStatus();
                    return Optional.empty();
                });
        drbdadm("create-md");
        drbdadm("up");
        long dataBytes = dataBytes();
        drbdadm("down");
        Path file = cluster.backingFile(server1, volume);
        Path good = Files.copy(file, file.resolveSibling("good"));

        try (RandomAccessFile shrunk = new RandomAccessFile(file.toFile(), "rw")) {
            shrunk.setLength(volume.fileBytes() - (1 << 20));
        }
        assertRefusedAndUntouched(file);

        Files.delete(file);
        Files.copy(good, file);
        damageBothSuperblocks(file, dataBytes);
        assertRefusedAndUntouched(file);

        Files.delete(file);
        Files.copy(good, file);
        drbdadm("up");
    }

    /** What an administrator cannot see lies between the data and them. */
    private static void damageBothSuperblocks(Path file, long dataBytes) throws Exception {
        int copies = 0;
        byte[] magic = new byte[8];
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            for (long page = dataBytes; page < damaged.length(); page += PAGE_BYTES) {
                damaged.seek(page);
                damaged.readFully(magic);
                if (new String(magic, StandardCharsets.US_ASCII).equals("HOLDMETA")) {
                    copies++;
                    damaged.seek(page + 100);
                    int old = damaged.read();
                    damaged.seek(page + 100);
                    damaged.write(old ^ 0x10);
                }
            }
        }
        assertThat(copies).isEqualTo(2);
    }

    private void assertRefusedAndUntouched(Path file) throws Exception {
        byte[] before = digest(file);
        assertThatThrownBy(() -> drbdadm("up"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("metadata")
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining("To mend it");
        assertThat(digest(file)).isEqualTo(before);
    }

    /**
     * Room is only in memory here, so that it can run out: a small tmpfs that server1 alone sees.
     */
    @Test
    void aPrimaryWhoseDiskIsFullRefusesWritesUntilThereIsRoomAndLosesNone() throws Exception {
        Path disks = cluster.backingFile(server1, volume).resolveSibling("");
        onServer1("mount", "-t", "tmpfs", "-o", "size=16m", "none", disks.toString());
        for (Volume each : cluster.plan().volumes()) {
            onServer1("truncate", "-s", "64M", cluster.backingFile(server1, each).toString());
        }
        cluster.start(System.out::println);
        try (WriterProcess writer = cluster.startWriter(cluster.client(), volume, 1, 2048)) {
            writer.awaitReady(WAIT_MILLIS);
            awaitAcknowledgements(writer, System.nanoTime(), 50);
            assertThat(server1.picture().promotedNode(volume.promotableResource()))
                    .contains("server1");

            HostProcess filling =
                    server1.host()
                            .start(
                                    List.of(
                                            "dd",
                                            "if=/dev/zero",
                                            "bs=4096",
                                            "of=" + disks.resolve("fills-the-disk")),
                                    Map.of(),
                                    Optional.empty());
            assertThat(filling.readAll()).contains("No space left");

            Waiting.until(
                    "the client is told that there is no room",
                    WAIT_MILLIS,
                    () ->
                            writer.lastLines().stream().anyMatch(line -> line.contains(NO_ROOM))
                                    ? Optional.empty()
                                    : Optional.of(writer.lastLines().toString()));
            onServer1("rm", disks.resolve("fills-the-disk").toString());
            awaitAcknowledgements(writer, System.nanoTime(), 50);
            writer.pause(WAIT_MILLIS);
            WriterProcess.Verification read = writer.verify(WAIT_MILLIS);
            assertThat(read.damages()).isEmpty();
            assertThat(read.damaged()).isZero();
            assertThat(read.blocks()).isGreaterThan(100);
        } catch (ProblemException | AssertionError e) {
            LabLogs.print(cluster.lab());
            throw e;
        }
    }

    private void onServer1(String... command) throws InterruptedException {
        HostProcess process = server1.host().start(List.of(command), Map.of(), Optional.empty());
        String output = process.readAll();
        assertThat(process.waitFor(WAIT_MILLIS)).isTrue();
        assertThat(process.exitCode()).as(output).isZero();
    }

    private static void awaitAcknowledgements(WriterProcess writer, long sinceNanos, int count) {
        Waiting.until(
                count + " writes are acknowledged",
                WAIT_MILLIS,
                () -> {
                    long seen =
                            writer.timeline()
                                    .acknowledgementsBetween(sinceNanos, System.nanoTime());
                    return seen >= count
                            ? Optional.empty()
                            : Optional.of(seen + "; " + writer.lastLines());
                });
    }

    private void drbdadm(String verb) {
        String ignored = cluster.run(server1, "drbdadm", verb, volume.name());
    }

    private long dataBytes() {
        return server1.storageStatus().volumes().stream()
                .filter(v -> v.volume().name().equals(volume.name()))
                .mapToLong(VolumeStatus::sizeBytes)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] digest(Path file) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    }

    private static String logOf(LabNode node, String daemon) {
        try {
            return Files.readString(
                    node.host().root().resolve("var/log/holdfast").resolve(daemon + ".log"));
        } catch (IOException e) {
            return "";
        }
    }
}
