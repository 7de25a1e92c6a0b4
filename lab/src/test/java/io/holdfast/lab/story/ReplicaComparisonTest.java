package io.holdfast.lab.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaComparisonTest {
    private static final int BYTES = 3 << 20;

    @TempDir private Path folder;

    @Test
    void equalDataIsEqualWhateverTheMetadataBehindIt() throws Exception {
        Path one = file("one", BYTES - 1, (byte) 1);
        Path other = file("other", BYTES - 1, (byte) 2);
        assertThat(ReplicaComparison.firstDifference(one, other, BYTES - 4096)).isEmpty();
        assertThat(ReplicaComparison.firstDifference(one, other, BYTES)).hasValue(BYTES - 1);
    }

    @Test
    void theFirstDifferentByteIsNamed() throws Exception {
        Path one = file("one", 2_500_000, (byte) 1);
        Path other = file("other", 2_500_000, (byte) 0);
        assertThat(ReplicaComparison.firstDifference(one, other, BYTES)).hasValue(2_500_000);
    }

    @Test
    void aFileThatIsTooShortIsAProblem() throws Exception {
        Path one = file("one", 0, (byte) 0);
        assertThatThrownBy(() -> ReplicaComparison.firstDifference(one, one, BYTES + 1))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("ends at byte " + BYTES);
    }

    private Path file(String name, int position, byte value) throws Exception {
        byte[] content = new byte[BYTES];
        content[position] = value;
        return Files.write(folder.resolve(name), content);
    }
}
