package io.holdfast.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NamespaceTest {
    @Test
    void aHostNameIsSeenInsideOnly() {
        String outside = hostName();
        try (Namespace machine = create(Namespace.Kind.HOST_NAME)) {
            machine.setHostName("server1");
            assertThat(machine.call(NamespaceTest::hostName)).isEqualTo("server1");
        }
        assertThat(hostName()).isEqualTo(outside);
    }

    @Test
    void anotherProcessEntersThroughThePath() throws Exception {
        try (Namespace machine = create(Namespace.Kind.HOST_NAME)) {
            machine.setHostName("witness");
            Process process =
                    new ProcessBuilder("nsenter", "--uts=" + machine.path(), "uname", "-n")
                            .redirectErrorStream(true)
                            .start();
            assertThat(process.inputReader().readLine()).isEqualTo("witness");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void whatFailsInsideFailsOutside() {
        try (Namespace machine = create(Namespace.Kind.NETWORK)) {
            assertThatThrownBy(
                            () ->
                                    machine.call(
                                            () -> {
                                                throw new IllegalArgumentException("inside");
                                            }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("inside");
        }
    }

    private static Namespace create(Namespace.Kind kind) {
        try {
            return Namespace.create(kind);
        } catch (ProblemException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
