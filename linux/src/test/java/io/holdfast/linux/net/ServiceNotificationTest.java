package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNotificationTest {
    @TempDir Path directory;

    private static String told(String name) {
        try (KernelSocket manager = KernelSocket.open(1, 2, 0, name, "")) {
            manager.bind(ServiceNotification.socketAddress(name));
            manager.setReceiveTimeoutMillis(5_000);
            ServiceNotification.to(name).send("READY=1\nSTATUS=up");
            ByteBuffer message = manager.receive(100);
            return StandardCharsets.UTF_8.decode(message).toString();
        }
    }

    @Test
    void aManagerWithASocketInTheFilesystemIsTold() {
        assertThat(told(directory.resolve("notify").toString())).isEqualTo("READY=1\nSTATUS=up");
    }

    @Test
    void aManagerWithAnAbstractSocketIsTold() {
        assertThat(told("@holdfast-" + UUID.randomUUID())).isEqualTo("READY=1\nSTATUS=up");
    }

    @Test
    void aManagerThatIsGoneIsAProblem() {
        ServiceNotification gone = ServiceNotification.to(directory.resolve("gone").toString());

        assertThatThrownBy(() -> gone.send("READY=1")).hasMessageContaining("gone");
    }

    @Test
    void aNameThatNoSocketCanHaveIsRefused() {
        assertThatThrownBy(() -> ServiceNotification.to("notify"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("NOTIFY_SOCKET");
        assertThatThrownBy(() -> ServiceNotification.to("/" + "x".repeat(107)))
                .isInstanceOf(ProblemException.class);
    }
}
