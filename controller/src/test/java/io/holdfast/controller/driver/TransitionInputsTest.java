package io.holdfast.controller.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransitionInputsTest {
    @TempDir Path root;

    @Test
    void theLastOnesAreKeptForTheirOwnerAlone() throws Exception {
        Path directory = root.resolve("inputs");
        Cib cib = Cib.empty();
        try (TransitionInputs inputs = new TransitionInputs(directory)) {
            for (int number = 9; number <= 10 + TransitionInputs.KEPT; number++) {
                inputs.keep(new Term(2), number, cib);
                await(directory.resolve("transition-2-" + number + ".xml"));
            }
        }
        Path last = directory.resolve("transition-2-" + (10 + TransitionInputs.KEPT) + ".xml");
        assertThat(Cib.parse(Files.readString(last))).isEqualTo(cib);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(last)))
                .isEqualTo("rw-------");
        awaitGone(directory.resolve("transition-2-10.xml"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(TransitionInputs.KEPT);
        }
    }

    private static void await(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s is written", file).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private static void awaitGone(Path file) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s is removed", file).isLessThan(deadline);
            Thread.sleep(1);
        }
    }
}
