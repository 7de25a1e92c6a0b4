package io.holdfast.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.FileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ChildProcessTest {
    @TempDir private Path directory;

    @Test
    void aChildHasTheFilesItIsGivenAndNoOthers() throws Exception {
        Path listing = directory.resolve("listing");
        try (FileDescriptor nowhere = FileDescriptor.open("/dev/null", 2, 0, "");
                FileDescriptor output =
                        FileDescriptor.open(
                                listing.toString(),
                                FileDescriptor.O_RDWR | FileDescriptor.O_CREAT,
                                0600,
                                "");
                PidDescriptor child =
                        PidDescriptor.open(
                                        ChildProcess.start(
                                                List.of("/bin/sh", "-c", "ls /proc/$$/fd"),
                                                List.of(nowhere, output, nowhere, output)))
                                .orElseThrow()) {
            assertThat(child.awaitEnd(Duration.ofSeconds(10))).isTrue();
            ChildProcess.forget(child.processId());
        }
        assertThat(Files.readAllLines(listing)).containsExactly("0", "1", "2", "3");
    }

    @Test
    void anOpenFileOfAnotherProcessCanBeShared() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        try (FileDescriptor nowhere = FileDescriptor.open("/dev/null", 2, 0, "");
                FileDescriptor held = FileDescriptor.open(file.toString(), 2, 0, "");
                PidDescriptor child =
                        PidDescriptor.open(
                                        ChildProcess.start(
                                                List.of("/bin/sh", "-c", "sleep 20"),
                                                List.of(nowhere, nowhere, nowhere, held)))
                                .orElseThrow()) {
            assumeTrue(isRoot(), "needs root (CAP_SYS_PTRACE)");
            try (FileDescriptor shared = child.share(3)) {
                assertThat(Path.of("/proc/self/fd/" + shared.number()).toRealPath())
                        .isEqualTo(file.toRealPath());
            }
            assertThat(child.kill()).isTrue();
            assertThat(child.awaitEnd(Duration.ofSeconds(10))).isTrue();
            ChildProcess.forget(child.processId());
        }
    }

    @Test
    void aProgramThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> ChildProcess.start(List.of("/no/such/program"), List.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("/no/such/program")
                .hasMessageContaining("ENOENT");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
