package io.holdfast.controller.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.core.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
    private static final NodeId NODE = new NodeId("a");
    private static final VolumeId VOLUME = new VolumeId("v");

    @TempDir Path directory;

    private static LogPosition at(long term, long sequence) {
        return new LogPosition(new Term(term), sequence);
    }

    private void writeTwoEntries() {
        try (StateStore store = StateStore.open(directory)) {
            store.append(
                    at(1, 1),
                    new LogEntry.TermInstalled(new Term(1), new TreeSet<>(List.of(NODE))));
            store.append(at(1, 2), new LogEntry.VolumePromoted(VOLUME, NODE, new Epoch(1)));
        }
    }

    private ClusterState reopened() {
        try (StateStore store = StateStore.open(directory)) {
            return store.state();
        }
    }

    @Test
    void entriesAreThereAfterARestart() {
        writeTwoEntries();

        ClusterState state = reopened();

        assertThat(state.position()).isEqualTo(at(1, 2));
        assertThat(state.volume(VOLUME).holder()).contains(NODE);
    }

    @Test
    void aSnapshotReplacesEntriesEvenWhenTheirSequencesAreHigher() throws IOException {
        writeTwoEntries();
        byte[] oldEntries = Files.readAllBytes(directory.resolve("entries.log"));
        ClusterState other =
                ClusterState.empty()
                        .replay(
                                at(2, 1),
                                new LogEntry.TermInstalled(
                                        new Term(2), new TreeSet<>(List.of(NODE))));
        try (StateStore store = StateStore.open(directory)) {
            store.replace(other);
        }
        // As if the machine stopped between renaming the snapshot and emptying the entries.
        Files.write(directory.resolve("entries.log"), oldEntries);

        assertThat(reopened()).isEqualTo(other);
    }

    private Path snapshot() {
        writeTwoEntries();
        try (StateStore store = StateStore.open(directory)) {
            store.replace(store.state());
        }
        return directory.resolve("state.log");
    }

    private void assertLeftAlone(Path file, byte[] damaged, String why) throws IOException {
        Files.write(file, damaged);
        assertThatThrownBy(() -> StateStore.open(directory))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("leave the files as they are");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void aDamagedSnapshotIsReportedAndLeftAlone() throws IOException {
        Path file = snapshot();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += 7) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            assertLeftAlone(file, damaged, "does not fit its checksum");
        }
    }

    @Test
    void everyTruncationOfASnapshotIsReportedAndLeftAlone() throws IOException {
        Path file = snapshot();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 5) {
            assertLeftAlone(
                    file, java.util.Arrays.copyOf(whole, length), "does not fit its checksum");
        }
        assertLeftAlone(
                file,
                java.util.Arrays.copyOf(whole, whole.length - 1),
                "does not fit its checksum");
    }

    @Test
    void entriesWithoutTheSnapshotTheyFollowAreReportedAndLeftAlone() throws IOException {
        Path file = snapshot();
        try (StateStore store = StateStore.open(directory)) {
            store.append(at(1, 3), new LogEntry.VolumeReleased(VOLUME, NODE, new Epoch(1)));
        }
        Files.delete(file);
        Path entries = directory.resolve("entries.log");

        assertLeftAlone(entries, Files.readAllBytes(entries), "entry 1.3 does not follow");
    }

    @Test
    void aTornLastLineIsCutOff() throws IOException {
        writeTwoEntries();
        Path entries = directory.resolve("entries.log");
        byte[] whole = Files.readAllBytes(entries);
        int firstLine =
                new String(whole, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int length = firstLine; length < whole.length; length++) {
            Files.write(entries, java.util.Arrays.copyOf(whole, length));

            assertThat(reopened().position()).isEqualTo(at(1, 1));
        }
    }

    @Test
    void aDamagedLineIsReportedAndLeftAlone() throws IOException {
        writeTwoEntries();
        Path entries = directory.resolve("entries.log");
        byte[] damaged = Files.readAllBytes(entries);
        damaged[20] ^= 1;
        Files.write(entries, damaged);

        assertThatThrownBy(() -> StateStore.open(directory))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("entries.log line 1")
                .hasMessageContaining("leave the files as they are");
        assertThat(Files.readAllBytes(entries)).isEqualTo(damaged);
    }
}
